"""Builders for the mail tests: Northshire's mail channel, raw mails as the door keeps them, small mails as bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from channels.contract import Address, AddressClass, DeliveryReport, Inbound, Outgoing, RawMessage
from channels.email import Email
from channels.email.own import Own
from channels.email.proof import Border, Names, NotAnswered, SenderChecks
from channels.email.signing import Signing

MAILBOX = "referrals@northshire.example"
SENDER = "jo@school.example.org"
KEY = b"a key of thirty-two bytes, no more"
OWN = Own(mailboxes=(MAILBOX, "mash@northshire.example"), mail_from=MAILBOX, loop_key=KEY)
NOTICE_ID = "0c0f4c4e-5a5e-4d5e-9d0a-1b1b6a2f7c11"
SAMPLES = Path(__file__).parents[2] / "samples" / "email"


def email_channel(
    *, listen: str = "127.0.0.1:0", relay: str | None = None, max_bytes: int = 1_000_000, border: Border | None = None,
    checks: SenderChecks | None = None, signing: Signing | None = None,
) -> Email:  # fmt: skip
    return Email(
        mailboxes=OWN.mailboxes, listen=listen, relay=relay, mail_from=OWN.mail_from, organisation="Northshire Council",
        hostname="mx.northshire.example", loop_key=KEY, max_bytes=max_bytes, border=border, checks=checks,
        signing=signing,
    )  # fmt: skip


def a_mail(body: str | bytes = "Please check on the children next door.", /, **fields: str) -> bytes:
    """A mail with usual fields; ``Auto_Submitted="auto-replied"`` adds or replaces one, an empty value drops it."""
    usual = {
        "From": f"Jo Example <{SENDER}>",
        "To": MAILBOX,
        "Subject": "A worry",
        "Message-ID": "<1@school.example.org>",
    }
    usual |= {name.replace("_", "-"): value for name, value in fields.items()}
    header = "".join(f"{name}: {value}\r\n" for name, value in usual.items() if value)
    return header.encode() + b"\r\n" + (body if isinstance(body, bytes) else body.encode())


def as_kept(body: bytes, *, mail_from: str = SENDER, rcpt_to: str = MAILBOX) -> RawMessage:
    envelope = {"mail_from": mail_from, "rcpt_to": rcpt_to, "peer": "192.0.2.7:4711", "helo": "mail.school.example.org"}
    return RawMessage(channel="email", source_key="k", body=body, media_type="message/rfc822", envelope=envelope)


def read(body: bytes, *, mail_from: str = SENDER, rcpt_to: str = MAILBOX) -> Inbound:
    inbound = email_channel().parse(as_kept(body, mail_from=mail_from, rcpt_to=rcpt_to))
    assert isinstance(inbound, Inbound)
    return inbound


async def read_behind(border: Border, body: bytes, *, mail_from: str = SENDER) -> Inbound:
    """As it is read where mail comes in by a border server that says what it found out."""
    checks = SenderChecks(names=Names(nobody_answers), known_as=lambda _: "", border=border)
    channel = email_channel(border=border, checks=checks)
    inbound = channel.parse(await channel.prove(as_kept(body, mail_from=mail_from)))
    assert isinstance(inbound, Inbound)
    return inbound


def nobody_answers(name: str, kind: str, seconds: float) -> Sequence[bytes]:
    """A name service that is away."""
    raise NotAnswered


def read_report(body: bytes, *, mail_from: str = "<>", rcpt_to: str = MAILBOX) -> DeliveryReport:
    report = email_channel().parse(as_kept(body, mail_from=mail_from, rcpt_to=rcpt_to))
    assert isinstance(report, DeliveryReport)
    return report


def sample(name: str) -> bytes:
    """A sample with the line ends of the wire, whatever git made of them."""
    return (SAMPLES / name).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def a_notice(
    *, address: str = SENDER, kind: AddressClass = AddressClass.EMAIL, notice_id: str = NOTICE_ID,
    subject: str = "We have your message - KMR-4729-HX", text: str = "Thank you.\nYour reference is KMR-4729-HX.",
    html: str = "", reply_handle: Mapping[str, str] | None = None,
) -> Outgoing:  # fmt: skip
    return Outgoing(
        notice_id=notice_id, reference="KMR-4729-HX", kind="receipt", address=Address(kind=kind, value=address),
        text=text, subject=subject, html=html, reply_handle=reply_handle or {},
        data={"kind": "receipt", "reference": "KMR-4729-HX", "read_by": "2026-11-24T10:15:00Z"},
        written_at=datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
    )  # fmt: skip

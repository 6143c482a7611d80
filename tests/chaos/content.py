"""The bytes of every message of the load, made from its number and its draw alone."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from urllib.parse import urlencode

from tests.chaos.plan import PlannedMessage

MAILBOX = "referrals@northshire.example"
SPOKEN = "The boy at the blue door has a bruise and cries at night."
MACHINE = ("auto-replied", "auto-generated", "null-sender", "bulk", "list", "vacation", "bounce")
POISON = ("random-bytes", "broken-mime", "broken-pdf", "zip-bomb", "nuls", "one-long-line", "deep-mime")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail as a mail server sends it; ``content`` is what DATA carries, dots not doubled."""

    sender: str
    message_id: str
    content: bytes
    marker: str
    kind: str


def marker_of(message: PlannedMessage) -> str:
    """A word that only this message has, made of letters no language and no reference of ours puts together."""
    return "q" + "".join("bcdfghjklm"[int(digit)] for digit in f"{message.number:07d}") + "zx"


def address_of(number: int) -> str:
    """The address of one sender; every message has one of its own, in many domains."""
    return f"sender{number}@household{number % 997}.example.org"


def number_of(number: int) -> str:
    """A mobile number of those set aside for stories; they come round every thousand messages."""
    return f"+447700900{number % 1000:03d}"


def a_mail(message: PlannedMessage) -> Mail:
    """A mail of a person: plain, with a small or a large file, or without any subject."""
    chance, marker = random.Random(message.draw), marker_of(message)
    mail = _headed(message)
    mail.set_content(f"{SPOKEN}\n\nMy word is {marker}.\n")
    if chance.random() < 0.15:
        size = chance.choice((2_000, 20_000, 150_000))
        mail.add_attachment(chance.randbytes(size), maintype="image", subtype="png", filename="photo.png")
    return _sent(message, mail, "person")


def a_machine_mail(message: PlannedMessage, *, kind: str) -> Mail:
    """A mail that no person wrote, and that no machine may answer."""
    mail = _headed(message)
    mail.set_content(f"This is an automatic message. {marker_of(message)}\n")
    if kind in ("auto-replied", "auto-generated"):
        mail["Auto-Submitted"] = kind
    elif kind == "bulk":
        mail["Precedence"] = "bulk"
    elif kind == "list":
        mail["List-Id"], mail["List-Unsubscribe"] = "<news.example.org>", "<mailto:leave@example.org>"
        mail["Precedence"] = "list"
    sent = _sent(message, mail, kind)
    return sent if kind != "null-sender" else Mail(**{**vars(sent), "sender": ""})


def a_vacation(message: PlannedMessage, *, answered: EmailMessage) -> Mail:
    """An out-of-office note that answers one of our notices."""
    mail = _headed(message, subject=f"Automatic reply: {answered['Subject']}")
    mail["Auto-Submitted"], mail["In-Reply-To"] = "auto-replied", str(answered["Message-ID"])
    mail["References"] = str(answered["Message-ID"])
    mail.set_content(f"I am away until Monday. {marker_of(message)}\n")
    return _sent(message, mail, "vacation")


def a_bounce(message: PlannedMessage, *, returned: EmailMessage, recipient: str) -> Mail:
    """A report that one of our notices could not be delivered (RFC 3464)."""
    boundary = f"part-{marker_of(message)}"
    status = f"Reporting-MTA: dns; relay.example.org\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\n"
    status += "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such mailbox\r\n"
    header = f"Message-ID: {returned['Message-ID']}\r\nSubject: Returned\r\n"
    parts = [("text/plain", "It could not be delivered.\r\n"), ("message/delivery-status", status)]
    parts.append(("text/rfc822-headers", header))
    body = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    head = "From: Mail Delivery <mailer-daemon@example.org>\r\nAuto-Submitted: auto-replied\r\n"
    head += f"Message-ID: <bounce{message.number}@example.org>\r\nMIME-Version: 1.0\r\nSubject: Undeliverable\r\n"
    head += f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n\r\n'
    content = (head + body + f"--{boundary}--\r\n").encode()
    return Mail(
        sender="", message_id=f"<bounce{message.number}@example.org>", content=content, marker="", kind="bounce"
    )


def a_poison_mail(message: PlannedMessage) -> Mail:
    """A mail meant to break whoever reads it; it never breaks whoever keeps it."""
    chance = random.Random(message.draw)
    kind = chance.choice(POISON)
    head = (
        f"From: {address_of(message.number)}\r\nTo: {MAILBOX}\r\nMessage-ID: <poison{message.number}@example.org>\r\n"
    )
    content = head.encode() + _poison(kind, chance)
    if kind == "random-bytes":
        content = chance.randbytes(3000)
    return Mail(
        sender=address_of(message.number), message_id=f"<poison{message.number}@example.org>",
        content=as_transmitted(content), marker="", kind=kind,
    )  # fmt: skip


def a_form(message: PlannedMessage, token: str) -> bytes:
    """A posted report; every third leaves a mail address."""
    fields = {"concern": f"{SPOKEN} {marker_of(message)}", "token": token}
    if message.number % 3 == 0:
        fields |= {"contact_email": address_of(message.number), "safe_email": "yes"}
    return urlencode(fields).encode()


def a_note(message: PlannedMessage) -> bytes:
    """A call taker's note, with an id of its own so that saving it twice is one note."""
    words = {"text": f"A neighbour rang: {SPOKEN} {marker_of(message)}", "note_id": f"note-{message.number}"}
    return json.dumps(words).encode()


def a_letter(message: PlannedMessage) -> tuple[str, bytes]:
    """The name and the bytes of a scan; a third of them broken."""
    chance = random.Random(message.draw)
    body = b"%PDF-1.4\n" + marker_of(message).encode() + b"\n" + chance.randbytes(chance.choice((300, 30_000, 90_000)))
    ends = b"\n%%EOF\n" if message.number % 3 else b""
    return f"scan{message.number}.pdf", body + ends


def as_transmitted(content: bytes) -> bytes:
    """What DATA carries: every line ended by CRLF, the last one too."""
    lines = re.sub(rb"\r\n|\n|\r(?!\n)", b"\r\n", content)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _headed(message: PlannedMessage, subject: str = "") -> EmailMessage:
    mail = EmailMessage(policy=AS_SENT)
    mail["From"], mail["To"] = address_of(message.number), MAILBOX
    mail["Message-ID"], mail["Subject"] = f"<load{message.number}@example.org>", subject or "Worried about a boy"
    mail["Date"] = "Mon, 23 Nov 2026 10:15:00 +0000"
    return mail


def _sent(message: PlannedMessage, mail: EmailMessage, kind: str) -> Mail:
    content = as_transmitted(_with_fixed_boundary(mail, message))
    return Mail(
        sender=address_of(message.number), message_id=str(mail["Message-ID"]), content=content,
        marker=marker_of(message), kind=kind,
    )  # fmt: skip


def _with_fixed_boundary(mail: EmailMessage, message: PlannedMessage) -> bytes:
    """The library draws boundaries from a generator of its own; the same seed must give the same bytes."""
    if mail.is_multipart():
        mail.set_boundary(f"part-{marker_of(message)}")
    return bytes(mail)


def _poison(kind: str, chance: random.Random) -> bytes:
    if kind == "broken-mime":
        head = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
        return head + b"--x\r\nContent-Type: text/plain; charset=\xff\r\n\r\n--y"
    if kind == "nuls":
        return b"Subject: a\0b\r\n\r\n" + b"\0 child \0" * 500
    if kind == "one-long-line":
        return b"Subject: long\r\n\r\n" + b"x" * 5_000_000
    if kind == "deep-mime":
        deep = (f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(400))
        return "".join(deep).encode()
    body = _zip_bomb() if kind == "zip-bomb" else b"%PDF-1.7\nbroken" + chance.randbytes(500)
    mail = EmailMessage(policy=AS_SENT)
    mail.add_attachment(body, maintype="application", subtype="zip" if kind == "zip-bomb" else "pdf", filename="a.bin")
    mail.set_boundary("poisoned")
    return bytes(mail)


def _zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), b"\0" * 20_000_000)
    return packed.getvalue()

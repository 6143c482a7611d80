"""Mails as they come in by the door, read by a gateway without doors, and what is kept of them."""

from __future__ import annotations

import itertools
from email.message import EmailMessage

from sqlmodel import select

from channels.email.own import Own
from gateway.core import Core
from storage import audit, referral
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral
from tests.builders import a_message, read_all

MAILBOX = "referrals@northshire.example"
JO, STRANGER = "jo@example.org", "somebody@example.com"
_numbers = itertools.count(1)


def own_of(core: Core) -> Own:
    """What makes a mail recognisably one of this gateway's."""
    return Own(mailboxes=(MAILBOX,), mail_from=MAILBOX, loop_key=core.seal.key_for("mail loop mark"))


def a_mail(words: str = "", *, sender: str = JO, **fields: str) -> EmailMessage:
    """A mail of its own thread; ``In_Reply_To="<1@example.org>"`` adds or replaces a field."""
    number, mail = next(_numbers), EmailMessage()
    given = {"From": sender, "To": MAILBOX, "Message-ID": f"<m{number}@mail.example.org>", "Subject": "A worry"}
    for name, value in (given | {name.replace("_", "-"): value for name, value in fields.items()}).items():
        mail[name] = value
    mail.set_content(words or f"Somebody should look, number {number}")
    return mail


async def comes_in(core: Core, mail: EmailMessage | bytes, *, sender: str = JO, to: str = MAILBOX) -> Message:
    """The mail once it has been read."""
    body = mail if isinstance(mail, bytes) else mail.as_bytes()
    envelope = {"mail_from": sender, "rcpt_to": to}
    raw = a_message(body, channel="email", media_type="message/rfc822", envelope=envelope)
    receipt = await core.intake.accept(raw)
    await read_all(core)
    with core.database.reading() as session:
        return session.exec(select(Message).where(Message.reference == receipt.reference)).one()


def sent(core: Core, **found_by: object) -> Notice:
    """The one notice that answers this description, once the relay has taken it."""
    with core.database.transaction() as session:
        row = session.exec(select(Notice).filter_by(**found_by)).one()
        core.delivery.sent(row, core.clock())
        row.provider_id, row.limit_at = own_of(core).message_id(row.id), None
        session.add(row)
        session.flush()
        session.expunge(row)
    return row


def of(core: Core, message: Message) -> Referral:
    """The referral a message ended in."""
    with core.database.reading() as session:
        found = referral.by_id(session, message.referral_id or 0)
    assert found is not None
    return found


def notices(core: Core, **found_by: object) -> list[Notice]:
    """Every notice that answers this description, the oldest first."""
    with core.database.reading() as session:
        rows = list(session.exec(select(Notice).filter_by(**found_by)))
    return sorted(rows, key=lambda row: (row.created_at, row.id))


def tasks(core: Core) -> list[str]:
    """Why somebody owes something."""
    return [row.reason or "" for row in notices(core, kind="staff_task", state="owed")]


def history(core: Core, row: Referral) -> list[str]:
    """What was noted of a referral."""
    with core.database.reading() as session:
        return [each.what for each in audit.of_referrals(session, [row.id or 0])]

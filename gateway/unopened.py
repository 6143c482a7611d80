"""What of a mail proved to be locked only when its files were read: whom that concerns is told, once for each mail."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage import message, referral, work
from storage.attachment import Attachment
from storage.message import Message

ASK = "ask"
"""The step of the reading queue that has the sender of a mail asked, unless that is a machine."""


def tell_locked(session: Session, part: Attachment, now: datetime) -> None:
    """Makes ``ASK`` due for the mail of this file, unless it once was; nothing for what came another way."""
    if part.channel != "email":
        return
    referral.by_id(session, part.referral_id, lock=True)  # two files of one mail may be read at the same time
    once = f"locked:{part.message_id}"
    if work.state_of(session, once) is None:
        work.enqueue(session, "reading", ASK, part.message_id, at=now, dedupe=once)


def came_before(session: Session, mail: Message) -> bool:
    """Whether the same mail had come already, by another way."""
    known = message.of_referrals(session, [mail.referral_id or 0]) if mail.thread_id else []
    return any(
        each.thread_id == mail.thread_id and each.text == mail.text and (each.ledger_no or 0) < (mail.ledger_no or 0)
        for each in known
    )

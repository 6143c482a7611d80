"""What somebody with a reference and its code may learn: one of four words, and nothing of the concern."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session, col, select

from gateway import promised
from storage.message import Message
from storage.referral import State


class Progress(StrEnum):
    """The four words."""

    RECEIVED = "received"
    READ = "read"
    QUESTION = "question"
    FINISHED = "finished"


PROGRESS = {
    State.RECEIVED: Progress.RECEIVED,
    State.IN_TRIAGE: Progress.READ,
    State.AWAITING_INFORMATION: Progress.QUESTION,
    State.DECIDED: Progress.READ,
    State.CLOSED: Progress.FINISHED,
    State.REOPENED: Progress.READ,
}


def progress_of(session: Session, reference: str) -> Progress | None:
    """How far it is with what was given this reference at the door; None if no message was.

    A message that joined an older referral shares its progress.
    """
    row = promised.referral_of(session, [reference])
    if row is not None:
        return PROGRESS[State(row.state)]
    told = promised.every(session, [reference])
    is_kept = session.exec(select(Message.id).where(col(Message.reference).in_(told)).limit(1)).first()
    return Progress.RECEIVED if is_kept else None

"""Which channels cannot send for a reason an operator must mend, as the queue itself tells: for health and doctor."""

from __future__ import annotations

from sqlmodel import Session, col, select, text

from channels.contract import SendError, SendFailed
from storage.work import Work

SEPARATOR = "|"


def why_in_words(channel: str, error: SendFailed) -> str:
    """What stands at a row of work that waits for this: ``not set up|sms|the provider does not accept ...``."""
    return SEPARATOR.join((error.error, channel, error.reason))


def not_set_up(session: Session) -> list[str]:
    """One line a channel, such as "sending by sms: the provider does not accept our credentials"; empty when well.

    Every process that reads the database gives the same answer; a line goes when its notices have gone out.
    """
    prefix = f"{SendError.NOT_SET_UP}{SEPARATOR}"
    query = select(Work.last_error).where(
        Work.queue == "notifying", text("state = 'open'"), col(Work.last_error).startswith(prefix)
    )
    found = sorted(set(session.exec(query)))
    parts = (line.split(SEPARATOR, 2) for line in found)
    return [f"sending by {channel}: {reason}" for _, channel, reason in parts]

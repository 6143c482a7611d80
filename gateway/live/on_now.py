"""Which calls are on now, as staff may see them: never who rings, only from what kind of number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from channels.streams.whole import as_wav, whole
from storage import capture
from storage.capture import Capture, CaptureState
from storage.message import Message
from storage.referral import Referral
from storage.sealing import Seal
from storage.stream_sound import pieces_of

SHOWN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call; ``reference`` once it has one."""

    id: str
    caller: str
    began_at: datetime
    ended_at: datetime | None
    words: str
    note: str
    reference: str | None

    @property
    def is_on(self) -> bool:
        """Whether somebody is still on the line."""
        return self.ended_at is None


def calls(session: Session, now: datetime) -> list[Call]:
    """Those that are on, the longest first, then those that ended a few minutes ago, the last first."""
    on, over = capture.running(session, now), capture.just_ended(session, now - SHOWN_AFTER)
    references = _references(session, [row.conversation for row in (*on, *over)])
    return [_call(row, references) for row in (*on, *over)]


def of_referral(session: Session, referral_id: int, now: datetime) -> Capture | None:
    """The call of this referral, if it is on now."""
    on = capture.running(session, now)
    if not on:
        return None
    talks = set(session.exec(select(Message.conversation).where(Message.referral_id == referral_id)))
    return next((row for row in on if row.conversation in talks), None)


def sound_so_far(folder: Path, seal: Seal, name: str) -> bytes:
    """As a WAV file; raises FileNotFoundError where another host keeps it, or none does any more."""
    _, *pieces = pieces_of(folder, seal, name)
    return as_wav(whole((piece.at, piece.sound) for piece in pieces).sound)


def _call(row: Capture, references: dict[str, str]) -> Call:
    over = row.ended_at if row.state != CaptureState.LIVE else None
    return Call(
        id=row.id, caller=row.caller, began_at=row.began_at, ended_at=over, words=row.words, note=row.words_note,
        reference=references.get(row.conversation),
    )  # fmt: skip


def _references(session: Session, conversations: Sequence[str]) -> dict[str, str]:
    query = select(Message.conversation, Referral.reference).join(Referral, col(Referral.id) == Message.referral_id)
    rows = session.exec(query.where(col(Message.conversation).in_(conversations)))
    return {str(conversation): reference for conversation, reference in rows}

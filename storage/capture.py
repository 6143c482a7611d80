"""One stream of a call's sound: whether it is running, what is known of it, and the words heard so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, literal, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, new_id
from storage.message import Message
from storage.referral import Referral

STILL_THERE = timedelta(seconds=60)


class CaptureState(StrEnum):
    """How far it is."""

    LIVE = "live"
    ENDED = "ended"  # its sound lies in a sealed file of its host
    KEPT = "kept"  # as a part of the call's referral


class Capture(SQLModel, table=True):
    """An index of streams for the desk; the sound itself and its facts lie in the sealed file ``id`` of ``host``.

    ``caller`` is the class of the caller's number, never the number. ``heard_at`` moves while its process lives.
    ``words`` are those of the first ``words_until`` seconds, while it runs; ``gaps`` and ``seconds`` count at its end.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    stream: str = Field(index=True)
    conversation: str = Field(index=True)
    host: str
    caller: str
    state: str = Field(default=CaptureState.LIVE, index=True)
    began_at: datetime = Field(sa_type=UtcDateTime)
    heard_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seconds: float = 0.0
    gaps: int = 0
    words: str = ""
    words_until: float = 0.0
    words_note: str = ""


def running(session: Session, now: datetime) -> list[Capture]:
    """The calls that are on now, the longest first; one whose host has fallen silent is not."""
    query = select(Capture).where(Capture.state == CaptureState.LIVE, col(Capture.heard_at) > now - STILL_THERE)
    return list(session.exec(query.order_by(col(Capture.began_at), col(Capture.id))))


def just_ended(session: Session, since: datetime) -> list[Capture]:
    """Those that ended since then, the last first."""
    query = select(Capture).where(Capture.state != CaptureState.LIVE, col(Capture.ended_at) > since)
    return list(session.exec(query.order_by(col(Capture.ended_at).desc(), col(Capture.began_at).desc())))


def is_refused(session: Session, conversation: str, *, noted: str) -> bool:
    """Whether the caller of this call said that they do not want to be recorded.

    While a call is on its refusal is kept and not read yet: the key of a message that says so ends in ``noted``.
    """
    query = select(Message.id).join(Referral, col(Message.referral_id) == col(Referral.id), isouter=True)
    says_so = or_(col(Referral.recording_refused), col(Message.source_key).endswith(noted, autoescape=True))
    return session.exec(query.where(Message.conversation == conversation, says_so).limit(1)).first() is not None


def catch_up(session: Session, channel: str) -> None:
    """Streams whose message is kept are so, whatever their process came to before it could say that."""
    kept = exists().where(
        col(Message.channel) == channel, col(Message.source_key) == literal("stream:").concat(col(Capture.stream))
    )
    values = {"state": CaptureState.KEPT, "words": "", "words_note": ""}
    session.execute(update(Capture).where(col(Capture.state) != CaptureState.KEPT, kept).values(values))


def still_heard(session: Session, ids: Sequence[str], now: datetime) -> None:
    """These are running still."""
    session.execute(update(Capture).where(col(Capture.id).in_(ids)).values(heard_at=now))

"""The versions of a part's words: each reading by machine and each correction by a person, none written over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.attachment import Attachment
from storage.columns import UtcDateTime, locked, new_id

MACHINE = "frontdoor"


class Transcript(SQLModel, table=True):
    """One version of the words of a part. ``made_by`` is ``frontdoor`` or who typed it; ``engine`` is empty then.

    ``segments`` is JSON as ``Attachment.segments``; ``pages`` the shapes of the pages they stand on, as lists in the
    order of ``PageShape``; ``seconds`` how long a recording plays.
    """

    __table_args__ = (UniqueConstraint("attachment_id", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    attachment_id: str
    version: int
    engine: str = ""
    model: str = ""
    language: str = ""
    language_confidence: float | None = None
    text: str = ""
    segments: str = "[]"
    pages: str = "[]"
    translation: str = ""
    confidence: float | None = None
    note: str = ""
    seconds: float | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str = MACHINE
    checked_by: str = ""
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class HeardSoFar(SQLModel, table=True):
    """What has been heard of a long recording until it is finished, so that a crash does not begin it anew."""

    __tablename__ = "heard_so_far"

    attachment_id: str = Field(primary_key=True)
    begun: str
    kept_at: datetime = Field(sa_type=UtcDateTime)


def of_parts(session: Session, part_ids: Sequence[str]) -> list[Transcript]:
    """Every version of some parts, the oldest of each first; the many times of their words only once asked for."""
    if not part_ids:
        return []
    query = select(Transcript).where(col(Transcript.attachment_id).in_(part_ids))
    query = query.options(defer(col(Transcript.segments)))  # type: ignore[arg-type]
    return list(session.exec(query.order_by(col(Transcript.version))))


def to_be_shown(versions: Sequence[Transcript]) -> Transcript | None:
    """Of the versions of one part the last that a person vouches for, else the last."""
    checked = [one for one in versions if one.checked_at]
    return max(checked or versions, key=lambda one: one.version, default=None)


def held(session: Session, part_id: str) -> Attachment:
    """The part, held until the transaction ends, so that two versions of it never get one number."""
    return session.exec(locked(select(Attachment).where(Attachment.id == part_id))).one()


def next_version(session: Session, part_id: str) -> int:
    """The number of a part's next version, from 1."""
    last = session.exec(select(func.max(Transcript.version)).where(Transcript.attachment_id == part_id)).one()
    return (last or 0) + 1


def heard_so_far(session: Session, part_id: str) -> str:
    """What was kept of a recording that has been begun; empty if nothing was."""
    row = session.get(HeardSoFar, part_id)
    return row.begun if row else ""


def keep_heard(session: Session, part_id: str, begun: str, at: datetime) -> None:
    """In place of what was kept before."""
    session.merge(HeardSoFar(attachment_id=part_id, begun=begun, kept_at=at))


def forget_heard(session: Session, part_id: str) -> None:
    """It is finished, or will not be."""
    if row := session.get(HeardSoFar, part_id):
        session.delete(row)

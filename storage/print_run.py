"""Print runs: the letters that a clerk prints, puts in envelopes and posts together."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.columns import UtcDateTime, new_id
from storage.notice import Notice


class PrintRun(SQLModel, table=True):
    """One run. ``letters`` is how many it was made of; the letters themselves name it (``Notice.run_id``)."""

    __tablename__ = "print_run"

    id: str = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    letters: int
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)
    made_by: str
    posted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def letters_of(session: Session, run_id: str) -> list[Notice]:
    """The letters of a run, in the order they are printed."""
    query = select(Notice).where(Notice.run_id == run_id)
    return list(session.exec(query.order_by(col(Notice.created_at), col(Notice.id))))

"""Letters to be posted, and the runs in which they are printed, one after the other, with a list of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.columns import UtcDateTime, locked, new_id
from storage.notice import TO_POST, Notice

LARGEST = 2**31 - 1


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
    return list(session.exec(query.order_by(col(Notice.run_place), col(Notice.id))))


def by_number(session: Session, number: int) -> PrintRun | None:
    """One run; None, and nothing is asked of the database, where no run can have that number."""
    if not 0 < number <= LARGEST:
        return None
    return session.exec(select(PrintRun).where(PrintRun.number == number)).first()


def shown(session: Session, *, limit: int) -> list[tuple[PrintRun, int]]:
    """Every run that is not posted yet, with how many of its letters are not, and of the others those made last."""
    left = select(Notice.run_id, func.count()).where(TO_POST, col(Notice.run_id).is_not(None)).group_by(Notice.run_id)
    unposted = dict(session.exec(left).all())
    recent = select(PrintRun.id).order_by(col(PrintRun.number).desc()).limit(limit)
    ids = {*unposted, *session.exec(recent)}
    runs = session.exec(select(PrintRun).where(col(PrintRun.id).in_(ids)).order_by(col(PrintRun.number).desc()))
    return [(run, unposted.get(run.id, 0)) for run in runs]


def last_number(session: Session) -> int:
    """The number of the run that was made last; nought before the first."""
    return session.exec(select(func.max(PrintRun.number))).one() or 0


def to_post(session: Session, *, limit: int) -> list[Notice]:
    """Letters printed here that nobody has marked posted, what is due first first; those in a run among them."""
    return list(session.exec(select(Notice).where(TO_POST).order_by(col(Notice.due_at), col(Notice.id)).limit(limit)))


def to_print(session: Session, *, limit: int) -> list[Notice]:
    """Of those, the ones that are in no run yet."""
    query = select(Notice).where(TO_POST, col(Notice.run_id).is_(None))
    return list(session.exec(query.order_by(col(Notice.due_at), col(Notice.id)).limit(limit)))


def held_to_print(session: Session, ids: Sequence[str]) -> dict[str, Notice]:
    """Those of them that are still in no run, held until the transaction ends."""
    query = select(Notice).where(col(Notice.id).in_(ids), TO_POST, col(Notice.run_id).is_(None))
    return {row.id: row for row in session.exec(locked(query.order_by(col(Notice.id))))}


def count_to_post(session: Session, most: int, *, due_before: datetime | None = None) -> int:
    """How many letters wait to be posted, counted no further than ``most``."""
    query = select(Notice.id).where(TO_POST)
    if due_before is not None:
        query = query.where(col(Notice.due_at) < due_before)
    return session.exec(select(func.count()).select_from(query.limit(most).subquery())).one()

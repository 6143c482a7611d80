"""The queue in working order, what is overdue apart from the rest, and how many there are of what staff look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Session, SQLModel, col, select

from storage import direct
from storage.message import UNREAD
from storage.queue_choice import Choice, Condition
from storage.referral import UNWANTED, Referral

RUNGS = 6
"""Of the ladder: each stretch of an index is asked for by itself, so that the rest of it need not be walked."""
COUNTED_TO = 2000
FEW = 500
OPEN = Condition(sql="state <> 'closed'")
_TABLE = SQLModel.metadata.tables["referral"]
_CHOSEN_BY = ("channel", "severity", "state", "kind", "owner")
for _name, _columns in (
    ("referral_queue", (text("ladder DESC"), "due_at", "id", *_CHOSEN_BY, "child_known")), ("referral_due", ("due_at",)),
    *((f"referral_{each}", (each, "ladder", "due_at", "id")) for each in _CHOSEN_BY),
):  # fmt: skip
    _parts = (_TABLE.c[each] if isinstance(each, str) else each for each in _columns)
    Index(_name, *_parts, sqlite_where=text(OPEN.sql), postgresql_where=text(OPEN.sql))


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Of what is open; one further than ``COUNTED_TO``, and those after ``overdue`` one further than ``FEW``, at most.

    ``still_today``: not overdue and due before the day ends.
    """

    open: int
    overdue: int
    nobodys: int
    unrated: int
    red: int
    still_today: int
    waiting: int
    perhaps_spam: int


def overdue(session: Session, now: datetime, *, limit: int, offset: int = 0) -> list[Referral]:
    """What has run out of time: what has climbed highest first, then the longest late."""
    return _rows(session, OPEN.and_("due_at < ?", now), limit, offset)


def in_time(session: Session, choice: Choice, now: datetime, *, limit: int, offset: int = 0) -> list[Referral]:
    """What is chosen of the rest: what has climbed highest first, then the least time left."""
    return _rows(session, choice.condition().and_("due_at >= ?", now), limit, offset)


def overdue_up_to(session: Session, now: datetime, most: int, *, choice: Choice | None = None) -> int:
    """How many are overdue, or are overdue and chosen, counted no further than ``most``."""
    chosen = (choice.condition() if choice else OPEN).and_("due_at < ?", now)
    return _count(session, chosen, most)


def in_time_up_to(session: Session, choice: Choice, now: datetime, most: int) -> int:
    """How many of the rest are chosen, counted no further than ``most``."""
    return _count(session, choice.condition().and_("due_at >= ?", now), most)


def counts(session: Session, now: datetime, *, day_ends: datetime) -> Counts:
    """All in one question."""
    asked = (
        (OPEN, COUNTED_TO), (OPEN.and_("due_at < ?", now), COUNTED_TO), (OPEN.and_("owner IS NULL"), FEW),
        (OPEN.and_("severity = 'unrated'"), FEW), (OPEN.and_("severity = 'red'"), FEW),
        (OPEN.and_("due_at >= ?", now).and_("due_at < ?", day_ends), FEW),
        (OPEN.and_("state = 'awaiting_information'"), FEW), (OPEN.and_(UNWANTED), FEW),
    )  # fmt: skip
    values = [value for chosen, most in asked for value in (*chosen.values, most + 1)]
    (row,) = direct.ask(session, f"SELECT {', '.join(_counted(chosen) for chosen, _ in asked)}", values)
    every, late, nobodys, unrated, red, today, waiting, spam = (int(value) for value in row)
    return Counts(
        open=every, overdue=late, nobodys=nobodys, unrated=unrated, red=red, still_today=today, waiting=waiting,
        perhaps_spam=spam,
    )  # fmt: skip


def unread_up_to(session: Session, most: int) -> int:
    """How many messages are kept and not read yet, counted no further than ``most``."""
    query = f"SELECT count(*) FROM (SELECT 1 FROM message WHERE {UNREAD.text} LIMIT ?) AS counted"  # noqa: S608
    ((found,),) = direct.ask(session, query, (most,))
    return int(found)


def highest(session: Session) -> int:
    """The last ledger number of any referral; 0 where there is none."""
    ((number,),) = direct.ask(session, "SELECT max(ledger_no) FROM referral")
    return int(number or 0)


def owned(session: Session) -> dict[str, int]:
    """How many open ones everybody has who has any."""
    query = "SELECT owner, count(*) FROM referral WHERE state <> 'closed' AND owner IS NOT NULL GROUP BY owner"
    return {str(name): int(count) for name, count in direct.ask(session, query)}


def _count(session: Session, chosen: Condition, most: int) -> int:
    ((found,),) = direct.ask(session, f"SELECT {_counted(chosen)}", (*chosen.values, most))
    return int(found)


def _counted(chosen: Condition) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM referral WHERE {chosen.sql} LIMIT ?) AS counted)"  # noqa: S608


def _rows(session: Session, chosen: Condition, limit: int, offset: int) -> list[Referral]:
    """Each rung's own stretch in order, then all of them together."""
    rungs = [f"ladder > {RUNGS}", *(f"ladder = {rung}" for rung in range(RUNGS, -1, -1))]
    one = (
        "SELECT * FROM (SELECT id, ladder, due_at FROM referral WHERE {rung} AND {chosen}"
        " ORDER BY ladder DESC, due_at, id LIMIT ?) AS stretch"
    )
    parts = " UNION ALL ".join(one.format(rung=rung, chosen=chosen.sql) for rung in rungs)
    asked = f"SELECT id FROM ({parts}) AS together ORDER BY ladder DESC, due_at, id LIMIT ? OFFSET ?"  # noqa: S608
    values = (*((*chosen.values, limit + offset) * len(rungs)), limit, offset)
    ids = [int(row[0]) for row in direct.ask(session, asked, values)]
    return _in_this_order(session, ids)


def _in_this_order(session: Session, ids: Sequence[int]) -> list[Referral]:
    if not ids:
        return []
    found = {row.id: row for row in session.exec(select(Referral).where(col(Referral.id).in_(ids)))}
    return [found[each] for each in ids]

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
from storage.referral import Referral

RUNGS = 6
"""Of the ladder: each stretch of an index is asked for by itself, so that the rest of it need not be walked."""
COUNTED_TO = 2000
FEW = 500
FEWEST = 100
"""What one person has is counted to this: it is asked for everybody at once."""
OPEN = Condition(sql="state <> 'closed'")
_TABLE = SQLModel.metadata.tables["referral"]
_CHOSEN_BY = ("channel", "severity", "state", "kind", "owner")
for _name, _columns in (
    ("referral_queue", (text("ladder DESC"), "due_at", "id", *_CHOSEN_BY, "child_known", "perhaps_spam")),
    ("referral_due", ("due_at",)),
    *((f"referral_{each}", (each, "ladder", "due_at", "id")) for each in _CHOSEN_BY),
):  # fmt: skip
    _parts = (_TABLE.c[each] if isinstance(each, str) else each for each in _columns)
    Index(_name, *_parts, sqlite_where=text(OPEN.sql), postgresql_where=text(OPEN.sql))
_SPAM = text(f"{OPEN.sql} AND perhaps_spam")
Index(
    "referral_spam",
    *(_TABLE.c[each] for each in ("ladder", "due_at", "id")),
    sqlite_where=_SPAM,
    postgresql_where=_SPAM,
)
_OWNED = """
WITH RECURSIVE everybody (name) AS (
 SELECT min(owner) FROM referral WHERE state <> 'closed'
 UNION ALL SELECT (SELECT min(owner) FROM referral WHERE state <> 'closed' AND owner > name)
 FROM everybody WHERE name IS NOT NULL
)
SELECT name, (SELECT count(*) FROM (SELECT 1 FROM referral WHERE state <> 'closed' AND owner = name LIMIT ?) AS theirs)
FROM everybody WHERE name IS NOT NULL
"""
"""From each name to the next in the index, so that what somebody has is not read whole."""


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
    """How many are overdue, or are overdue and chosen, counted no further than ``most``.

    Of what is chosen the highest on the ladder is looked at first: that is what is overdue.
    """
    chosen = (choice.condition() if choice else OPEN).and_("due_at < ?", now)
    return _count(session, chosen, most, order="ORDER BY ladder DESC" if choice else "")


def in_time_up_to(session: Session, choice: Choice, now: datetime, most: int) -> int:
    """How many of the rest are chosen, counted no further than ``most``.

    Most of what is open is in time, which PostgreSQL cannot know: so written, it looks for what is chosen instead.
    """
    return _count(session, choice.condition().and_("(due_at >= ?) IS TRUE", now), most)


def counts(session: Session, now: datetime, *, day_ends: datetime) -> Counts:
    """All in one question."""
    asked = (
        (OPEN, COUNTED_TO), (OPEN.and_("due_at < ?", now), COUNTED_TO), (OPEN.and_("owner IS NULL"), FEW),
        (OPEN.and_("severity = 'unrated'"), FEW), (OPEN.and_("severity = 'red'"), FEW),
        (OPEN.and_("due_at >= ?", now).and_("due_at < ?", day_ends), FEW),
        (OPEN.and_("state = 'awaiting_information'"), FEW), (OPEN.and_("perhaps_spam"), FEW),
    )  # fmt: skip
    values = [value for chosen, most in asked for value in (*chosen.values, most + 1)]
    (row,) = direct.ask(session, f"SELECT {', '.join(_counted(session, chosen) for chosen, _ in asked)}", values)
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
    """How many open ones everybody has who has any, one further than ``FEWEST`` at most."""
    return {str(name): int(count) for name, count in direct.ask(session, _OWNED, (FEWEST + 1,))}


def _count(session: Session, chosen: Condition, most: int, *, order: str = "") -> int:
    ((found,),) = direct.ask(session, f"SELECT {_counted(session, chosen, order)}", (*chosen.values, most))
    return int(found)


def _counted(session: Session, chosen: Condition, order: str = "") -> str:
    table = _table(session, chosen)
    return f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {chosen.sql} {order} LIMIT ?) AS counted)"  # noqa: S608


def _table(session: Session, chosen: Condition) -> str:
    """SQLite takes the index of one of several conditions and then reads each row; PostgreSQL knows better."""
    is_told = chosen.index and direct.is_sqlite(session.connection())
    return f"referral INDEXED BY {chosen.index}" if is_told else "referral"


def _rows(session: Session, chosen: Condition, limit: int, offset: int) -> list[Referral]:
    """Each rung's own stretch in order, then all of them together."""
    rungs = [f"ladder > {RUNGS}", *(f"ladder = {rung}" for rung in range(RUNGS, -1, -1))]
    one = (
        "SELECT * FROM (SELECT id, ladder, due_at FROM {table} WHERE {rung} AND {chosen}"
        " ORDER BY ladder DESC, due_at, id LIMIT ?) AS stretch"
    )
    table = _table(session, chosen)
    parts = " UNION ALL ".join(one.format(table=table, rung=rung, chosen=chosen.sql) for rung in rungs)
    asked = f"SELECT id FROM ({parts}) AS together ORDER BY ladder DESC, due_at, id LIMIT ? OFFSET ?"  # noqa: S608
    values = (*((*chosen.values, limit + offset) * len(rungs)), limit, offset)
    ids = [int(row[0]) for row in direct.ask(session, asked, values)]
    return _in_this_order(session, ids)


def _in_this_order(session: Session, ids: Sequence[int]) -> list[Referral]:
    if not ids:
        return []
    found = {row.id: row for row in session.exec(select(Referral).where(col(Referral.id).in_(ids)))}
    return [found[each] for each in ids]

"""The mailboxes we fetch mail from: which process fetches, how far it has looked, since when it cannot be reached."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime

_MAKE = (
    "INSERT INTO mailbox (name, begun_at, series, mark, holder, why) VALUES (?, ?, '', '', '', '') "
    "ON CONFLICT (name) DO NOTHING"
)


class Mailbox(SQLModel, table=True):
    """One mailbox that others keep for us; ``name`` says where it is and holds no password.

    ``begun_at`` is when we first looked into it. ``series`` is that of the ids of the last whole look, empty before the
    first; ``mark`` is where the next look begins. One process at a time is its ``holder``, until ``held_until``.
    ``answered_at`` is when it last let us in; ``away_since`` since when it does not, and ``why``.
    """

    name: str = Field(primary_key=True)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    series: str = ""
    mark: str = ""
    holder: str = ""
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    away_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = ""


def known(session: Session, name: str, now: datetime) -> Mailbox:
    """Its row, made if this is the first time anybody asks."""
    direct.change(session, _MAKE, (name, now))
    return session.exec(select(Mailbox).where(Mailbox.name == name)).one()


def named(session: Session, names: Collection[str]) -> dict[str, Mailbox]:
    """Those of the names that were looked for before."""
    return {row.name: row for row in session.exec(select(Mailbox).where(col(Mailbox.name).in_(names)))}


def hold(session: Session, name: str, *, holder: str, now: datetime, lease: timedelta) -> bool:
    """Whether it is this holder's for ``lease`` from now: nobody else has it, or did not renew in time.

    A lease that ends later than any could was given by a clock that was ahead, and binds nobody.
    """
    is_free = or_(
        col(Mailbox.holder) == holder, col(Mailbox.held_until).is_(None), col(Mailbox.held_until) <= now,
        col(Mailbox.held_until) > now + 2 * lease,
    )  # fmt: skip
    values = {"holder": holder, "held_until": now + lease}
    return _change(session, name, values, is_free) == 1


def let_go(session: Session, name: str, *, holder: str) -> None:
    """Another process may have it at once."""
    _change(session, name, {"holder": "", "held_until": None}, col(Mailbox.holder) == holder)


def answered(session: Session, name: str, now: datetime) -> None:
    """It let us in."""
    _change(session, name, {"answered_at": now, "away_since": None, "why": ""})


def away(session: Session, name: str, now: datetime, why: str) -> None:
    """It did not; ``away_since`` stays that of the first time."""
    _change(session, name, {"away_since": now}, col(Mailbox.away_since).is_(None))
    _change(session, name, {"why": why})


def looked(session: Session, name: str, *, series: str | None = None, mark: str | None = None) -> None:
    """All that was found is kept: ``series`` after a whole look, ``mark`` where there is one."""
    values = {"series": series, "mark": mark}
    _change(session, name, {key: value for key, value in values.items() if value is not None})


def _change(session: Session, name: str, values: dict[str, object], *only: object) -> int:
    if not values:
        return 0
    changed = session.connection().execute(update(Mailbox).where(col(Mailbox.name) == name, *only).values(**values))  # type: ignore[arg-type]
    return int(changed.rowcount)

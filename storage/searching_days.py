"""Which referrals were kept on some days: ids follow the time they were kept, but for those that were read late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import direct
from storage.searching_asked import Between

LOOKED_AT = 2_000
"""So many beside each edge are looked at for one that was read out of turn: after a crash, or when storage was away."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """From ``since`` to before ``until``; None leaves that side open."""

    since: datetime | None = None
    until: datetime | None = None

    def between(self, session: Session) -> Between:
        """Ids between which all of them are, with others among them: see ``those_of``."""
        everything = Between()
        first = _edge(session, "min", "captured_at >= ?", "captured_at", self.since) if self.since else 1
        last = _edge(session, "max", "captured_at < ?", "captured_at DESC", self.until) if self.until else None
        return Between(
            above=everything.below if first is None else first - 1,
            below=everything.below if self.until is None else 0 if last is None else last + 1,
        )

    def those_of(self, session: Session, ids: Sequence[int]) -> list[int]:
        """Those of the ids that were kept in that time, in the same order."""
        if not ids or (self.since is None and self.until is None):
            return list(ids)
        asked, values = f"id IN ({direct.marks(len(ids))})", list[object](ids)
        for sql, at in ((" AND captured_at >= ?", self.since), (" AND captured_at < ?", self.until)):
            if at is not None:
                asked, values = asked + sql, [*values, at]
        found = {each for (each,) in direct.ask(session, f"SELECT id FROM referral WHERE {asked}", values)}  # noqa: S608
        return [each for each in ids if each in found]


def _edge(session: Session, which: str, asked: str, order: str, at: datetime) -> int | None:
    near = f"SELECT id FROM referral WHERE {asked} ORDER BY {order} LIMIT ?"  # noqa: S608
    ((found,),) = direct.ask(session, f"SELECT {which}(id) FROM ({near}) AS near", (at, LOOKED_AT))  # noqa: S608
    return None if found is None else int(found)

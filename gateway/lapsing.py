"""Each minute: what somebody took and let lie goes back to the queue; what was to be agreed and has changed lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from gateway import leases
from gateway.agreeing import lapsing
from gateway.clock import Clock
from storage import audit, referral
from storage.database import Database
from storage.referral import Referral

AT_ONCE = 100
PAGES = 10


class Lapsing:
    """One transaction for each referral, which looks again once it holds it: two hosts at once give it back once.

    ``pages`` of what waits for agreement are gone through at a time; the next time goes on where this one stopped.
    """

    def __init__(self, *, database: Database, clock: Clock, lease: timedelta, pages: int = PAGES) -> None:
        self._database, self._clock, self._lease, self._pages = database, clock, lease, pages
        self._place: tuple[datetime, str] | None = None

    async def look(self) -> int:
        """How many leases had run out, however many there are."""
        lapsed = 0
        while due := await self._database.read(lambda s: _due(s, self._clock())):
            for referral_id in due:
                lapsed += await self._database.write(lambda s, one=referral_id: self.lapse(s, one))  # type: ignore[misc]
        await self._look_at_agreements()
        return lapsed

    async def _look_at_agreements(self) -> None:
        for _ in range(self._pages):
            looked = await self._database.read(lambda s: lapsing.look_at_some(s, self._place))
            for each in looked.changed:
                await self._database.write(lambda s, one=each: lapsing.lapse_if_changed(s, one, now=self._clock()))  # type: ignore[misc]
            self._place = looked.place
            if self._place is None:
                return

    def lapse(self, session: Session, referral_id: int) -> bool:
        """Whether it had; what was not opened has no owner then, what was opened keeps the one who answers for it."""
        row, now = referral.by_id(session, referral_id, lock=True), self._clock()
        if row is None or row.held_until is None or row.held_until > now:
            return False
        if row.state in leases.NOT_OPENED and row.owner == row.held_by:
            row.owner = None
            what = f"Released: nobody was at it for {_minutes(self._lease)}"
            audit.record(session, at=now, who="frontdoor", what=what, referral_id=row.id)
        leases.release(row)
        session.add(row)
        return True


def _due(session: Session, now: datetime) -> list[int]:
    query = select(Referral.id).where(referral.HELD, col(Referral.held_until) <= now)
    found = session.exec(query.order_by(col(Referral.held_until)).limit(AT_ONCE))
    return [each for each in found if each is not None]


def _minutes(lease: timedelta) -> str:
    count = round(lease.total_seconds() / 60)
    return f"{count} minute{'' if count == 1 else 's'}"

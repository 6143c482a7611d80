"""The watch: finds promises that nobody keeps and raises them in the same queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from gateway import checking, notices
from gateway.clock import Clock
from gateway.desk import where
from gateway.owing import About, Owing
from storage.columns import locked
from storage.database import Database
from storage.referral import Referral

EVERY_SECONDS = 60.0
LOOK_BACK = timedelta(days=1)
AT_ONCE = 100
log = logging.getLogger(__name__)


class Sweep(Protocol):
    """Something else that is looked for once a minute, on every host: it must bear being run twice at once."""

    async def look(self) -> int:
        """How many it found and raised."""


class Watch:
    """Once a minute; safe to run on every host."""

    def __init__(
        self,
        *,
        database: Database,
        owing: Owing,
        clock: Clock,
        sweeps: Sequence[Sweep] = (),
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._database, self._owing, self._clock, self._every = database, owing, clock, every_seconds
        self._sweeps = sweeps
        self._all_looked_at = False

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for sweep in (*self._sweeps, self):
                await self._looked(sweep)
            await asyncio.sleep(self._every)

    async def _looked(self, sweep: Sweep) -> None:
        """What one cannot look for keeps none of the others from looking."""
        try:
            await sweep.look()
        except SQLAlchemyError as error:
            log.error("the watch cannot reach the database: %s", type(error).__name__)
        except Exception as error:
            log.error("%s fell over: %s\n%s", type(sweep).__name__, type(error).__name__, where(error))

    async def look(self) -> int:
        """Give every referral without an acknowledgement to a person; returns how many there were.

        The first look is at all there are, the later ones at what came in the last day.
        """
        since = self._all_looked_at and self._clock() - LOOK_BACK
        missing = await self._database.read(lambda s: _unacknowledged(s, since or None))
        if missing:
            await self._database.write(lambda s: self._raise(s, missing))
        self._all_looked_at = self._all_looked_at or len(missing) < AT_ONCE
        broken = await self._database.read(lambda s: checking.counts(s, self._clock()))
        if broken:
            log.warning("promises not kept: %s", ", ".join(f"{rule} {count}" for rule, count in broken.items()))
        return len(missing)

    def _raise(self, session: Session, missing: Sequence[int]) -> None:
        """Each once: held first, then looked at again, for another host may have found it too."""
        session.exec(locked(select(Referral).where(col(Referral.id).in_(missing)).order_by(col(Referral.id)))).all()
        for row in session.exec(select(Referral).where(col(Referral.id).in_(missing), checking.unacknowledged())):
            self._owing.write(session, row, notices.task("acknowledge by hand: none was owed", self._clock()), About())


def _unacknowledged(session: Session, since: datetime | None) -> Sequence[int]:
    query = select(Referral.id).where(checking.unacknowledged()).limit(AT_ONCE)
    recent = query.where(col(Referral.captured_at) >= since) if since else query
    return [found for found in session.exec(recent) if found is not None]

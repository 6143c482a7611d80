"""The watch: finds promises that nobody keeps and raises them in the same queue."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from gateway import checking, notices
from gateway.clock import Clock
from gateway.owing import About, Owing
from storage.database import Database

EVERY_SECONDS = 60.0
log = logging.getLogger(__name__)


class Watch:
    """Once a minute; safe to run on every host."""

    def __init__(self, *, database: Database, owing: Owing, clock: Clock, every_seconds: float = EVERY_SECONDS) -> None:
        self._database, self._owing, self._clock, self._every = database, owing, clock, every_seconds

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except SQLAlchemyError as error:
                log.error("the watch cannot reach the database: %s", type(error).__name__)
            await asyncio.sleep(self._every)

    async def look(self) -> int:
        """Give every referral without an acknowledgement to a person; returns how many there were."""
        raised = await self._database.write(self._raise)
        broken = await self._database.read(lambda s: checking.broken_promises(s, self._clock()))
        if broken:
            rules = sorted({b.rule for b in broken})
            log.warning("%d promises are not kept: %s", len(broken), ", ".join(rules))
        return raised

    def _raise(self, session: Session) -> int:
        rows = list(session.exec(checking.without_acknowledgement().limit(100)))
        for row in rows:
            self._owing.write(session, row, notices.task("acknowledge by hand: none was owed", self._clock()), About())
        return len(rows)

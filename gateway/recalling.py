"""Fetches what a provider failed to deliver: at start, every few minutes and when the operator asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from channels.contract import NotKept, Recaller, Receiver
from gateway.clock import Clock
from gateway.intake import Intake
from storage import mark
from storage.database import Database

EVERY_SECONDS = 300.0
FIRST_TIME = timedelta(days=2)
OVERLAP = timedelta(hours=1)
log = logging.getLogger(__name__)


class Recall:
    """Asks from an hour before the last mark, because lists lag; what we have already falls away by its key.

    A mark in the future was set by a clock that was ahead, and says nothing of what we have.
    """

    def __init__(
        self,
        *,
        database: Database,
        intake: Intake,
        receivers: Mapping[str, Receiver],
        clock: Clock,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._database, self._intake, self._clock, self._every = database, intake, clock, every_seconds
        self._recallers = {name: each for name, each in receivers.items() if isinstance(each, Recaller)}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.recall()
            await asyncio.sleep(self._every)

    async def recall(self, since: datetime | None = None) -> Mapping[str, int | None]:
        """How many messages of each channel we had missed; None where the provider could not be asked."""
        return {name: await self._one(name, recaller, since) for name, recaller in self._recallers.items()}

    async def _one(self, name: str, recaller: Recaller, since: datetime | None) -> int | None:
        began, missed = self._clock(), 0
        try:
            last = await self._database.read(lambda s: mark.of_channel(s, name))
            start = since or (last - OVERLAP if last and last <= began else began - FIRST_TIME)
            async for raw in recaller.recall(start):
                missed += not (await self._intake.accept(raw)).repeated
            await self._database.write(lambda s: mark.move(s, name, began))
        except (ConnectionError, NotKept, SQLAlchemyError) as error:
            log.warning("%s could not be recalled: %s", name, type(error).__name__)
            return None
        if missed:
            log.warning("%d webhooks of %s had been missed and were recalled", missed, name)
        return missed


def summary(outcome: Mapping[str, int | None]) -> Iterable[str]:
    """A line for each channel, for the operator."""
    for name, missed in outcome.items():
        yield f"{name:<10} " + ("could not be asked" if missed is None else f"{missed} missed")

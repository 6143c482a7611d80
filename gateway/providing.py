"""What is done while the database is there for the time when it is not: references set aside, losses told."""

from __future__ import annotations

import asyncio
import json
import logging
from functools import partial

from sqlmodel import Session

from channels.note import note_message
from gateway import reference
from gateway.clock import Clock
from gateway.entering import Entering
from gateway.held_record import read_head
from gateway.holding import Holding
from gateway.waiting import Waiting
from storage import keeping, reserve
from storage.database import Database
from storage.spool import Lost

RESERVE = 2000
RESERVE_LOW = 1500
AT_A_TIME = 500
TOLD_BY = "frontdoor"
log = logging.getLogger(__name__)


class Providing:
    """Works through the database, which must be there; what goes wrong is tried again the next time."""

    def __init__(self, *, database: Database, holding: Holding, entering: Entering, clock: Clock) -> None:
        self._database, self._holding, self._entering, self._clock = database, holding, entering, clock
        self._told: set[str] = set()
        self._is_reserve_checked = False

    async def look_after(self) -> None:
        """Put what was lost before a person, and have some 2,000 references at hand."""
        try:
            await self._tell_of_lost()
            await self._top_up()
        except Exception as error:
            log.error("references could not be set aside: %s", type(error).__name__)

    async def _tell_of_lost(self) -> None:
        for lost in await asyncio.to_thread(lambda: list(self._holding.spool.lost())):
            if lost.name not in self._told:
                log.error("a record of the spool cannot be read back and was set aside: %s", lost.name)
                await self._database.write(partial(self._tell, lost))
                self._told.add(lost.name)

    def _tell(self, lost: Lost, session: Session) -> None:
        note = json.dumps({"text": _of_loss(lost), "note_id": lost.name}).encode()
        about = Waiting.of(note_message(note, TOLD_BY, is_ours=True), self._clock())
        self._entering.enter(session, [about], keeping.locked_head(session))

    async def _top_up(self) -> None:
        kept = self._holding.reserve
        if not self._is_reserve_checked:
            here = kept.left()
            still = await self._database.read(lambda session: reserve.still_set_aside(session, here))
            kept.drop(set(here) - still)
            self._is_reserve_checked = True
        if kept.count >= RESERVE_LOW:
            return
        folder = await asyncio.to_thread(lambda: self._holding.spool.folder)
        while kept.count < RESERVE:
            missing = min(AT_A_TIME, RESERVE - kept.count)
            kept.add(await self._database.write(partial(self._drawn, folder.name, missing)))
        await asyncio.to_thread(kept.save, folder)

    def _drawn(self, host: str, how_many: int, session: Session) -> list[str]:
        """New references for this process alone, in a transaction that holds the ledger's head as every accept does."""
        keeping.locked_head(session)
        drawn = {reference.draw() for _ in range(how_many)}
        free = drawn - keeping.look_up(session, keys=(), talks=(), drawn=drawn).taken
        reserve.set_aside(session, free, host=host, at=self._clock())
        return list(free)


def _of_loss(lost: Lost) -> str:
    """What a person has to know to set it right."""
    begin = "A message that we had said we received cannot be opened: its record was damaged on the disk."
    end = f"Ask whoever runs this gateway for the file {lost.name} in the spool folder (set-aside)."
    try:
        held = read_head(lost.head)
    except (ValueError, KeyError):
        return f"{begin} Who sent it is not known. {end}"
    way, at = held.channel.replace("_", " "), held.received_at.strftime("%d %B %Y %H:%M UTC")
    return f"{begin} It came by {way} on {at}; its sender was told the reference {held.told}. {end}"

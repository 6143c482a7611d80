"""The rows by which the desk knows of streams: written beside the sound, and never waited for by it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from channels.calls.keeping import REFUSED
from channels.numbers import address_of
from channels.streams.kept import CALLER, CHANNEL, StreamHead
from gateway.clock import Clock
from storage import capture
from storage.capture import Capture, CaptureState
from storage.database import Database

LOOK_SECONDS = 0.5
BEAT_SECONDS = 15.0
AGAIN_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All that a stream's row says of it now."""

    head: StreamHead
    state: CaptureState
    ended_at: datetime | None = None
    seconds: float = 0.0
    gaps: int = 0


class Index:
    """``note`` what has changed; ``run`` writes it down. While the database is away it is kept in mind."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._changed: dict[str, Standing] = {}

    def note(self, name: str, standing: Standing) -> None:
        """How a stream stands."""
        self._changed[name] = standing

    async def run(self, live: Callable[[], Sequence[str]]) -> None:
        """Until cancelled; ``live`` names those that are running."""
        loop, beat_at = asyncio.get_running_loop(), 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            names = live() if loop.time() >= beat_at else ()
            if names:
                beat_at = loop.time() + BEAT_SECONDS
            if (names or self._changed) and not await self.write(names):
                await asyncio.sleep(AGAIN_SECONDS)

    async def write(self, live: Sequence[str] = ()) -> bool:
        """Whether the database took all changes."""
        changed, self._changed = self._changed, {}
        try:
            await self._database.write(lambda session: self._put(session, changed, live))
        except Exception as error:
            log.warning("%d rows of streams wait to be written: %s", len(changed), type(error).__name__)
            self._changed = changed | self._changed
            return False
        return True

    async def catch_up(self) -> None:
        """Put right the rows of streams whose process ended between the keeping of one and the saying so."""
        try:
            await self._database.write(lambda session: capture.catch_up(session, CHANNEL))
        except Exception as error:
            log.warning("rows of streams could not be put right: %s", type(error).__name__)

    async def is_refused(self, conversation: str) -> bool | None:
        """Whether this caller refused to be recorded; None while the database cannot be asked."""
        try:
            return await self._database.read(lambda s: capture.is_refused(s, conversation, noted=REFUSED))
        except Exception as error:
            log.warning("whether a caller refused to be recorded cannot be asked: %s", type(error).__name__)
            return None

    def _put(self, session: Session, changed: Mapping[str, Standing], live: Sequence[str]) -> None:
        now = self._clock()
        for name, standing in changed.items():
            row = session.get(Capture, name) or _new(name, standing.head, now)
            row.state, row.ended_at = standing.state, standing.ended_at
            row.seconds, row.gaps, row.heard_at = standing.seconds, standing.gaps, now
            if standing.state == CaptureState.KEPT:
                row.words = row.words_note = ""
            session.add(row)
        if live:
            capture.still_heard(session, live, now)


def _new(name: str, head: StreamHead, now: datetime) -> Capture:
    return Capture(
        id=name, stream=head.began.stream, conversation=head.conversation, host=socket.gethostname(),
        caller=address_of(head.fact(CALLER)).kind, began_at=head.at, heard_at=now,
    )  # fmt: skip

"""What everybody in a run has at hand: the record, where the gateway is, and the world's own servers."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gateway.demo.twilio_sim import TwilioSim
from tests.chaos.plan import PlannedMessage
from tests.chaos.record import Record, What
from tests.chaos.relay import Relay

TOKEN = "administrator-for-chaos"
LONGEST_PAUSE = 5.0


@dataclass(kw_only=True)
class World:
    """``over`` is set when nobody tries any more: the run has reached its hard end."""

    record: Record
    web: httpx.AsyncClient
    sim: TwilioSim
    relay: Relay
    smtp_port: int
    scans: Path
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def sent(
        self, message: PlannedMessage, *, key: str = "", who: str = "", marker: str = "", answers: str = ""
    ) -> None:
        """Written down before it is sent."""
        self.record.write(
            What.SENT, number=message.number, way=message.way, key=key, who=who, marker=marker, answers=answers
        )

    def taken(self, message: PlannedMessage, *, key: str = "", reference: str = "") -> None:
        """Somebody said that it is received, and under which reference."""
        self.record.write(What.TAKEN, number=message.number, way=message.way, key=key, words=reference)

    def told(self, message: PlannedMessage, *, way: str, words: str) -> None:
        """Its sender was told something, there and then."""
        self.record.write(What.TOLD, number=message.number, way=way, words=words)


class Patience:
    """How a sender waits between tries: longer each time, by chance, never longer than a few seconds."""

    def __init__(self, world: World, draw: int) -> None:
        self._world, self._chance, self._pause = world, random.Random(draw), 0.2

    async def wait(self) -> bool:
        """Wait; False when the run is over and there is no sense in another try."""
        self._pause = min(LONGEST_PAUSE, self._pause * 1.7)
        await asyncio.sleep(self._pause * (0.5 + self._chance.random()))
        return not self._world.over.is_set()

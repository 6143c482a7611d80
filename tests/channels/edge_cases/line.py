"""A gateway between the pretend provider and its own database, worked by hand on a clock that is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlmodel import select

from gateway.app import build_app
from gateway.core import Core, build_core
from gateway.demo.twilio_sim import TwilioSim
from gateway.demo.twilio_sim.simulator import CALLER
from gateway.late_delivery import LateDelivery
from gateway.settings import Settings
from gateway.wiring import Channels, Desks, wire_channels, wire_desks, wire_recall
from storage.blobs import open_blobs
from storage.database import Database
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.sealing import Seal
from tests.channels.telephone import any_port, served
from tests.fakes import MovableClock

BY_HAND = ["reading", "notifying", "watch"]
KEY = Seal(b"k" * 32)
WORDS = "The baby next door cries all night"


@dataclass(kw_only=True)
class Line:
    """The provider, the gateway's doors, and its desks, which work only when told to."""

    sim: TwilioSim
    core: Core
    clock: MovableClock
    channels: Channels
    desks: Desks

    async def work(self) -> None:
        """Read and send all that is due, with the provider's news of it."""
        for _ in range(20):
            steps = await self.desks.named("reading").drain() + await self.desks.named("notifying").drain()
            await self.sim.settle()
            if not steps:
                return
        raise AssertionError("the desks do not come to rest")

    async def later(self, **by: float) -> None:
        """Some time afterwards, with all that has become due."""
        self.clock.move(**by)
        await self.work()

    async def wait(self, *, minutes: int) -> None:
        """Some time in steps of twenty minutes, with what the watch does about notices that did not arrive."""
        late = LateDelivery(
            database=self.core.database, seal=self.core.seal, clock=self.clock, senders=self.channels.senders,
            delivery=self.core.delivery,
        )  # fmt: skip
        for _ in range(0, minutes, 20):
            await self.later(minutes=20)
            await late.look()
            await self.work()

    async def text(self, words: str = WORDS, frm: str = CALLER) -> None:
        """A text from somebody, read and answered."""
        await self.sim.sms("/twilio/sms", words, frm=frm)
        await self.work()

    async def tell(self, sid: str, status: str, **more: str) -> int:
        """News of a text as the provider posts it, of whatever text; returns the status of our answer."""
        fields = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status} | more
        reply = await self.sim.deliver("/twilio/message-status", fields)
        return reply.status_code if reply is not None else 0

    async def recall(self) -> dict[str, int | None]:
        """Ask the provider for what we missed, and read it."""
        found = await wire_recall(self.core, self.channels).recall()
        await self.work()
        await self.later(seconds=1)
        return dict(found)

    def messages(self) -> list[Message]:
        """All that is kept, in order of receipt."""
        with self.core.database.reading() as session:
            return sorted(session.exec(select(Message)).all(), key=lambda one: (one.captured_at, one.id))

    def notices(self) -> list[Notice]:
        """All that is or was owed, in order of writing."""
        with self.core.database.reading() as session:
            return sorted(session.exec(select(Notice)).all(), key=lambda one: (one.created_at, one.id))

    def receipt(self) -> Notice:
        """The one acknowledgement."""
        (only,) = [one for one in self.notices() if one.kind == NoticeKind.RECEIPT]
        return only

    def tasks(self) -> list[str]:
        """What persons owe."""
        return [one.reason or "" for one in self.notices() if one.kind == NoticeKind.STAFF_TASK]

    def referrals(self) -> list[Referral]:
        """All referrals, oldest first."""
        with self.core.database.reading() as session:
            return sorted(session.exec(select(Referral)).all(), key=lambda one: one.id or 0)


@asynccontextmanager
async def a_line(
    folder: Path,
    database_url: str,
    clock: MovableClock | None = None,
    *,
    public: str = "",
    streams: bool = False,
    **given: object,
) -> AsyncIterator[Line]:
    """The gateway's own doors on a port of their own, and the provider in front of them.

    ``public`` is the address the provider knows them by, if it is another; ``streams``: theirs can be opened;
    ``given`` are further settings.
    """
    clock = clock or MovableClock(datetime.now(UTC))  # the provider's dates are of today
    listening = any_port()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with TwilioSim(url, public=public, speed=2000) as sim:
        sim.status_callback = "/twilio/call-status"
        settings = Settings(
            data_dir=folder / "data", database_url=database_url, http="", smtp="", public_url=public or url,
            twilio_account_sid=sim.account, twilio_auth_token=sim.token, twilio_number=sim.number,
            twilio_api_url=sim.url, _env_file=None, **given,  # type: ignore[arg-type]
        )  # fmt: skip
        database = Database(database_url)
        blobs = open_blobs(f"file://{folder / 'data' / 'sealed'}", KEY)
        core = build_core(settings, clock=clock, seal=KEY, database=database, blobs=blobs)
        channels = wire_channels(core)
        try:
            async with served(build_app(core, channels), listening, ws="websockets-sansio" if streams else "none"):
                yield Line(
                    sim=sim, core=core, clock=clock, channels=channels, desks=wire_desks(core, channels, BY_HAND)
                )
                await sim.settle()
        finally:
            await channels.close()
            core.close()


def form(**fields: str) -> bytes:
    """Fields as they stand in a body."""
    return urlencode(fields).encode()

"""A gateway whose notices go by the twin of GOV.UK Notify, its door open to what the twin calls back."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI
from sqlmodel import select

from gateway.core import Core
from gateway.deciding import Actor
from gateway.desk import Desk
from gateway.late_delivery import LateDelivery
from gateway.life_cycle import Action
from gateway.wiring import Channels, wire_channels, wire_desks
from storage.message import Message
from storage.notice import Notice
from tests.builders import a_message, read_all
from tests.channels.notify.twin import NotifyTwin
from tests.fakes import MovableClock

FORM = "application/x-www-form-urlencoded"
SAM = Actor(name="sam", role="social_worker")


class NotifyGateway:
    """A gateway whose notices go by the twin, its door open to the twin's callbacks."""

    def __init__(self, core: Core, twin: NotifyTwin, clock: MovableClock) -> None:
        self.core, self.twin, self.clock = core, twin, clock
        self.channels: Channels = wire_channels(core)
        app, door = FastAPI(), self.channels.receivers["notify"].door(core.intake.accept)
        assert isinstance(door, APIRouter)
        app.include_router(door)
        twin.calls_into(app)

    async def a_text(self, sender: str = "+447700900123") -> None:
        """Somebody texts us, and the receipt is owed to them."""
        said = {"MessageSid": "SM1", "From": sender, "To": "+441632960000", "Body": "The baby cries"}
        await self.core.intake.accept(a_message(urlencode(said).encode(), source_key="SM1", media_type=FORM))
        await read_all(self.core, self.channels)

    async def a_decision(self, **form: str) -> None:
        """A form is posted and decided upon, and that it was looked at is owed to whoever sent it."""
        body = urlencode({"concern": "The baby cries", **form}).encode()
        kept = await self.core.intake.accept(a_message(body, channel="web_form", media_type=FORM))
        await read_all(self.core, self.channels)
        for action, asked in (
            (Action.OPEN, {}),
            (Action.DECIDE, {"code": "nfa", "reason": "Known and safe", "level": "2"}),
        ):
            with self.core.database.transaction() as session:
                self.core.deciding.act(session, kept.reference, action, SAM, asked)

    async def work(self, **later: float) -> None:
        """Time goes by, then everything that is due is done, callbacks included."""
        self.clock.move(**later)
        await self.notifying.drain()
        await self.twin.settle()
        await read_all(self.core, self.channels)

    async def look_for_late(self, **later: float) -> None:
        """Time goes by, then the watch looks for what is past its limit."""
        self.clock.move(**later)
        core = self.core
        late = LateDelivery(
            database=core.database, seal=core.seal, clock=core.clock, senders=self.channels.senders,
            delivery=core.delivery,
        )  # fmt: skip
        await late.look()

    @property
    def notifying(self) -> Desk:
        return wire_desks(self.core, self.channels, ["notifying"]).named("notifying")

    def notices(self) -> list[tuple[str, str, str]]:
        """Kind, channel and state of every notice, the oldest first."""
        return [(row.kind, row.channel, row.state) for row in self.rows()]

    def rows(self) -> list[Notice]:
        with self.core.database.reading() as session:
            return sorted(session.exec(select(Notice)), key=lambda row: (row.created_at, row.kind != "receipt", row.id))

    def messages(self) -> list[str]:
        with self.core.database.reading() as session:
            return [row.channel for row in session.exec(select(Message))]

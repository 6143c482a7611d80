"""Asks a provider what became of a notice it took, for its own report may never reach us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from sqlmodel import Session

from channels.contract import DeliveryReport, Sender, SendError, Tracker
from gateway.clock import Clock
from gateway.delivery import Delivery
from gateway.pausing import Pauses
from gateway.retrying import POLICIES
from storage import notice, work
from storage.database import Database
from storage.notice import Notice, NoticeState
from storage.work import Claim

Told = TypeVar("Told")
KIND = "follow"
SILENT = "the provider cannot be asked"
ASKED_ALL_THE_SAME = 3
LOOKS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
BEFORE_LIMIT = timedelta(minutes=2)
LETTER_LOOKS = (timedelta(minutes=30), timedelta(hours=6), *(timedelta(days=days) for days in (1, 2, 4, 8)))
WITHOUT_LIMIT = frozenset({"letter"})
"""Once the provider has it: days on the way are no failure of the post."""


class Tracking:
    """Step ``follow`` of the notifying queue: one row a notice, from "sent" until it is settled or its limit passes."""

    def __init__(self, *, database: Database, clock: Clock, senders: Mapping[str, Sender], delivery: Delivery) -> None:
        self._database, self._clock, self._senders, self._delivery = database, clock, senders, delivery
        self._silent, self._chance = Pauses(), Random()  # noqa: S311  # spreads waits, guards nothing

    def begin(self, session: Session, row: Notice) -> None:
        """The provider has it: followed where it can be asked, else settled by that; in the same transaction."""
        if row.channel in WITHOUT_LIMIT or not self._can_be_asked(row):
            row.limit_at = None
            session.add(row)
        if row.state == NoticeState.SENT and self._can_be_asked(row):
            at = first_look(row, self._clock())
            if at is not None:
                work.enqueue(session, "notifying", KIND, row.id, at=at, now=self._clock())

    async def step(self, held: Claim) -> None:
        """Ask once; what is not settled is asked again at the next of its times."""
        row = await self._database.read(lambda s: s.get_one(Notice, held.subject))
        report = await self.ask(row)

        def settle(session: Session) -> None:
            found = session.get_one(Notice, held.subject)
            if report is not None:
                found = self._delivery.heard(session, found, report)
            is_settled = found.state != NoticeState.SENT or (report is not None and report.is_final)
            at = None if is_settled else next_look(found, self._clock())
            if at is None:
                work.done(session, held)
            else:
                work.again(session, held, at=at, now=self._clock(), counts=False)

        await self._database.write(settle)

    async def ask(self, row: Notice) -> DeliveryReport | None:
        """What the provider says of it now; None where it cannot be asked, knows nothing or need not be asked."""
        sender, number = self._senders.get(row.channel), row.provider_id
        if row.state != NoticeState.SENT or number is None:
            return None
        if sender is None or not isinstance(sender, Tracker):
            return None
        track = sender.track
        return await self.unless_silent(row.channel, lambda: track(number))

    async def unless_silent(self, channel: str, ask: Callable[[], Awaitable[Told | None]]) -> Told | None:
        """The answer of a channel's provider, None without one; one that gave none lately is spared for a while.

        Each question may take as long as the provider hangs: thousands of them would hold up every other channel.
        """
        begun_at = self._clock()
        if self._silent.waits(channel, begun_at) is not None:
            return None
        try:
            answer = await ask()
        except ConnectionError:
            self._silent.failed(channel, SILENT, self._clock(), self._wait, begun_at=begun_at)
            return None
        self._silent.answered(channel, begun_at=begun_at)
        return answer

    def _wait(self, failures: int) -> timedelta:
        spared = failures - ASKED_ALL_THE_SAME
        return POLICIES[SendError.AWAY].wait(spared, self._chance) if spared > 0 else timedelta(0)

    async def is_anothers(self, provider_id: str, notice_id: str) -> bool:
        """Whether what a provider calls this is another notice of ours than this one."""
        found = await self._database.read(lambda s: notice.by_provider_id(s, [provider_id]))
        return found is not None and found.id != notice_id

    def _can_be_asked(self, row: Notice) -> bool:
        return isinstance(self._senders.get(row.channel), Tracker)


def first_look(row: Notice, now: datetime) -> datetime | None:
    """When to ask first: at once where that time passed while nobody knew that the provider had it."""
    first = next_look(row, row.sent_at or now)
    return None if first is None else max(first, now)


def next_look(row: Notice, now: datetime) -> datetime | None:
    """When to ask next, counted from when it was sent; None when there is no further time to ask."""
    sent_at = row.sent_at or now
    looks = [sent_at + after for after in (LETTER_LOOKS if row.channel in WITHOUT_LIMIT else LOOKS)]
    if row.limit_at is not None:
        last = row.limit_at - BEFORE_LIMIT
        looks = sorted([*(at for at in looks if at < last), last])
    return next((at for at in looks if at > now), None)

"""Asks a provider what became of a notice it took, for its own report may never reach us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from channels.contract import DeliveryReport, Sender, Tracker
from gateway.clock import Clock
from gateway.delivery import Delivery
from storage import notice, work
from storage.database import Database
from storage.notice import Notice, NoticeState
from storage.work import Claim

KIND = "follow"
LOOKS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
BEFORE_LIMIT = timedelta(minutes=2)
LETTER_LOOKS = (timedelta(minutes=30), timedelta(hours=6), *(timedelta(days=days) for days in (1, 2, 4, 8)))
WITHOUT_LIMIT = frozenset({"letter"})
"""Once the provider has it: days on the way are no failure of the post."""


class Tracking:
    """Step ``follow`` of the notifying queue: one row a notice, from "sent" until it is settled or its limit passes."""

    def __init__(self, *, database: Database, clock: Clock, senders: Mapping[str, Sender], delivery: Delivery) -> None:
        self._database, self._clock, self._senders, self._delivery = database, clock, senders, delivery

    def begin(self, session: Session, row: Notice) -> None:
        """The provider has it: followed where it can be asked, else settled by that; in the same transaction."""
        if row.channel in WITHOUT_LIMIT or not self._can_be_asked(row):
            row.limit_at = None
            session.add(row)
        if row.state == NoticeState.SENT and self._can_be_asked(row):
            at = next_look(row, self._clock())
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
                work.again(session, held, at=at, counts=False)

        await self._database.write(settle)

    async def ask(self, row: Notice) -> DeliveryReport | None:
        """What the provider says of it now; None where it cannot be asked, knows nothing or need not be asked."""
        sender = self._senders.get(row.channel)
        if row.state != NoticeState.SENT or row.provider_id is None:
            return None
        if sender is None or not isinstance(sender, Tracker):
            return None
        try:
            return await sender.track(row.provider_id)
        except ConnectionError:
            return None

    async def is_anothers(self, provider_id: str, notice_id: str) -> bool:
        """Whether what a provider calls this is another notice of ours than this one."""
        found = await self._database.read(lambda s: notice.by_provider_id(s, [provider_id]))
        return found is not None and found.id != notice_id

    def _can_be_asked(self, row: Notice) -> bool:
        return isinstance(self._senders.get(row.channel), Tracker)


def next_look(row: Notice, now: datetime) -> datetime | None:
    """When to ask next, counted from when it was sent; None when there is no further time to ask."""
    sent_at = row.sent_at or now
    looks = [sent_at + after for after in (LETTER_LOOKS if row.channel in WITHOUT_LIMIT else LOOKS)]
    if row.limit_at is not None:
        last = row.limit_at - BEFORE_LIMIT
        looks = sorted([*(at for at in looks if at < last), last])
    return next((at for at in looks if at > now), None)

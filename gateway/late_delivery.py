"""Finds notices that are not known to have arrived within their limit, and has the sender told another way."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import Session

from channels.contract import DeliveryReport, DeliveryState, Finder, Sender
from gateway.clock import Clock
from gateway.delivery import Delivery
from gateway.desk import where
from gateway.ready_to_send import outgoing
from gateway.time_limit import LIMIT, limit_in_words
from gateway.tracking import Tracking
from storage import notice
from storage.away import is_away
from storage.database import Database
from storage.notice import Notice, NoticeState
from storage.sealing import Seal

IN_HAND = timedelta(seconds=90)
"""So long may one try take: what is being sent at this moment is left to its own end."""
log = logging.getLogger(__name__)


class LateDelivery:
    """A ``Sweep`` of the watch; what two hosts find at once is settled by the one that holds the row first."""

    def __init__(
        self, *, database: Database, seal: Seal, clock: Clock, senders: Mapping[str, Sender], delivery: Delivery
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._senders, self._delivery = senders, delivery
        self._tracking = Tracking(database=database, clock=clock, senders=senders, delivery=delivery)

    async def look(self) -> int:
        """Every notice past its limit; returns how many were given up."""
        given_up = 0
        await self._database.write(lambda s: notice.bring_limits_back(s, self._clock() + LIMIT))
        for each in await self._database.read(lambda s: notice.past_limit(s, self._clock())):
            given_up += await self._settled(each)
        return given_up

    async def _settled(self, notice_id: str) -> bool:
        """One that cannot be settled keeps none of the others; it is looked at again at the next look."""
        try:
            return await self._settle(notice_id)
        except Exception as error:
            if is_away(error):
                raise
            log.error("a late notice cannot be settled: %s\n%s", type(error).__name__, where(error))
            return False

    async def _settle(self, notice_id: str) -> bool:
        """The provider is asked once more, and believed; what it does not know to have arrived is given up."""
        row = await self._database.read(lambda s: s.get_one(Notice, notice_id))
        if row.sending_at is not None and abs(self._clock() - row.sending_at) < IN_HAND:
            return False
        report = await self._found(row) or await self._tracking.ask(row)
        return await self._database.write(lambda s: self._give_up(s, notice_id, report))

    async def _found(self, row: Notice) -> DeliveryReport | None:
        """What became of one whose answer was lost, where the provider keeps a list."""
        sender = self._senders.get(row.channel)
        if row.state != NoticeState.OWED or row.sending_at is None:
            return None
        if sender is None or not isinstance(sender, Finder):
            return None
        ready = await self._database.read(lambda s: outgoing(self._seal, row, notice.addressed(s, row), self._clock()))
        provider_id = await self._tracking.unless_silent(row.channel, lambda: sender.find(ready))
        if provider_id is None or await self._tracking.is_anothers(provider_id, row.id):
            return None
        sent = row.model_copy(update={"state": NoticeState.SENT, "provider_id": provider_id})
        return await self._tracking.ask(sent) or DeliveryReport(provider_id=provider_id, state=DeliveryState.SENT)

    def _give_up(self, session: Session, notice_id: str, report: DeliveryReport | None) -> bool:
        row = session.get_one(Notice, notice_id)
        if report is not None:
            row = self._delivery.heard(session, row, report)
        if row.limit_at is None or row.limit_at > self._clock():
            return False
        if row.state not in (NoticeState.OWED, NoticeState.SENT):
            row.limit_at = None
            session.add(row)
            return False
        return self._delivery.failed(session, row, self._why(row)) is not None

    def _why(self, row: Notice) -> str:
        within = limit_in_words(row)
        if row.state == NoticeState.SENT:
            return f"not known to be delivered within {within}"
        return f"not sent within {within}" + (f": {row.reason}" if row.reason else "")

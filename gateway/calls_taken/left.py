"""Each minute: calls whose notes nobody touches any more become referrals, so that a dropped call is a record."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlmodel import Session

from channels.contract import NotKept
from gateway.calls_taken import drafts
from gateway.calls_taken.bringing_in import BringingIn
from gateway.calls_taken.handing_in import HandingIn
from gateway.clock import Clock
from storage import draft
from storage.database import Database
from storage.sealing import Seal, SealBroken

WRAPPED_KEPT = timedelta(days=1)
log = logging.getLogger(__name__)


class LeftCalls:
    """Safe to run on every host: a call is settled under its lock, and its message is kept once."""

    def __init__(
        self, *, database: Database, seal: Seal, handing_in: HandingIn, bringing_in: BringingIn, clock: Clock
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._handing_in, self._bringing_in = handing_in, bringing_in

    async def look(self) -> int:
        """How many calls were handed in; managers who were asked for and not told yet are told too.

        A call whose words cannot be opened or kept holds up no other: it stays on the list of calls.
        """
        handed_in = 0
        for call_id in await self._database.read(self._left):
            handed_in += await self._hand_in(call_id)
        for call_id in await self._database.read(draft.managers_wanted):
            await self._bring_in(call_id)
        await self._database.write(self._forget)
        return handed_in

    def _left(self, session: Session) -> list[str]:
        now = self._clock()
        found = draft.left_alone(
            session, since=now - drafts.LEFT_AFTER, unwritten_since=now - drafts.EMPTY_AFTER,
            settled_since=now - drafts.TRIED_AGAIN_AFTER,
        )  # fmt: skip
        return list(found)

    async def _hand_in(self, call_id: str) -> bool:
        now = self._clock()
        try:
            taken = await self._database.write(lambda s: drafts.settle_if_left(s, self._seal, call_id, now=now))
            if taken is not None:
                await self._handing_in.keep(taken)
        except (NotKept, SealBroken) as error:
            log.error("the notes of a call cannot be handed in: %s", type(error).__name__)
            return False
        return taken is not None

    async def _bring_in(self, call_id: str) -> None:
        try:
            await self._bringing_in.tell_or_keep(call_id)
        except SealBroken as error:
            log.error("the notes of a call cannot be opened: %s", type(error).__name__)

    def _forget(self, session: Session) -> None:
        draft.forget_wrapped(session, before=self._clock() - WRAPPED_KEPT)

"""A call taker asks for a manager while the call goes on: a task with the reference, and the alert of their role."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlmodel import Session

from channels.contract import NotKept
from gateway import promised
from gateway.alerting import Alerting
from gateway.calls_taken.handing_in import HandingIn
from gateway.clock import Clock
from gateway.ladder import Climbed, Rung, Told
from gateway.notices import Owed
from gateway.owing import About, Owing
from storage import audit, draft, referral
from storage.database import Database
from storage.draft import DraftState
from storage.notice import NoticeKind, NoticeState
from storage.referral import Referral

AT_ONCE = timedelta(minutes=2)
TIMES_ASKED, ASKED_EVERY = 40, 0.05
"""How often, and every how many seconds, it is looked whether the call's referral is there: two seconds in all."""
WANTED = Rung(
    name="manager_wanted", says="a call taker asks for a manager, the call is on", told=Told.DUTY_MANAGER,
    task="go to them or ring them now",
)  # fmt: skip


class BringingIn:
    """Asked for in one commit; told in another once the call's referral is there, at the latest by the watch."""

    def __init__(
        self, *, database: Database, owing: Owing, alerting: Alerting, handing_in: HandingIn, clock: Clock
    ) -> None:
        self._database, self._owing, self._alerting = database, owing, alerting
        self._handing_in, self._clock = handing_in, clock

    async def ask(self, call_id: str, *, by: str) -> None:
        """A manager is wanted: what is written down goes into the queue first, so that there is something to open."""
        await self._database.write(lambda session: self._asked(session, call_id, by))
        try:
            receipt = await self._handing_in.keep_so_far(call_id)
        except NotKept:
            return
        for _ in range(TIMES_ASKED):
            if await self._database.read(lambda session: promised.referral_of(session, [receipt.reference])):
                break
            await asyncio.sleep(ASKED_EVERY)
        await self.tell(call_id)

    async def tell(self, call_id: str) -> bool:
        """Whether they have been told; False while the referral is not there yet, or none was asked for."""
        return await self._database.write(lambda session: self._tell(session, call_id))

    async def tell_or_keep(self, call_id: str) -> None:
        """Tell them; where its referral is not there, keep what is written down, which nobody may have done yet."""
        if await self.tell(call_id):
            return
        row = await self._database.read(lambda session: draft.by_id(session, call_id))
        if row is None or row.state == DraftState.HANDED_IN:
            return
        try:
            await self._handing_in.keep_so_far(call_id)
        except NotKept:
            return

    def _asked(self, session: Session, call_id: str, by: str) -> None:
        row = draft.by_id(session, call_id, lock=True)
        if row is not None and row.manager_asked_at is None:
            row.manager_asked_at, row.saved_at = self._clock(), self._clock()
            session.add(row)
            audit.record(session, at=self._clock(), who=by, what=f"Asked for a manager in the call {row.reference}")

    def _tell(self, session: Session, call_id: str) -> bool:
        row = draft.by_id(session, call_id, lock=True)
        if row is None or row.manager_asked_at is None or row.manager_told_at is not None:
            return row is not None and row.manager_told_at is not None
        about = promised.referral_of(session, [row.reference])
        about = referral.by_id(session, about.id or 0, lock=True) if about else None
        if about is None:
            return False
        self._owe(session, about, row.taken_by)
        row.manager_told_at = self._clock()
        session.add(row)
        return True

    def _owe(self, session: Session, about: Referral, taken_by: str) -> None:
        now = self._clock()
        owed = Owed(
            kind=NoticeKind.STAFF_TASK, channel="staff", state=NoticeState.OWED, due_at=now + AT_ONCE,
            reason=f"a manager is asked for by {taken_by}, the call is on: {WANTED.task}",
        )  # fmt: skip
        task = self._owing.write(session, about, owed, About())
        task.for_role = WANTED.told
        climbed = Climbed(rung=WANTED, number=0, due_at=now, act_by=now + AT_ONCE, told=(WANTED.told,))
        self._alerting.tell(session, about, climbed, WANTED.told)
        audit.record(session, at=now, who=taken_by, what="Asked for a manager", referral_id=about.id)

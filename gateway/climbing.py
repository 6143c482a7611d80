"""Each minute: what has run out of time climbs the ladder, those who must know are told, and so is the sender."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from gateway import ladder, notices, saying, working_days
from gateway.alerting import Alerting
from gateway.clock import Clock
from gateway.desk import where
from gateway.desk_words import NOT_A_REPORT
from gateway.ladder import Climbed, Told
from gateway.life_cycle import Event, after
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from storage import audit, escalation, notice, referral
from storage.away import is_away
from storage.database import Database
from storage.escalation import Escalation
from storage.identity import Identity
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral, Severity, State

AT_ONCE = 100
NO_ANSWER = "No answer came: decide with what is known"
log = logging.getLogger(__name__)


class Climbing:
    """One transaction for each referral, which looks again once it holds it: two hosts at once climb once."""

    def __init__(
        self, *, database: Database, owing: Owing, reaching: Reaching, alerting: Alerting, clock: Clock
    ) -> None:
        self._database, self._clock = database, clock
        self._owing, self._reaching, self._alerting = owing, reaching, alerting

    async def look(self) -> int:
        """Everything that is due, however much; returns how many climbed. One that cannot is left for the next look."""
        now, climbed, left = self._clock(), 0, set[int]()
        while due := await self._database.read(lambda s: _due(s, now, left)):
            for referral_id in due:
                if await self._climbed(referral_id):
                    climbed += 1
                else:
                    left.add(referral_id)
        await self._database.write(self._settle)
        return climbed

    async def _climbed(self, referral_id: int) -> bool:
        try:
            return await self._database.write(lambda s: self.climb(s, referral_id))
        except Exception as error:
            if is_away(error):
                raise
            log.error("a referral cannot climb the ladder: %s\n%s", type(error).__name__, where(error))
            return False

    def climb(self, session: Session, referral_id: int) -> bool:
        """Whether anything was due for this one."""
        row, now = referral.by_id(session, referral_id, lock=True), self._clock()
        if row is None or row.state == State.CLOSED or row.rung_at is None or row.rung_at > now:
            return False
        if row.state == State.AWAITING_INFORMATION:
            self._end_waiting(session, row, now)
        due = ladder.climb(row, now)
        top = max((one.number for one in due if one.rung is not ladder.AT_THE_DOOR), default=0)
        for climbed in due:
            self._tell_staff(session, row, climbed, is_top=climbed.number == top)
        if row.promised_at is not None and row.promised_at <= now:
            self._tell_sender(session, row, row.promised_at, now)
        session.add(row)
        return True

    def _end_waiting(self, session: Session, row: Referral, now: datetime) -> None:
        """The sender's time is up, or it has become red: it is ours again."""
        if row.due_at > now and row.severity != Severity.RED:
            ladder.wait_for_sender(row, row.due_at, now)
            return
        row.state = after(Event.ANSWER_TIME_PASSED, row.state)
        row.next_action = f"{NO_ANSWER} ({row.asked_who_acts})" if row.asked_who_acts else NO_ANSWER
        ladder.start_clock(row, working_days.look_by(now), now)
        if row.severity == Severity.RED:
            ladder.rerate(row, now)
        ladder.promise(row, notices.next_notice_by(row.due_at))
        self._note(session, row, "Back in triage: the time for an answer has passed")

    def _tell_staff(self, session: Session, row: Referral, climbed: Climbed, *, is_top: bool) -> None:
        """Each role is told of its rung; what the rungs below asked for is asked no more, but an account stays owed."""
        if is_top:
            self._supersede(session, row, f"the {climbed.told[0].replace('_', ' ')} has it now")
        for role in climbed.told:
            says = climbed.rung.says
            self._note(session, row, f"{says[0].upper()}{says[1:]}: the {role.replace('_', ' ')} is told")
            task = None
            if is_top or role == Told.DIRECTOR:
                owed = notices.task(f"{says}: {climbed.rung.task}", self._clock())
                task = self._owing.write(session, row, replace(owed, due_at=climbed.act_by), About())
                task.for_role = role
            if row.treated_as != NOT_A_REPORT:
                self._alerting.tell(session, row, climbed, role)
            session.add(_written(row, climbed, role, self._clock(), task))
            session.flush()

    def _supersede(self, session: Session, row: Referral, why: str) -> None:
        for task in escalation.open_tasks(session, row.id or 0, but_for=Told.DIRECTOR):
            task.state, task.reason = NoticeState.CANCELLED, f"{task.reason} ({why})"
            session.add(task)

    def _tell_sender(self, session: Session, row: Referral, missed: datetime, now: datetime) -> None:
        """N7, with a new time that becomes the promise."""
        new_time = ladder.new_promise(row, now)
        who = session.get(Identity, row.identity_id) if row.identity_id else None
        owed, to = self._reaching.to_sender(session, row, NoticeKind.LATE, who)
        if owed.kind != NoticeKind.STAFF_TASK or not _asked_before(session, row, owed.reason):
            _withdraw_late(session, row)
            said = {"promised": missed, "new_time": new_time}
            self._owing.write(session, row, owed, About(identity=to, extra=said))
        row.late_count += 1
        ladder.promise(row, new_time)
        self._note(
            session, row, f"The promise of {saying.moment(missed)} was missed; the next is {saying.moment(new_time)}"
        )

    def _settle(self, session: Session) -> None:
        """What a rung asked for has been done, or it is closed: the task falls away, but an account stays owed."""
        for task in escalation.tasks_overtaken(session, but_for=Told.DIRECTOR, limit=AT_ONCE):
            task.state, task.reason = NoticeState.CANCELLED, f"{task.reason} (it has been done)"
            session.add(task)

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)


def _due(session: Session, now: datetime, left: Collection[int]) -> Sequence[int]:
    query = select(Referral.id).where(text("state <> 'closed'"), col(Referral.rung_at) <= now)
    query = query.where(col(Referral.id).not_in(left)).order_by(col(Referral.rung_at)).limit(AT_ONCE)
    return [found for found in session.exec(query) if found is not None]


def _written(row: Referral, climbed: Climbed, role: Told, at: datetime, task: Notice | None) -> Escalation:
    return Escalation(
        referral_id=row.id or 0, rung=climbed.number, name=climbed.rung.name, told=role, at=at,
        due_at=climbed.due_at, notice_id=task.id if task else None,
    )  # fmt: skip


def _asked_before(session: Session, row: Referral, reason: str | None) -> bool:
    """Telling the sender by hand is owed already: it is owed more urgently, not twice."""
    for task in notice.open_tasks(session, [row.id or 0]):
        if task.reason == reason:
            task.times += 1
            session.add(task)
            return True
    return False


def _withdraw_late(session: Session, row: Referral) -> None:
    """A late notice that nobody was able to send names a time that has passed."""
    for told in notice.of_referrals(session, [row.id or 0]):
        if told.kind == NoticeKind.LATE and told.state == NoticeState.OWED and told.sending_at is None:
            told.state, told.reason, told.limit_at = NoticeState.CANCELLED, "a later one takes its place", None
            session.add(told)

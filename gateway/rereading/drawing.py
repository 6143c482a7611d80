"""Each Monday the draw of last week's decisions not to act is made once, and whoever must know hears of what lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from sqlmodel import Session

from gateway import ladder, notices, working_days
from gateway.alerting import Alerting
from gateway.clock import Clock
from gateway.ladder import Climbed, Rung, Told
from gateway.owing import About, Owing
from gateway.rereading.lot import ONE_WEEK, drawn, monday_of, written
from storage import audit, direct, referral, rereading
from storage.database import Database
from storage.referral import Referral
from storage.rereading import Reread, RereadWeek

CODES = ("nfa", "advice")
DAYS_TO_READ = 5
MOST_WEEKS = 8
AT_ONCE = 100
UNREAD = "its decision was drawn to be read again and nobody has read it in time"
TASK = f"{UNREAD}: see that a manager reads it"
LATE = Rung(name="not_reread", says=UNREAD, told=Told.HEAD_OF_SERVICE, task="see that a manager reads it")


class Drawing:
    """A sweep of the watch. The row of a week is written once, whichever host comes first; it makes the draw."""

    def __init__(self, *, database: Database, owing: Owing, alerting: Alerting, clock: Clock, percent: int) -> None:
        self._database, self._owing, self._alerting, self._clock = database, owing, alerting, clock
        self._percent = percent

    async def look(self) -> int:
        """How many decisions were drawn or found unread."""
        weeks = await self._database.read(self._weeks_to_draw)
        drawn_now = 0
        for week in weeks:
            drawn_now += await self._database.write(lambda s, week=week: self.draw(s, week))  # type: ignore[misc]
        return drawn_now + await self._database.write(self._tell_of_unread)

    def _weeks_to_draw(self, session: Session) -> Sequence[date]:
        """Every whole week since the last draw, so that none is left out where the watch did not run."""
        this = monday_of(working_days.in_london(self._clock()).date())
        last = rereading.weeks(session, limit=1)
        first = max(last[0].week + ONE_WEEK, this - MOST_WEEKS * ONE_WEEK) if last else this - ONE_WEEK
        return [first + n * ONE_WEEK for n in range((this - first) // ONE_WEEK)]

    def draw(self, session: Session, week: date) -> int:
        """One week's draw, unless it was made; how many were drawn."""
        made = RereadWeek(week=week, percent=self._percent, pool="", drawn_at=self._clock())
        values = {name: getattr(made, name) for name in ("week", "percent", "pool", "drawn_at")}
        if not rereading.begin(session, values):
            return 0
        begin, end = (working_days.at_clock(day, time(0)) for day in (week, week + ONE_WEEK))
        pool = {row.ledger_no: row for row in rereading.closed_between(session, begin, end, codes=CODES)}
        rereading.keep_pool(session, week, written(list(pool)))
        due_on = working_days.add_working_days(week + ONE_WEEK, DAYS_TO_READ)
        chosen = drawn(week, list(pool), self._percent)
        for number in chosen:
            self._keep(session, week, pool[number], due_on)
        return len(chosen)

    def _keep(self, session: Session, week: date, row: Referral, due_on: date) -> None:
        direct.add(
            session,
            Reread(
                week=week, referral_id=row.id or 0, ledger_no=row.ledger_no, decision_code=row.decision_code or "",
                decided_by=row.decided_by or "", agreed_by=row.agreed_by or "", due_at=working_days.close_of(due_on),
            ),
        )  # fmt: skip
        what = f"Drawn to be read again, week of {week.isoformat()}"
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)

    def _tell_of_unread(self, session: Session) -> int:
        """The head of service has a task for each, and is told as of a rung of the ladder."""
        now = self._clock()
        late = rereading.unread_past(session, now, limit=AT_ONCE)
        for one in late:
            one.escalated_at = now
            session.add(one)
            row = referral.by_id(session, one.referral_id, lock=True)
            if row is not None:
                self._escalate(session, row, one)
        return len(late)

    def _escalate(self, session: Session, row: Referral, one: Reread) -> None:
        now, act_by = self._clock(), working_days.look_by(self._clock())
        owed = replace(notices.task(TASK, now), due_at=act_by)
        self._owing.write(session, row, owed, About()).for_role = LATE.told
        climbed = Climbed(rung=LATE, number=len(ladder.RUNGS), due_at=one.due_at, act_by=act_by, told=(LATE.told,))
        self._alerting.tell(session, row, climbed, LATE.told)
        what = f"{UNREAD[0].upper()}{UNREAD[1:]}: the head of service is told"
        audit.record(session, at=now, who="frontdoor", what=what, referral_id=row.id)

"""Step 4, notify: an owed notice is handed to its channel; failures are tried again, then put before a person."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session

from channels.contract import Sender, SendError, SendFailed, SendUnknown
from gateway import retrying, tracking
from gateway.clock import Clock
from gateway.delivery import Delivery
from gateway.handing_over import Attempt, CannotAsk, Taken, hand_over
from gateway.pausing import Pauses
from gateway.ready_to_send import outgoing
from gateway.sending_state import why_in_words
from gateway.tracking import Tracking
from storage import direct, notice, work
from storage.database import Database
from storage.notice import Notice, NoticeState
from storage.sealing import Seal
from storage.work import Claim

LEASE = timedelta(seconds=60)
SPREAD_OF_WAITING = 5.0  # seconds
LOST = "the provider's answer was lost; it may have been delivered"
SILENT = SendFailed(error=SendError.AWAY, reason="the provider does not answer")
log = logging.getLogger(__name__)


class Notifying:
    """Steps ``send`` and ``follow`` of the notifying queue. The intent commits before the provider is called."""

    def __init__(
        self,
        *,
        database: Database,
        seal: Seal,
        clock: Clock,
        senders: Mapping[str, Sender],
        delivery: Delivery,
        chance: Random | None = None,
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._senders, self._delivery = senders, delivery
        self._tracking = Tracking(database=database, clock=clock, senders=senders, delivery=delivery)
        self._pauses, self._chance = Pauses(), chance or Random()  # noqa: S311  # spreads waits, guards nothing

    async def step(self, held: Claim) -> None:
        """Send one notice, or settle why it cannot be sent; or ask what became of one that was."""
        if held.kind == tracking.KIND:
            await self._tracking.step(held)
            return
        attempt = await self._database.write(lambda s: self._intend(s, held))
        if attempt is None:
            return
        sender = self._senders.get(attempt.channel)
        if sender is None:
            why = SendFailed(error=SendError.NOT_TAKEN, reason=f"no way to send by {attempt.channel} is set up")
            await self._database.write(lambda s: self._failed(s, held, attempt, why))
            return
        try:
            taken = await hand_over(sender, attempt, self._tracking.is_anothers)
        except SendFailed as error:
            failure = error
            await self._database.write(lambda s: self._failed(s, held, attempt, failure))
        except CannotAsk:
            await self._database.write(lambda s: self._cannot_ask(s, held, attempt))
        except (SendUnknown, ConnectionError):
            await self._database.write(lambda s: self._unknown(s, held, attempt))
        else:
            self._pauses.answered(attempt.channel, begun_at=attempt.begun_at)
            await self._database.write(lambda s: self._sent(s, held, taken))

    def _intend(self, session: Session, held: Claim) -> Attempt | None:
        row, now = self._held_row(session, held), self._clock()
        if row.state != NoticeState.OWED:
            self._settled_elsewhere(session, held, row)
            return None
        about = notice.addressed(session, row)
        if self._delivery.withheld(session, row, about):
            work.done(session, held)
            return None
        if (pause := self._pauses.waits(row.channel, now, who=f"{held.id}:{held.token}")) is not None:
            at = pause.until + timedelta(seconds=SPREAD_OF_WAITING * self._chance.random())
            work.again(session, held, at=at, now=self._clock(), error=pause.why, counts=False)
            return None
        work.beat(session, held, now=now, lease=LEASE)
        may_be_sent = row.sending_at is not None
        row.sending_at, row.attempts = now, row.attempts + 1
        direct.save(session, row)
        return Attempt(
            notice=outgoing(self._seal, row, about, now), channel=row.channel, may_be_sent=may_be_sent,
            number=row.attempts, begun_at=now,
        )  # fmt: skip

    def _held_row(self, session: Session, held: Claim) -> Notice:
        row = notice.by_id(session, held.subject, lock=True)
        if row is None:
            raise LookupError("the notice is gone")
        return row

    def _settled_elsewhere(self, session: Session, held: Claim, row: Notice) -> None:
        """A report came before the answer to ``send``: what it leaves open is followed all the same."""
        work.done(session, held)
        if row.state == NoticeState.SENT:
            self._tracking.begin(session, row)

    def _sent(self, session: Session, held: Claim, taken: Taken) -> None:
        work.done(session, held)
        row = self._held_row(session, held)
        row.provider_id, row.sending_at = taken.provider_id, None
        if row.state == NoticeState.OWED:
            row.reason = taken.remark
        self._delivery.sent(row, self._clock())
        self._tracking.begin(session, row)
        direct.save(session, row)

    def _failed(self, session: Session, held: Claim, attempt: Attempt, error: SendFailed) -> None:
        row = session.get_one(Notice, held.subject)
        if row.state != NoticeState.OWED:
            self._settled_elsewhere(session, held, row)
            return
        policy = None if error.permanent else retrying.policy_of(error.error)
        if policy is None or not policy.of_channel:
            self._pauses.answered(attempt.channel, begun_at=attempt.begun_at)
        if policy is None or (policy.counts and held.is_last_try):
            work.done(session, held)
            self._delivery.failed(session, row, error.reason, error=error.error)
            return
        row.sending_at, row.reason = None, error.reason
        session.add(row)
        if policy.of_channel:
            at = self._pause(attempt, error)
        else:
            at = self._clock() + policy.wait(attempt.number, self._chance, asked_for=error.retry_after)
        work.again(
            session, held, at=at, now=self._clock(), error=why_in_words(attempt.channel, error), counts=policy.counts
        )

    def _pause(self, attempt: Attempt, error: SendFailed) -> datetime:
        """Nothing more is tried on this channel until then."""
        if error.error is SendError.NOT_SET_UP:
            log.error("sending by %s: %s; an operator must act", attempt.channel, error.reason)
        policy = retrying.POLICIES[error.error]
        return self._pauses.failed(
            attempt.channel, why_in_words(attempt.channel, error), self._clock(),
            lambda failures: policy.wait(failures, self._chance, asked_for=error.retry_after),
            begun_at=attempt.begun_at,
        )  # fmt: skip

    def _cannot_ask(self, session: Session, held: Claim, attempt: Attempt) -> None:
        """``sending_at`` stays: what may have been sent is never sent again before the provider could be asked."""
        at = self._pause(attempt, SILENT)
        work.again(session, held, at=at, now=self._clock(), error=why_in_words(attempt.channel, SILENT), counts=False)

    def _unknown(self, session: Session, held: Claim, attempt: Attempt) -> None:
        """The provider may have taken it: looked up a little later, and put before a person if that fails too."""
        row = session.get_one(Notice, held.subject)
        self._pause(attempt, SILENT)
        if row.state != NoticeState.OWED:
            self._settled_elsewhere(session, held, row)
            return
        if held.is_last_try:
            work.done(session, held)
            self._delivery.failed(session, row, LOST)
            return
        row.reason = LOST
        session.add(row)
        at = self._clock() + retrying.UNKNOWN.wait(held.attempts, self._chance)
        work.again(session, held, at=at, now=self._clock(), error=why_in_words(attempt.channel, SILENT))

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """The step itself failed each time: a person owes the notice. What is only followed has its limit."""
        row = session.get_one(Notice, held.subject)
        if held.kind != tracking.KIND and row.state == NoticeState.OWED:
            self._delivery.failed(session, row, f"sending failed each time ({error})")

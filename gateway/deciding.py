"""What staff do with a referral: each step checked against the life cycle, recorded, and told to the sender."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from gateway import ladder, leases, notices, time_limit
from gateway.agreed_by import managers_are_known
from gateway.clock import Clock
from gateway.decisions import DECISIONS, due_after
from gateway.guards import RISING, Actor, Attempt, rank
from gateway.life_cycle import AT_IT, Action, check, check_role
from gateway.owing import Owing
from gateway.reaching import Reaching
from gateway.reopening import start_again
from gateway.telling_senders import TellingSenders
from storage import audit, claim, referral, staff, was
from storage.referral import Referral, Severity, State

__all__ = ["RISING", "Actor", "Deciding", "NotFound"]

FLAGS = {"child_told_us": "a child told us", "may_be_malicious": "it may be malicious"}
CODED = {
    "contact_source": ("contact_source_code", "the contact source is"),
    "primary_need": ("primary_need_code", "the primary need is"),
}
"""What is chosen as a code of the census, by its field: the column it goes to, and how history says it."""
ON_CLOSING = {
    "handed_to": "Passed to", "receipt": "Their receipt", "accepted_by": "Accepted by", "case_id": "Case number",
    "read_by": "Read by", "answer": "Answered",
}  # fmt: skip


LEASE = timedelta(minutes=15)


class NotFound(Exception):
    """There is no referral with this reference."""


class Deciding:
    """Every action in the transaction it is given; ``asked`` are the values typed with it."""

    def __init__(
        self, *, owing: Owing, reaching: Reaching, clock: Clock, outcome_levels: Mapping[str, int] | None = None,
        lease: timedelta = LEASE,
    ) -> None:  # fmt: skip
        self._clock, self.lease = clock, lease
        self._telling = TellingSenders(owing=owing, reaching=reaching, clock=clock, levels=outcome_levels or {})
        self._steps: dict[Action, Callable[[Session, Attempt], str]] = {
            Action.CLAIM: self._claim, Action.RELEASE: self._release, Action.OPEN: self._open,
            Action.RATE: self._rate, Action.ASK: self._ask, Action.DECIDE: self._decide, Action.CLOSE: self._close,
            Action.REOPEN: self._reopen, Action.LINK: self._link, Action.NOTE: self._note,
        }  # fmt: skip

    def act(
        self, session: Session, reference: str, action: Action, actor: Actor, asked: Mapping[str, str], *,
        agreed_role: str | None = None,
    ) -> Referral:  # fmt: skip
        """Do it; raises ``NotFound``, ``NotAllowed``, ``WrongRole`` or ``Incomplete`` and then changes nothing.

        ``agreed_role``: of whoever agrees, where they do so themselves and are not only named.
        """
        row = referral.by_reference(session, reference, lock=True)
        if row is None:
            raise NotFound(reference)
        attempt = self.attempt(session, row, action, actor, asked)
        attempt = replace(attempt, agreed_role=agreed_role or attempt.agreed_role)
        rule, before = check(action, attempt), was.as_it_is(row)
        had = row.owner
        what = self._steps[action](session, attempt)
        if rule.target is not None:
            row.state = rule.target
        self._stay_at_it(session, attempt, action, had)
        was.changed(session, row, before, self._clock())
        audit.record(session, at=self._clock(), who=actor.name, what=what, referral_id=row.id)
        session.add(row)
        return row

    def next(self, session: Session, actor: Actor) -> Referral | None:
        """Take what comes next for them; None where nothing is left. Raises ``WrongRole``."""
        check_role(Action.CLAIM, actor)
        row = leases.next_for(session, actor, self._clock())
        return row and self.act(session, row.reference, Action.CLAIM, actor, {})

    def _stay_at_it(self, session: Session, attempt: Attempt, action: Action, had: str | None) -> None:
        """Who takes a step has the lease; what somebody else had is taken over, and that is said."""
        row, name, now = attempt.row, attempt.actor.name, attempt.now
        if action in AT_IT:
            if had not in (None, name):
                audit.record(session, at=now, who=name, what=f"Taken over from {had}", referral_id=row.id)
            row.owner = name
        if row.state == State.CLOSED:
            leases.release(row)
        elif action in AT_IT or leases.in_force(row, now) == name:
            leases.take(row, name, now, self.lease)

    def attempt(
        self, session: Session, row: Referral, action: Action, actor: Actor, asked: Mapping[str, str]
    ) -> Attempt:
        """A step as the guards look at it, not taken."""
        agreed_by = asked.get("agreed_by", "").strip()
        other = referral.by_reference(session, asked.get("to", "").strip().upper()) if action == Action.LINK else None
        return Attempt(
            row=row, actor=actor, asked=asked, now=self._clock(),
            agreed_role=staff.role_by_typed_name(session, agreed_by),
            managers_are_known=bool(agreed_by) and managers_are_known(session),
            can_be_asked=action != Action.ASK or self._telling.can_be_asked(session, row),
            other=other.reference if other and other.id != row.id else None,
            confirmed=claim.confirmed_of(session, row.id or 0) if asked.get("rests_on") else frozenset(),
        )  # fmt: skip

    def _claim(self, _: Session, attempt: Attempt) -> str:
        row, name, now = attempt.row, attempt.actor.name, attempt.now
        had = leases.in_force(row, now) or row.owner
        row.owner = name
        leases.take(row, name, now, self.lease)
        if had in (None, name):
            return "Claimed"
        reason = attempt.said("reason")
        return f"Taken over from {had}" + (f": {reason}" if reason else "")

    def _release(self, _: Session, attempt: Attempt) -> str:
        attempt.row.owner = None
        leases.release(attempt.row)
        return "Released to the queue"

    def _open(self, _: Session, attempt: Attempt) -> str:
        row, now = attempt.row, attempt.now
        row.looked_at, row.looked_by = row.looked_at or now, row.looked_by or attempt.actor.name
        row.owner = row.owner or attempt.actor.name
        row.next_action = "Decide the next steps"
        ladder.start_clock(row, max(row.due_at, now + ladder.TO_DECIDE), now)
        if row.promised_at is not None:
            ladder.opened(row, now)
        return "Opened: a social worker has looked"

    def _rate(self, session: Session, attempt: Attempt) -> str:
        row, severity = attempt.row, Severity(attempt.said("severity"))
        before, row.severity = row.severity, severity
        row.severity_highest = max(row.severity_highest, before, severity, key=rank)
        flags = self._heed_flags(attempt)
        ladder.rerate(row, attempt.now)
        if severity == Severity.RED:
            time_limit.shorten(session, row.id or 0)
        agreed = f" Agreed by {_agreed(attempt)}." if attempt.said("agreed_by") else ""
        return f"Rated {severity} (was {before}): {attempt.said('reason')}{agreed}{flags}"

    def _ask(self, session: Session, attempt: Attempt) -> str:
        row, answer_by = attempt.row, attempt.moment("answer_by") or attempt.now
        row.asked_who_acts = attempt.said("who_acts") or row.owner or attempt.actor.name
        row.next_action = "Decide with what is known, unless an answer comes"
        ladder.wait_for_sender(row, answer_by, attempt.now)
        is_by_hand = self._telling.ask(session, row, attempt.said("question"), answer_by)
        how = "A person owes the sender a question" if is_by_hand else "Asked the sender a question"
        return f"{how}; if no answer comes, {row.asked_who_acts} acts"

    def _decide(self, session: Session, attempt: Attempt) -> str:
        row, now, again = attempt.row, attempt.now, attempt.row.decided_at is not None
        code, reason, level = attempt.said("code"), attempt.said("reason"), attempt.said("level")
        flags = self._heed_flags(attempt)
        row.decision_code, row.decision_reason, row.decision_level = code, reason, int(level)
        row.decided_by, row.decided_at = attempt.actor.name, now
        row.agreed_by = attempt.said("agreed_by") or None
        row.handed_to = ""
        row.handed_to = _handed_to(attempt)
        row.next_action = DECISIONS[code].next_action
        answer_by = attempt.moment("answer_by") or notices.next_notice_by(now)
        ladder.start_clock(row, due_after(code, answer_by, now, is_red=row.severity == Severity.RED), now)
        ladder.keep_promise(row)
        self._telling.decided(session, attempt, answer_by=answer_by, again=again)
        agreed = f" Agreed by {_agreed(attempt)}." if row.agreed_by else ""
        return f"Decided: {code}, level {level}. {reason}{agreed}{flags}{_rests_on(attempt)}"

    def _close(self, session: Session, attempt: Attempt) -> str:
        row, reason = attempt.row, attempt.said("reason")
        row.handed_to = _handed_to(attempt)
        row.handed_receipt = attempt.said("receipt") or row.handed_receipt
        row.closed_at, row.close_reason = attempt.now, reason
        ladder.stop_clock(row)
        self._telling.closed(session, attempt)
        more = (f"{label}: {attempt.said(field)}" for field, label in ON_CLOSING.items() if attempt.said(field))
        return ". ".join((f"Closed: {reason}", *more))

    def _reopen(self, _: Session, attempt: Attempt) -> str:
        start_again(attempt.row, attempt.now)
        return f"Reopened: {attempt.said('reason')}"

    def _link(self, _: Session, attempt: Attempt) -> str:
        attempt.row.linked_to = attempt.other
        return f"Linked to {attempt.other}"

    def _note(self, _: Session, attempt: Attempt) -> str:
        return f"Note: {attempt.said('text')}"

    def _heed_flags(self, attempt: Attempt) -> str:
        """Who the sender is to us and what makes a decision need a manager; what changed, for the history."""
        row, changed = attempt.row, []
        if (told_as := attempt.said("told_as")) and told_as != row.told_as:
            row.told_as = told_as
            changed.append(f"the sender is told as {told_as}")
        for asked, (column, words) in CODED.items():
            if (code := attempt.said(asked)) and code != getattr(row, column):
                setattr(row, column, code)
                changed.append(f"{words} {code}")
        for field, words in FLAGS.items():
            said = attempt.yes(field)
            if said is not None and said != getattr(row, field):
                setattr(row, field, said)
                changed.append(words if said else f"no longer: {words}")
        return f" ({'; '.join(changed)})" if changed else ""


def _agreed(attempt: Attempt) -> str:
    """The name as history says it: with a word on it where nobody of that name has an account."""
    name = attempt.said("agreed_by")
    return name if attempt.agreed_role is not None else f"{name}, who has no account here"


def _rests_on(attempt: Attempt) -> str:
    count = len(set(attempt.rests_on()))
    return f" It rests on {count} confirmed value{'s' if count != 1 else ''}." if count else ""


def _handed_to(attempt: Attempt) -> str:
    """The other council and its phone number, one line each; what was said earlier stays unless it is said anew."""
    council, _, phone = attempt.row.handed_to.partition("\n")
    return "\n".join((attempt.said("handed_to") or council, attempt.said("handed_phone") or phone)).rstrip()

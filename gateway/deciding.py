"""What staff do with a referral: each step checked against the life cycle, recorded, and told to the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from gateway import notices, working_days
from gateway.clock import Clock
from gateway.ladder import hasten, start_clock
from gateway.life_cycle import DECISIONS, SECOND_PERSON, Action, Incomplete, NotAllowed, Rule, allowed, check
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from storage import audit, referral
from storage.identity import Identity
from storage.notice import NoticeKind
from storage.referral import Referral, Severity, State

RATING_HOURS = {Severity.RED: 4, Severity.AMBER: 24}
RISING = (Severity.UNRATED, Severity.BLUE, Severity.GREEN, Severity.AMBER, Severity.RED)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, as history shows it."""

    name: str
    role: str


class NotFound(Exception):
    """There is no referral with this reference."""


class Deciding:
    """Every action in the transaction it is given; ``asked`` are the values typed with it."""

    def __init__(self, *, owing: Owing, reaching: Reaching, clock: Clock) -> None:
        self._owing, self._reaching, self._clock = owing, reaching, clock

    def act(self, session: Session, reference: str, action: Action, actor: Actor, asked: Mapping[str, str]) -> Referral:
        """Do it; raises ``NotFound``, ``NotAllowed``, ``WrongRole`` or ``Incomplete`` and then changes nothing."""
        row = referral.by_reference(session, reference, lock=True)
        if row is None:
            raise NotFound(reference)
        rule = check(action, row.state, actor.role)
        what = getattr(self, f"_{action}")(session, row, actor, asked)
        self._move(row, rule)
        audit.record(session, at=self._clock(), who=actor.name, what=what, referral_id=row.id)
        session.add(row)
        return row

    def _move(self, row: Referral, rule: Rule) -> None:
        if rule.target is not None:
            row.state = rule.target

    def _claim(self, _: Session, row: Referral, actor: Actor, __: Mapping[str, str]) -> str:
        if row.owner not in (None, actor.name):
            raise NotAllowed(f"{row.owner} has it already", tuple(a for a in allowed(row.state) if a != Action.CLAIM))
        row.owner = actor.name
        return "Claimed"

    def _release(self, _: Session, row: Referral, __: Actor, ___: Mapping[str, str]) -> str:
        row.owner = None
        return "Released to the queue"

    def _open(self, _: Session, row: Referral, actor: Actor, __: Mapping[str, str]) -> str:
        now = self._clock()
        row.looked_at, row.looked_by = row.looked_at or now, row.looked_by or actor.name
        row.owner = row.owner or actor.name
        row.next_action = "Decide the next steps"
        start_clock(row, max(row.look_by, now + timedelta(hours=1)), now)
        return "Opened: a social worker has looked"

    def _rate(self, _: Session, row: Referral, __: Actor, asked: Mapping[str, str]) -> str:
        severity, reason = asked.get("severity", ""), asked.get("reason", "").strip()
        if severity not in RISING[1:]:
            raise Incomplete("severity", "Choose blue, green, amber or red")
        if not reason:
            raise Incomplete("reason", "Say why")
        before, row.severity = row.severity, Severity(severity)
        hours = RATING_HOURS.get(Severity(severity))
        if hours is not None and row.state in (State.IN_TRIAGE, State.AWAITING_INFORMATION, State.REOPENED):
            hasten(row, row.received_at + timedelta(hours=hours))
        return f"Rated {severity} (was {before}): {reason}"

    def _ask(self, session: Session, row: Referral, _: Actor, asked: Mapping[str, str]) -> str:
        question = asked.get("question", "").strip()
        if row.severity == Severity.RED:
            raise NotAllowed("a red referral is not kept waiting for an answer", (Action.DECIDE, Action.NOTE))
        if not question:
            raise Incomplete("question", "Write the question")
        answer_by = _time(asked.get("answer_by", ""), "answer_by")
        if answer_by <= self._clock():
            raise Incomplete("answer_by", "The answer must be due in the future")
        row.next_action = "Decide with what is known, unless an answer comes"
        start_clock(row, answer_by, self._clock())
        self._tell(session, row, NoticeKind.NEED_MORE, {"question": question, "answer_by": answer_by})
        return "Asked the sender a question"

    def _decide(self, session: Session, row: Referral, actor: Actor, asked: Mapping[str, str]) -> str:
        code, reason = asked.get("code", ""), asked.get("reason", "").strip()
        level, agreed_by = asked.get("level", ""), asked.get("agreed_by", "").strip()
        if code not in DECISIONS:
            raise Incomplete("code", "Choose a decision: " + ", ".join(DECISIONS))
        if not reason:
            raise Incomplete("reason", "Say why")
        if level not in ("1", "2", "3", "4"):
            raise Incomplete("level", "Choose the level of need, 1 to 4")
        if code in SECOND_PERSON and agreed_by in ("", actor.name):
            raise Incomplete("agreed_by", "A second person must agree")
        row.decision_code, row.decision_reason, row.decision_level = code, reason, int(level)
        row.decided_by, row.agreed_by, row.decided_at = actor.name, agreed_by or None, self._clock()
        row.next_action = "Finish the work of the door and close"
        start_clock(row, notices.next_notice_by(self._clock()), self._clock())
        self._tell(session, row, NoticeKind.LOOKED_AT, {"agreed_by": agreed_by} if agreed_by else {})
        return f"Decided: {code}, level {level}. {reason}"

    def _close(self, session: Session, row: Referral, _: Actor, asked: Mapping[str, str]) -> str:
        reason = asked.get("reason", "").strip()
        if not reason:
            raise Incomplete("reason", "Say why it is finished")
        row.closed_at, row.close_reason = self._clock(), reason
        self._tell(session, row, NoticeKind.CLOSED, {"agreed_by": row.agreed_by} if row.agreed_by else {})
        return f"Closed: {reason}"

    def _reopen(self, _: Session, row: Referral, __: Actor, asked: Mapping[str, str]) -> str:
        reason = asked.get("reason", "").strip()
        if not reason:
            raise Incomplete("reason", "Say why")
        row.closed_at, row.next_action = None, "Look at it again"
        start_clock(row, working_days.look_by(self._clock()), self._clock())
        return f"Reopened: {reason}"

    def _link(self, session: Session, row: Referral, _: Actor, asked: Mapping[str, str]) -> str:
        other = referral.by_reference(session, asked.get("to", "").strip().upper())
        if other is None or other.id == row.id:
            raise Incomplete("to", "Give the reference of another referral")
        row.linked_to = other.reference
        return f"Linked to {other.reference}"

    def _note(self, _: Session, __: Referral, ___: Actor, asked: Mapping[str, str]) -> str:
        if not (text := asked.get("text", "").strip()):
            raise Incomplete("text", "Write the note")
        return f"Note: {text}"

    def _tell(self, session: Session, row: Referral, kind: NoticeKind, extra: Mapping[str, object]) -> None:
        who = session.get(Identity, row.identity_id) if row.identity_id else None
        owed, to = self._reaching.to_sender(session, row, kind, who)
        self._owing.write(session, row, owed, About(identity=to, extra=extra))


def _time(text: str, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Incomplete(field, "Give a date and time such as 2026-11-26T17:00") from None
    return at if at.tzinfo else at.replace(tzinfo=working_days.LONDON)

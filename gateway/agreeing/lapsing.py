"""What waits for agreement comes to its end: answered, withdrawn, or lapsed because the referral has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway.agreeing.standing import as_it_stands
from storage import agreement, audit, notice, referral
from storage.agreement import Agreement, Answer
from storage.notice import NoticeState
from storage.referral import Referral, State

AT_ONCE = 200
CHANGED = "it has changed since it was asked for"
AGAIN = "Decide the next steps"


def settle(session: Session, one: Agreement, answer: Answer, *, by: str, said: str, now: datetime) -> None:
    """The end of it, and of the task that stood for it."""
    one.state, one.settled_by, one.settled_at, one.said = answer, by, now, said
    session.add(one)
    task = notice.by_id(session, one.notice_id, lock=True)
    if task is None or task.state != NoticeState.OWED:
        return
    if answer in (Answer.AGREED, Answer.DISAGREED):
        task.state, task.sent_at, task.attempts = NoticeState.SENT, now, task.attempts + 1
    else:
        task.state = NoticeState.CANCELLED
    task.reason = f"{task.reason} ({answer})"
    session.add(task)


def has_changed(one: Agreement, row: Referral) -> bool:
    """Whether it is not what it was when they asked: nobody may agree to it any more."""
    return one.stood != as_it_stands(row, one.asked_by)


def lapse(session: Session, one: Agreement, row: Referral, now: datetime) -> None:
    """It has changed: whoever asked decides anew."""
    settle(session, one, Answer.LAPSED, by="frontdoor", said=CHANGED, now=now)
    if row.state in (State.IN_TRIAGE, State.AWAITING_INFORMATION):
        row.next_action = AGAIN
        session.add(row)
    what = f"The agreement that {one.asked_by} asked for lapsed: {CHANGED}"
    audit.record(session, at=now, who="frontdoor", what=what, referral_id=row.id)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """``changed``: ids of those that wait on a referral that has changed since; ``place``: where to go on, None at the
    end.
    """

    changed: tuple[str, ...]
    place: tuple[datetime, str] | None


def look_at_some(session: Session, place: tuple[datetime, str] | None) -> Looked:
    """At the next of those that wait, from a place on."""
    found = agreement.pending(session, limit=AT_ONCE, after=place)
    rows = {row.id: row for row in referral.every_one(session, references=(), ids=[one.referral_id for one in found])}
    changed = [one.id for one in found if one.referral_id in rows and has_changed(one, rows[one.referral_id])]
    is_end = len(found) < AT_ONCE
    return Looked(changed=tuple(changed), place=None if is_end else (found[-1].due_at, found[-1].id))


def lapse_if_changed(session: Session, agreement_id: str, *, now: datetime) -> bool:
    """Held and looked at again; whether it lapsed."""
    found = agreement.by_id(session, agreement_id)
    row = referral.by_id(session, found.referral_id, lock=True) if found else None
    one = agreement.by_id(session, agreement_id, lock=True)
    if row is None or one is None or one.state != Answer.ASKED or not has_changed(one, row):
        return False
    lapse(session, one, row, now)
    return True

"""What waits for agreement comes to its end: answered, withdrawn, or lapsed because the referral has changed."""

from __future__ import annotations

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


def changed(session: Session) -> list[str]:
    """The ids of those that wait on a referral that has changed since."""
    found = agreement.pending(session, limit=AT_ONCE)
    rows = {row.id: row for row in referral.every_one(session, references=(), ids=[one.referral_id for one in found])}
    return [one.id for one in found if one.referral_id in rows and has_changed(one, rows[one.referral_id])]


def lapse_changed(session: Session, *, now: datetime) -> int:
    """Those lapse, each held and looked at again; how many did."""
    lapsed = 0
    for each in changed(session):
        found = agreement.by_id(session, each)
        row = referral.by_id(session, found.referral_id, lock=True) if found else None
        one = agreement.by_id(session, each, lock=True)
        if row is not None and one is not None and one.state == Answer.ASKED and has_changed(one, row):
            lapse(session, one, row, now)
            lapsed += 1
    return lapsed

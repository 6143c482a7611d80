"""A task somebody owes is done: not without a result, and history says what it was and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from gateway.deciding import Actor, NotFound
from gateway.life_cycle import ANY_STAFF, Incomplete, NotAllowed, WrongRole
from storage import agreement, audit, notice
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral


def finish(session: Session, row: Referral, task_id: str, actor: Actor, result: str, *, at: datetime) -> Notice:
    """Mark it done; raises ``NotFound``, ``WrongRole``, ``NotAllowed`` or ``Incomplete`` and then changes nothing."""
    if actor.role not in ANY_STAFF:
        raise WrongRole("a task is finished by staff")
    task = notice.by_id(session, task_id, lock=True)
    if task is None or task.referral_id != row.id or task.kind != NoticeKind.STAFF_TASK:
        raise NotFound(task_id)
    if task.state != NoticeState.OWED:
        raise NotAllowed("this task is done already", ())
    if agreement.of_tasks(session, [task.id]):
        raise NotAllowed("this task is answered by agreeing or disagreeing, on its own page", ())
    if not (said := " ".join(result.split())):
        raise Incomplete("result", "Say what came of it")
    what = f"Task done: {task.reason}. Result: {said}"
    task.state, task.sent_at, task.attempts, task.reason = NoticeState.SENT, at, task.attempts + 1, said
    session.add(task)
    audit.record(session, at=at, who=actor.name, what=what, referral_id=row.id)
    return task

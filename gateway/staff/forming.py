"""What a worker may do with a referral now: who is at it, each step and what it needs, and whose agreement waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway.agreeing.answering import may_answer
from gateway.agreeing.asking import STEPS
from gateway.agreeing.lapsing import has_changed
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.staff.at_it import AtIt, at_it
from gateway.staff.steps import FORMS, Step, in_order, step
from storage import agreement, notice
from storage.agreement import Agreement, Answer
from storage.referral import Referral, State

SHOWN_WHILE = frozenset({State.IN_TRIAGE, State.AWAITING_INFORMATION, State.RECEIVED, State.REOPENED})


@dataclass(frozen=True, kw_only=True)
class Waits:
    """A step that waits, or waited, for somebody's agreement; ``said`` is why they disagreed or why it lapsed."""

    id: str
    what: str
    by: str
    asked_by: str
    asked_at: datetime
    state: str
    settled_by: str
    said: str
    why_not: str
    is_yours: bool


@dataclass(frozen=True, kw_only=True)
class Work:
    """``steps``: what may be done, the one the work waits for first; ``not_now``: the others, and why not.

    ``agreements``: the address of the page where a task is answered, by the task's id.
    """

    at_it: AtIt
    steps: tuple[Step, ...]
    not_now: tuple[Step, ...]
    waits: Waits | None
    agreements: Mapping[str, str]


def work_of(core: Core, session: Session, row: Referral, actor: Actor) -> Work:
    """Of this referral for this worker."""
    every = [step(action, core.deciding.attempt(session, row, action, actor, {})) for action in FORMS]
    tasks = [task.id for task in notice.open_tasks(session, [row.id or 0])]
    return Work(
        at_it=at_it(row, actor, core.clock()),
        steps=tuple(in_order([one for one in every if not one.why_not])),
        not_now=tuple(one for one in every if one.why_not),
        waits=_waits(agreement.latest_of(session, row.id or 0), row, actor),
        agreements={task: f"/agreements/{one.id}" for task, one in agreement.of_tasks(session, tasks).items()},
    )


def _waits(one: Agreement | None, row: Referral, actor: Actor) -> Waits | None:
    """The last one asked for, while it says anything about what is to be done next."""
    if one is None or row.state not in SHOWN_WHILE or one.state in (Answer.AGREED, Answer.WITHDRAWN):
        return None
    if one.state == Answer.LAPSED and has_changed(one, row) and row.decided_at is not None:
        return None
    return Waits(
        id=one.id, what=STEPS[Action(one.action)], by="manager" if one.needs_manager else "second person",
        asked_by=one.asked_by, asked_at=one.asked_at, state=one.state, settled_by=one.settled_by, said=one.said,
        why_not=may_answer(one, actor), is_yours=one.asked_by == actor.name,
    )  # fmt: skip

"""A step that a second person must agree to is kept, sealed, until one has; a task stands for it in the queue."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sqlmodel import Session

from gateway import leases, notices
from gateway.agreeing.lapsing import settle
from gateway.agreeing.standing import as_it_stands
from gateway.core import Core
from gateway.guards import Attempt
from gateway.life_cycle import Action, NotAllowed, check, check_role, check_state, unmet
from gateway.owing import About
from storage import agreement, audit, referral
from storage.agreement import Agreement, Answer
from storage.referral import Severity
from storage.staff import Role

AGREED_BY = "agreed_by"
NOT_KEPT = frozenset({AGREED_BY, "mark", "shown"})
SOMEBODY = "whoever agrees"
STEPS = {Action.DECIDE: "a decision", Action.RATE: "a rating"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who must agree to a step, and for what reasons; ``by`` is how they are called."""

    needs_manager: bool
    because: tuple[str, ...]

    @property
    def by(self) -> str:
        """A manager, or any second person who does social work."""
        return "manager" if self.needs_manager else "second person"


def wanted(action: Action, attempt: Attempt) -> Wanted | None:
    """Whose agreement is all that this step lacks; None if it lacks none, or something else as well."""
    lacking = unmet(action, attempt)
    if not lacking or any(guard.field != AGREED_BY for guard in lacking):
        return None
    seconded = replace(attempt, asked={**attempt.asked, AGREED_BY: SOMEBODY}, agreed_role=Role.SOCIAL_WORKER)
    return Wanted(needs_manager=bool(unmet(action, seconded)), because=tuple(guard.says for guard in lacking))


def ask(core: Core, session: Session, action: Action, attempt: Attempt) -> Agreement:
    """Keep the step and ask for agreement; raises what the step would raise for anything but the agreement it lacks.

    An earlier one of this referral that nobody answered is withdrawn: two cannot wait at once.
    """
    row, actor, now = attempt.row, attempt.actor, attempt.now
    referral.by_id(session, row.id or 0, lock=True)
    check_role(action, actor)
    check_state(action, row.state)
    needed = wanted(action, attempt)
    if needed is None:
        check(action, attempt)
        raise NotAllowed("nobody has to agree to this: it can be saved as it is", (action,))
    for earlier in agreement.pending_of(session, row.id or 0, lock=True):
        settle(session, earlier, Answer.WITHDRAWN, by=actor.name, said="asked for anew", now=now)
    row.owner = row.owner or actor.name
    leases.take(row, actor.name, now, core.deciding.lease)
    if action == Action.DECIDE:
        row.next_action = f"A {needed.by} has to agree to the decision"
    one = _kept(core, session, action, attempt, needed)
    session.add_all((row, one))
    said = f"Asked for the agreement of a {needed.by} to {STEPS[action]}"
    audit.record(session, at=now, who=actor.name, what=said, referral_id=row.id)
    return one


def _kept(core: Core, session: Session, action: Action, attempt: Attempt, needed: Wanted) -> Agreement:
    """Sealed, with the task that stands for it."""
    row, actor, now = attempt.row, attempt.actor, attempt.now
    task = notices.task(f"agree or disagree to {STEPS[action]}", now, is_red=row.severity == Severity.RED)
    written = core.owing.write(session, row, task, About())
    written.for_role = needed.by.replace(" ", "_")
    session.add(written)
    one = Agreement(
        referral_id=row.id or 0, action=action, asked_by=actor.name, asked_role=actor.role, asked_at=now,
        due_at=task.due_at, needs_manager=needed.needs_manager, notice_id=written.id,
        stood=as_it_stands(row, actor.name), sealed=b"",
    )  # fmt: skip
    kept = {name: value for name, value in attempt.asked.items() if name not in NOT_KEPT}
    one.sealed = core.seal.close(json.dumps(kept).encode(), f"agreement:{one.id}")
    return one


def typed_in(core: Core, one: Agreement) -> dict[str, str]:
    """The values of the step that waits, opened."""
    opened = json.loads(core.seal.open(one.sealed, f"agreement:{one.id}"))
    return {str(name): str(value) for name, value in opened.items()}

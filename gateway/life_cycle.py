"""Which step of the work may follow which, and what each one needs: the table of domain.md 2.8 in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway import guards
from gateway.decisions import DECISIONS
from gateway.guards import Actor, Attempt, Guard, needs
from storage.referral import State
from storage.staff import Role

__all__ = ["DECISIONS"]


class Action(StrEnum):
    """What somebody may do with a referral."""

    CLAIM = "claim"
    RELEASE = "release"
    OPEN = "open"
    RATE = "rate"
    ASK = "ask"
    DECIDE = "decide"
    CLOSE = "close"
    REOPEN = "reopen"
    LINK = "link"
    NOTE = "note"


class Event(StrEnum):
    """What moves a referral without anybody of the staff taking a step."""

    NEW_MESSAGE = "new message"
    ANSWER_TIME_PASSED = "answer time passed"
    NOT_TOLD = "the decision could not be told"
    CHALLENGED = "the sender asks for another look"


class NotAllowed(Exception):
    """The life cycle does not allow this now; ``allowed`` says what it does allow."""

    def __init__(self, what: str, allowed: tuple[str, ...]) -> None:
        super().__init__(what)
        self.what, self.allowed = what, allowed


class Incomplete(Exception):
    """Something that this step needs is missing; ``field`` names it."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field, self.what = field, what


class WrongRole(Exception):
    """Whoever asks may not do this."""


OPEN_STATES = frozenset(State) - {State.CLOSED}
ALL = frozenset(State)
SOCIAL_WORK = frozenset({Role.SOCIAL_WORKER, Role.MANAGER, Role.ADMINISTRATOR})
ANY_STAFF = SOCIAL_WORK | {Role.CALL_TAKER}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From which states, to which (None: it stays), who may, and what must hold, asked in this order."""

    source: frozenset[State]
    target: State | None
    roles: frozenset[Role] = SOCIAL_WORK
    guards: tuple[Guard, ...] = ()


RULES = {
    Action.CLAIM: Rule(source=OPEN_STATES, target=None, roles=ANY_STAFF, guards=guards.CLAIMING),
    Action.RELEASE: Rule(source=OPEN_STATES, target=None, roles=ANY_STAFF, guards=guards.RELEASING),
    Action.OPEN: Rule(
        source=frozenset({State.RECEIVED, State.REOPENED}), target=State.IN_TRIAGE, guards=(guards.NOT_HELD,)
    ),
    Action.RATE: Rule(source=OPEN_STATES - {State.RECEIVED}, target=None, guards=guards.RATING),
    Action.ASK: Rule(
        source=frozenset({State.IN_TRIAGE}), target=State.AWAITING_INFORMATION, guards=guards.ASKING
    ),
    Action.DECIDE: Rule(
        source=frozenset({State.IN_TRIAGE, State.AWAITING_INFORMATION}), target=State.DECIDED, guards=guards.DECIDING
    ),
    Action.CLOSE: Rule(source=frozenset({State.DECIDED}), target=State.CLOSED, guards=guards.CLOSING),
    Action.REOPEN: Rule(
        source=frozenset({State.CLOSED, State.DECIDED}), target=State.REOPENED, roles=ANY_STAFF,
        guards=(needs("reason", "Say why"),),
    ),
    Action.LINK: Rule(source=ALL, target=None, guards=guards.LINKING),
    Action.NOTE: Rule(source=ALL, target=None, roles=ANY_STAFF, guards=(needs("text", "Write the note"),)),
}  # fmt: skip
NOBODY_HERE = "; nobody of that name has an account here"
AT_IT = frozenset({Action.OPEN, Action.RATE, Action.ASK, Action.DECIDE, Action.CLOSE})
"""Whoever takes one of these steps is at the referral from then on."""
BY_ITSELF = {
    (Event.NEW_MESSAGE, State.CLOSED): State.REOPENED,
    (Event.NEW_MESSAGE, State.AWAITING_INFORMATION): State.IN_TRIAGE,
    (Event.ANSWER_TIME_PASSED, State.AWAITING_INFORMATION): State.IN_TRIAGE,
    (Event.NOT_TOLD, State.CLOSED): State.REOPENED,
    (Event.CHALLENGED, State.CLOSED): State.REOPENED,
    (Event.CHALLENGED, State.DECIDED): State.REOPENED,
}
"""What an event makes of a referral in this state; every other one stays as it is."""


def allowed(state: str) -> tuple[str, ...]:
    """The actions this state allows, in the order of the work."""
    return tuple(action for action, rule in RULES.items() if state in rule.source)


def after(event: Event, state: str) -> State:
    """The state an event leaves a referral in."""
    return BY_ITSELF.get((event, State(state)), State(state))


def may_become(state: str, later: str) -> bool:
    """Whether one step or event of the table leads from one state to the other."""
    by_staff = any(rule.target == later and state in rule.source for rule in RULES.values())
    return state == later or by_staff or any(s == state and t == later for (_, s), t in BY_ITSELF.items())


def check_role(action: Action, actor: Actor) -> None:
    """Raises ``WrongRole`` unless somebody of this role may take this step."""
    roles = RULES[action].roles
    if actor.role not in roles:
        raise WrongRole(f"{action} is for {', '.join(sorted(roles))}")


def check_state(action: Action, state: str) -> None:
    """Raises ``NotAllowed`` unless this step may follow this state."""
    if state not in RULES[action].source:
        raise NotAllowed(
            f"a referral that is {state.replace('_', ' ')} cannot be given the step '{action}'", allowed(state)
        )


def check(action: Action, attempt: Attempt) -> Rule:
    """The rule of an action, all its guards passed; raises ``WrongRole``, ``NotAllowed`` or ``Incomplete``."""
    check_role(action, attempt.actor)
    check_state(action, attempt.row.state)
    rule = RULES[action]
    for guard in rule.guards:
        if not guard.holds(attempt):
            raise _refusal(guard, attempt)
    return rule


def unmet(action: Action, attempt: Attempt) -> tuple[Guard, ...]:
    """Every guard of this step that does not hold, in the order they are asked."""
    return tuple(guard for guard in RULES[action].guards if not guard.holds(attempt))


def _refusal(guard: Guard, attempt: Attempt) -> Incomplete | NotAllowed:
    if guard.field:
        is_of_two = guard.field == "agreed_by" and attempt.is_agreed() and attempt.managers_are_known
        nobody = NOBODY_HERE if is_of_two and attempt.agreed_role is None else ""
        return Incomplete(guard.field, f"{guard.says}{nobody}")
    says = guard.says.format(**attempt.held())
    return NotAllowed(says, tuple(a for a in allowed(attempt.row.state) if a in guard.instead))

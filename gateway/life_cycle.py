"""Which step of the work may follow which, and what each one needs: the table of domain.md 2.8 in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.referral import State
from storage.staff import Role


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
WORKED = frozenset({State.IN_TRIAGE, State.AWAITING_INFORMATION, State.DECIDED})
SOCIAL_WORK = frozenset({Role.SOCIAL_WORKER, Role.MANAGER, Role.ADMINISTRATOR})
ANY_STAFF = SOCIAL_WORK | {Role.CALL_TAKER}
DECISIONS = (
    "nfa", "advice", "early_help", "s17", "s47", "linked", "passed_on", "worker_message", "lado",
    "private_fostering", "adult_safeguarding", "complaint", "not_about_a_child", "duplicate",
)  # fmt: skip
SECOND_PERSON = frozenset({"not_about_a_child"})


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From which states, to which (None: it stays), and who may."""

    source: frozenset[State]
    target: State | None
    roles: frozenset[Role] = SOCIAL_WORK


RULES = {
    Action.CLAIM: Rule(source=OPEN_STATES, target=None, roles=ANY_STAFF),
    Action.RELEASE: Rule(source=OPEN_STATES, target=None, roles=ANY_STAFF),
    Action.OPEN: Rule(source=frozenset({State.RECEIVED, State.REOPENED}), target=State.IN_TRIAGE),
    Action.RATE: Rule(source=OPEN_STATES - {State.RECEIVED}, target=None),
    Action.ASK: Rule(source=frozenset({State.IN_TRIAGE}), target=State.AWAITING_INFORMATION),
    Action.DECIDE: Rule(source=frozenset({State.IN_TRIAGE, State.AWAITING_INFORMATION}), target=State.DECIDED),
    Action.CLOSE: Rule(source=frozenset({State.DECIDED}), target=State.CLOSED),
    Action.REOPEN: Rule(source=frozenset({State.CLOSED, State.DECIDED}), target=State.REOPENED, roles=ANY_STAFF),
    Action.LINK: Rule(source=ALL, target=None),
    Action.NOTE: Rule(source=ALL, target=None, roles=ANY_STAFF),
}


def allowed(state: str) -> tuple[str, ...]:
    """The actions this state allows, in the order of the work."""
    return tuple(action for action, rule in RULES.items() if state in rule.source)


def check(action: Action, state: str, role: str) -> Rule:
    """The rule of an action; raises ``NotAllowed`` or ``WrongRole``."""
    rule = RULES[action]
    if role not in rule.roles:
        raise WrongRole(f"{action} is for {', '.join(sorted(rule.roles))}")
    if state not in rule.source:
        raise NotAllowed(
            f"a referral that is {state.replace('_', ' ')} cannot be given the step '{action}'", allowed(state)
        )
    return rule

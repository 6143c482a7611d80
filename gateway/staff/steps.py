"""Which steps a worker may take with a referral now, and in plain words why not the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.deciding import Actor
from gateway.decisions import DECISIONS
from gateway.guards import Attempt
from gateway.life_cycle import RULES, SOCIAL_WORK, Action, allowed, unmet
from gateway.staff.needs import Need, needs_of
from storage.referral import State

TITLES = {
    Action.OPEN: "Open it",
    Action.RATE: "Rate it",
    Action.ASK: "Ask a question",
    Action.DECIDE: "Decide",
    Action.CLOSE: "Close it",
    Action.REOPEN: "Reopen it",
    Action.NOTE: "Add a note",
    Action.LINK: "Link it to another referral",
    Action.CLAIM: "Take it",
    Action.RELEASE: "Give it back to the queue",
}
FIRST = {
    State.RECEIVED: Action.OPEN,
    State.REOPENED: Action.OPEN,
    State.IN_TRIAGE: Action.DECIDE,
    State.AWAITING_INFORMATION: Action.DECIDE,
    State.DECIDED: Action.CLOSE,
    State.CLOSED: Action.NOTE,
}
DONE = {
    Action.OPEN: "You have opened it. The promise to look within one working day is kept.",
    Action.RATE: "The rating is saved.",
    Action.ASK: "The question is on its way, or you have a task to ask it.",
    Action.DECIDE: "The decision is saved.",
    Action.CLOSE: "It is closed.",
    Action.REOPEN: "It is open again.",
    Action.NOTE: "The note is saved.",
    Action.LINK: "The link is saved.",
    Action.CLAIM: "It is yours now.",
    Action.RELEASE: "It is back in the queue.",
    "agreement": "Nothing is saved yet: somebody has been asked to agree.",
    "agreed": "You have agreed, and it is done.",
    "disagreed": "You did not agree. It goes back to whoever asked.",
    "withdrawn": "Nobody is asked to agree any more.",
    "lapsed": "It has changed since they asked, so nothing was done: they have to ask again.",
    "task": "The task is done.",
    "acknowledged": "The usual acknowledgement is on its way, and the task is done.",
    "words": "The words are saved, and shown in place of the machine's.",
    "no_words": "Nothing was saved: no words were typed.",
    "checked": "That version is the one shown.",
    "again": "It will be read again. What is shown stays until then.",
    "confirmed": "Confirmed. It may be used in a decision now.",
    "corrected": "Put right. What stood there before is kept.",
    "rejected": "Rejected. It is not used.",
    "suggestion_accepted": "Agreed. It is on record that you did.",
    "suggestion_set_aside": "Set aside. It is on record that you did; the floor stays.",
    "suggestion_open": "Taken back. It waits for an answer again.",
    "not_the_same": "Kept: they are not about the same.",
    "may_be_the_same": "Kept: they may be about the same after all.",
    "contact": "How to reach them safely is saved.",
    "arrived": "The day is saved. What is due follows it.",
    "household": "The address is saved. Nothing is sent there by machine.",
}
FORMS = (
    Action.OPEN, Action.DECIDE, Action.CLOSE, Action.RATE, Action.ASK, Action.NOTE, Action.LINK, Action.REOPEN,
)  # fmt: skip
TO_CLOSE = {
    "accepted_by": ("Who accepted it?", "Their name and team."),
    "case_id": ("Its number in the case system", ""),
    "handed_to": ("Who has it now?", "The council or service. Leave it empty if you gave it with the decision."),
    "receipt": ("Their receipt", "Their reference, or who there told you that they have it. It is ours until then."),
    "read_by": ("Who read the message?", ""),
    "answer": ("What was answered?", "Stays in the history. The sender does not see it."),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One line of a form."""

    name: str
    label: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. ``why_not`` is empty if it may be taken; ``is_first``: it is what the work waits for.

    ``needs`` is what it will need of this referral, beside what its form asks for in any case.
    """

    action: Action
    title: str
    why_not: str
    is_first: bool = False
    needs: tuple[Need, ...] = ()


def step(action: Action, attempt: Attempt) -> Step:
    """One step of this referral as this worker may take it now; nothing is typed yet."""
    row = attempt.row
    no = why_not(action, row.state, attempt.actor) or _why_not_here(action, attempt)
    is_first = FIRST[State(row.state)] == action
    return Step(
        action=action, title=TITLES[action], why_not=no, is_first=is_first,
        needs=() if no else needs_of(action, attempt),
    )  # fmt: skip


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The one the work waits for first."""
    return sorted(steps, key=lambda one: not one.is_first)


def fields_to_close(decision: str | None) -> list[Field]:
    """What closing needs after this decision, beside the reason."""
    needs = DECISIONS[decision].closing if decision in DECISIONS else ()
    labelled = ((need.field, *TO_CLOSE[need.field]) for need in needs)
    return [Field(name=name, label=label, hint=hint) for name, label, hint in labelled]


def why_not(action: Action, state: str, actor: Actor) -> str:
    """Empty if somebody of this role may take this step in this state."""
    rule = RULES[action]
    if actor.role not in rule.roles:
        return "For social workers." if rule.roles == SOCIAL_WORK else "Not for your role."
    return "" if state in rule.source else _not_from(action, State(state))


def _why_not_here(action: Action, attempt: Attempt) -> str:
    """What nothing that is typed could put right, and what can be done instead."""
    for guard in unmet(action, attempt):
        if not guard.field:
            says = guard.says.format(**attempt.held())
            instead = [TITLES[a].lower() for a in Action if a in guard.instead and a in allowed(attempt.row.state)]
            return f"{says[:1].upper()}{says[1:]}." + (f" You can: {', '.join(instead)}." if instead else "")
    return ""


def _not_from(action: Action, state: State) -> str:
    if state == State.CLOSED:
        return "It is closed. Reopen it first."
    if action == Action.REOPEN:
        return "It is open."
    if action == Action.CLOSE:
        return "Decide first."
    if action == Action.OPEN:
        return "It has been opened."
    if state == State.DECIDED:
        return "It is decided. Reopen it first."
    if state == State.AWAITING_INFORMATION:
        return "A question has been asked already."
    return "Open it first."

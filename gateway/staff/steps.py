"""Which steps a worker may take with a referral now, and in plain words why not the others."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.deciding import Actor
from gateway.decisions import DECISIONS
from gateway.life_cycle import RULES, SOCIAL_WORK, Action
from storage.referral import Severity, State

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
    "task": "The task is done.",
    "acknowledged": "The usual acknowledgement is on its way, and the task is done.",
    "words": "The words are saved, and shown in place of the machine's.",
    "no_words": "Nothing was saved: no words were typed.",
    "checked": "That version is the one shown.",
    "again": "It will be read again. What is shown stays until then.",
    "confirmed": "Confirmed. It may be used in a decision now.",
    "corrected": "Put right. What stood there before is kept.",
    "rejected": "Rejected. It is not used.",
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
    """One step. ``why_not`` is empty if it may be taken; ``is_first``: it is what the work waits for."""

    action: Action
    title: str
    why_not: str
    is_first: bool = False


def steps(state: str, severity: str, actor: Actor) -> list[Step]:
    """Every step that has a form, the one the work waits for first."""
    found = [
        Step(action=a, title=TITLES[a], why_not=why_not(a, state, severity, actor), is_first=FIRST[State(state)] == a)
        for a in FORMS
    ]
    return sorted(found, key=lambda step: not step.is_first)


def fields_to_close(decision: str | None) -> list[Field]:
    """What closing needs after this decision, beside the reason."""
    needs = DECISIONS[decision].closing if decision in DECISIONS else ()
    labelled = ((need.field, *TO_CLOSE[need.field]) for need in needs)
    return [Field(name=name, label=label, hint=hint) for name, label, hint in labelled]


def why_not(action: Action, state: str, severity: str, actor: Actor) -> str:
    """Empty if this worker may take this step now."""
    rule = RULES[action]
    if actor.role not in rule.roles:
        return "For social workers." if rule.roles == SOCIAL_WORK else "Not for your role."
    if action == Action.ASK and severity == Severity.RED:
        return "A red referral is not kept waiting for an answer. Decide with what is known."
    return "" if state in rule.source else _not_from(action, State(state))


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

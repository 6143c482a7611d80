"""Every decision of the front door: what a sender may hear of it, what must happen next, what closing it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway import working_days
from gateway.notices import next_notice_by

RECEIPT_OF_ANOTHER_COUNCIL = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing without which a referral with this decision is not closed, by the field that gives it."""

    field: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """``told`` and ``next_steps`` are for those who may hear the outcome; they name nobody and no place.

    ``acts``: whether we act, for those who may hear that much; None: nobody hears more than that it was looked at,
    because more would show whether a child is known, or where (domain.md 1.6 and 2.8).
    ``next_action`` is what is left to do at the door.
    """

    told: str = ""
    next_steps: str = ""
    acts: bool | None = None
    next_action: str = "Finish the work of the door and close"
    closing: tuple[Need, ...] = ()


ACCEPTED = (
    Need(field="accepted_by", says="Say who in the receiving team accepted it"),
    Need(field="case_id", says="Give its number in the case system"),
)
HAND_OVER = "Hand it to the receiving team and close it when they have accepted it"
LOOK_AGAIN = "Tell us at once if something changes. We will look again."
DECISIONS: dict[str, Decision] = {
    "nfa": Decision(told="We will take no further action now.", next_steps=LOOK_AGAIN, acts=False),
    "advice": Decision(told="We have given information and advice.", next_steps=LOOK_AGAIN, acts=False),
    "early_help": Decision(
        told="We will offer early help.", next_steps="The early help team will be in touch with the family.",
        acts=True, next_action=HAND_OVER, closing=ACCEPTED,
    ),
    "s17": Decision(
        told="We will start an assessment under section 17 of the Children Act 1989.",
        next_steps="The assessment team now has it. They will call you if they need to know more.",
        acts=True, next_action=HAND_OVER, closing=ACCEPTED,
    ),
    "s47": Decision(
        told="We will make enquiries under section 47 of the Children Act 1989.",
        next_steps="The assessment team now has it. They will call you if they need to know more.",
        acts=True, next_action=HAND_OVER, closing=ACCEPTED,
    ),
    "linked": Decision(
        next_action="The allocated worker or a manager accepts it, then close it",
        closing=(Need(field="accepted_by", says="Say which allocated worker or manager accepted it"),),
    ),
    "passed_on": Decision(
        next_action="Get the other council's receipt, then close it: it is ours until then",
        closing=(
            Need(field="handed_to", says="Say which council or service it was passed to"),
            Need(field="receipt", says="Give the other council's receipt: their reference, or who there confirmed it"),
        ),
    ),
    "worker_message": Decision(
        next_action="See that the worker, or duty if they are away, reads it and answers",
        closing=(
            Need(field="read_by", says="Say who read the message"),
            Need(field="answer", says="Say what was answered"),
        ),
    ),
    "lado": Decision(next_action="Tell the designated officer within one working day, then close it"),
    "private_fostering": Decision(
        told="We will look at it under the rules for private fostering.",
        next_steps="A social worker will visit.", acts=True,
    ),
    "adult_safeguarding": Decision(
        told="We have passed it to the team that keeps adults safe.", next_steps="That team now has it.", acts=True,
    ),
    "complaint": Decision(next_action="Hand it to the complaints team, then close it"),
    "not_about_a_child": Decision(
        told="We have found that this is not about a child.", next_steps=LOOK_AGAIN, acts=False
    ),
    "duplicate": Decision(),
}  # fmt: skip
"""By code. A duplicate keeps its own reference and notices."""


def due_after(code: str, answer_by: datetime | None, now: datetime, *, is_red: bool) -> datetime:
    """When the next action after a decision is due: a pass to another council is ours until its receipt is here."""
    if code == "passed_on":
        return now + RECEIPT_OF_ANOTHER_COUNCIL if is_red else working_days.look_by(now)
    if code == "worker_message" and answer_by is not None:
        return answer_by
    if code == "lado":
        return working_days.look_by(now)
    return next_notice_by(now)

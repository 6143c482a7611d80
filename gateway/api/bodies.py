"""What may be sent with each action: all of it may be left out, the life cycle says what is missing."""

from __future__ import annotations

from pydantic import BaseModel, Field

from gateway.life_cycle import DECISIONS, Action


class Nothing(BaseModel):
    """This action needs no more than its name."""


class Known(BaseModel):
    """What is known of the sender and the report; a decision may need a manager because of it."""

    told_as: str | None = Field(default=None, description="public, parent or professional: how much they are told")
    child_told_us: bool | None = Field(default=None, description="a child told us of it")
    may_be_malicious: bool | None = Field(default=None, description="needs a manager to agree")
    agreed_by: str | None = Field(
        default=None,
        description="the second person or manager, where one must agree; where managers have accounts, one of those",
    )
    contact_source: str | None = Field(default=None, description="who told us, as a code of the census: 1A to 10")
    primary_need: str | None = Field(default=None, description="the primary need, as a code of the census: N0 to N9")


class Rate(Known):
    """A rating and why."""

    severity: str | None = Field(default=None, description="blue, green, amber or red")
    reason: str | None = Field(default=None, description="why, in plain words")


class Ask(BaseModel):
    """A question to the sender."""

    question: str | None = None
    answer_by: str | None = Field(
        default=None, description="at most 20 working days away, ISO 8601", examples=["2026-11-26T17:00:00Z"]
    )
    who_acts: str | None = Field(
        default=None, description="who acts if no answer comes; the owner, or who asks, if not given"
    )


class Decide(Known):
    """A decision."""

    code: str | None = Field(default=None, description="one of " + ", ".join(DECISIONS))
    reason: str | None = Field(default=None, description="why, in plain words")
    level: int | str | None = Field(default=None, description="level of need, 1 to 4")
    reasons_for_sender: str | None = Field(
        default=None,
        description="sent as it stands to a sender who may hear the whole outcome: the only words that are",
    )
    rests_on: list[str] | None = Field(
        default=None, description="the ids of the stated values it rests on; each must be confirmed"
    )
    handed_to: str | None = Field(default=None, description="passed_on: the other council or service")
    handed_phone: str | None = Field(default=None, description="passed_on: its phone number")
    worker: str | None = Field(default=None, description="worker_message: whom it is for")
    answer_by: str | None = Field(default=None, description="worker_message: when they should have an answer, ISO 8601")


class Close(BaseModel):
    """Why it is finished, and what the decision needs before that."""

    reason: str | None = Field(default=None, description="why, in plain words")
    accepted_by: str | None = Field(
        default=None,
        description="s17, s47, early_help: who in the receiving team accepted it; linked: the worker or manager",
    )
    case_id: str | None = Field(default=None, description="s17, s47, early_help: its number in the case system")
    handed_to: str | None = Field(default=None, description="passed_on: the other council, if not given before")
    handed_phone: str | None = Field(default=None, description="passed_on: its phone number")
    receipt: str | None = Field(default=None, description="passed_on: their reference, or who there confirmed it")
    passed_at: str | None = Field(
        default=None, description="passed_on: when they confirmed it, ISO 8601; now if not given"
    )
    their_reference: str | None = Field(
        default=None, description="passed_on: told to the sender where they may hear it"
    )
    address_from_sender: bool | None = Field(
        default=None, description="passed_on: this sender gave the address, so the council may be named to them"
    )
    read_by: str | None = Field(default=None, description="worker_message: who read it")
    answer: str | None = Field(default=None, description="worker_message: what was answered")


class Why(BaseModel):
    """A reason."""

    reason: str | None = Field(default=None, description="why, in plain words")


class Claim(BaseModel):
    """Why it is taken from whoever is at it: only managers may."""

    reason: str | None = Field(default=None, description="managers only: why it is taken from whoever is at it")


class Link(BaseModel):
    """Another referral it belongs with."""

    to: str | None = Field(default=None, description="the other reference")


class Words(BaseModel):
    """A note of staff."""

    text: str | None = None


class Result(BaseModel):
    """What came of a task."""

    result: str | None = Field(default=None, description="a task is not done without one")


class Note(BaseModel):
    """What a call taker wrote down. Nothing is mandatory; what else is sent is kept with it."""

    model_config = {"extra": "allow"}
    text: str | None = Field(default=None, description="what was said")
    callback: str | None = Field(default=None, description="the caller's number")
    safe_text: bool | None = Field(default=None, description="the caller said that texts to this number are safe")
    safe_call: bool | None = Field(default=None, description="calls to this number are safe")
    email: str | None = Field(default=None, description="their mail address")
    safe_email: bool | None = Field(default=None, description="the caller said that mails to it are safe")
    safe_words: str | None = Field(default=None, description="how to reach them safely, in their words")
    caller_name: str | None = None
    for_worker: str | None = Field(default=None, description="the worker this message is for")
    child: str | None = Field(default=None, description="what is known of the child")
    told_by: str | None = Field(default=None, description="how we were told: phone, in person ...")
    told_at: str | None = Field(default=None, description="when we were told, ISO 8601; now if not given")
    reference: str | None = Field(default=None, description="the referral this adds to")
    note_id: str | None = Field(default=None, description="the same id and words twice are one note")


BODIES: dict[Action, type[BaseModel]] = {
    Action.CLAIM: Claim,
    Action.RELEASE: Nothing,
    Action.OPEN: Nothing,
    Action.RATE: Rate,
    Action.ASK: Ask,
    Action.DECIDE: Decide,
    Action.CLOSE: Close,
    Action.REOPEN: Why,
    Action.LINK: Link,
    Action.NOTE: Words,
}
SAID = {
    Action.CLAIM: "Take it: nobody else can act on it while you do, and for a quarter of an hour (or as set) after.",
    Action.RELEASE: "Give it back to the queue.",
    Action.OPEN: "A social worker looks: the promise to look within one working day is kept.",
    Action.RATE: "Rate how serious it is; red and amber bring its due time forward.",
    Action.ASK: "Ask the sender, by a safe way or a person; say by when it is needed and who acts if no answer comes.",
    Action.DECIDE: "Decide the next steps; the sender is told that it was looked at.",
    Action.CLOSE: "The work of the front door is done, and whoever takes over has it; the sender is told.",
    Action.REOPEN: "Look at it again.",
    Action.LINK: "Say that it belongs with another referral; each keeps its own reference and notices.",
    Action.NOTE: "Add a note to its history.",
}

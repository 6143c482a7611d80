"""Pure: what we owe a sender, on which channel, by when, and whether it is safe to write there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from channels.contract import Address, AddressClass, Answerable, Inbound
from gateway import working_days
from storage.notice import NoticeKind, NoticeState

RECEIPT_WITHIN = timedelta(seconds=60)
TASK_WITHIN = timedelta(hours=2)
RED_TASK_WITHIN = timedelta(minutes=30)
SAME_TALK = timedelta(hours=24)
SEND_TRIES = 8
BACK_OFF = tuple(timedelta(seconds=s) for s in (5, 20, 60, 300, 900, 2700, 5400))
ANSWERS_ITSELF = "its answers came back at once, perhaps a machine"
SHOWN_ON_THE_PAGE = frozenset({NoticeKind.LOOKED_AT, NoticeKind.NEED_MORE, NoticeKind.CLOSED})
SHOWN = "shown on the page where the reference is checked"
COMES_BACK = "an earlier notice came back from there"
HELD = "it is an address of the child's own household"
BY = {"sms": "text", "email": "email", "letter": "write by post to"}
MEDIUM_OF = {
    AddressClass.MOBILE: "sms",
    AddressClass.EMAIL: "email",
    AddressClass.POSTAL: "letter",
}


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A notice as it should be written down. ``words`` names the wording, empty where none is rendered."""

    kind: NoticeKind
    channel: str
    state: NoticeState
    reason: str | None = None
    words: str = ""
    due_at: datetime


class OkWords(StrEnum):
    """What may be written to an address: nothing, nothing that gives the subject away, or anything a notice says."""

    NONE = "none"
    DISCREET = "discreet"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Safety:
    """What is known about writing to one address (domain.md 2.5).

    ``said``: for each channel, whether it was said to be safe; a channel that is not there was not asked about.
    ``is_over``: it was asked too long ago. ``comes_back``: a notice came back from there for good.
    ``loops``: it seems to answer our answers. ``held``: it is an address of the child's own household.
    """

    texts_stopped: bool = False
    texts_are_safe: bool = False
    said: Mapping[str, bool] = field(default_factory=dict)
    words: OkWords | None = None
    is_over: bool = False
    comes_back: bool = False
    loops: bool = False
    held: bool = False


def why_not(safety: Safety, channel: str) -> str:
    """Why no machine may write to this address on this channel; empty if it may."""
    reasons = (
        (safety.held, HELD),
        (safety.words is OkWords.NONE, "they asked that no machine writes to them"),
        (channel == "letter" and safety.words is OkWords.DISCREET, "a letter shows who it is from"),
        (channel == "sms" and safety.texts_stopped, "texts were stopped"),
        (safety.said.get(channel) is False, f"it is not safe to {BY.get(channel, 'write to')} them"),
        (safety.comes_back, COMES_BACK),
    )
    return next((reason for holds, reason in reasons if holds), "")


def receipt(inbound: Inbound, safety: Safety, now: datetime, *, came_by: str = "") -> tuple[Owed, ...]:
    """N1 for one message, and the task of a person where a machine must not or cannot answer."""
    channel = medium_of(inbound.sender)
    if inbound.cannot_answer:
        return (_cancelled(channel, inbound.cannot_answer, now),)
    if inbound.answered_by_door:
        return (_told_at_the_door(inbound.answered_by_door, came_by, now),)
    if inbound.answerable is Answerable.MACHINE:
        return (_cancelled(channel, f"automatic message: {inbound.answerable_reason}", now),)
    if by_hand := _by_hand(inbound, safety):
        return _cancelled(channel, f"a person answers: {by_hand}", now), task(f"acknowledge by hand: {by_hand}", now)
    if inbound.sender.kind not in MEDIUM_OF:
        return (_cancelled(channel, "no address was given", now),)
    words = "sms-open" if channel == "sms" and safety.texts_are_safe else words_for(channel, safety)
    due = close_of_day(now) if channel == "letter" else now + RECEIPT_WITHIN
    return (Owed(kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.OWED, words=words, due_at=due),)


def by_machine(kind: NoticeKind, channel: str, now: datetime, *, words: str = "") -> Owed:
    """A later notice (N2 to N7), to be sent today."""
    return Owed(kind=kind, channel=channel, state=NoticeState.OWED, words=words or channel, due_at=close_of_day(now))


def words_for(channel: str, safety: Safety) -> str:
    """Which wording a channel takes to this address; texts are discreet anyway."""
    return "email-discreet" if channel == "email" and safety.words is OkWords.DISCREET else channel


def no_address(kind: NoticeKind, channel: str, now: datetime, *, has_page: bool) -> Owed:
    """Nothing can be sent. ``has_page``: they hold the code of the page that tells how far it is."""
    if has_page and kind in SHOWN_ON_THE_PAGE:
        return Owed(kind=kind, channel=channel, state=NoticeState.SENT, reason=SHOWN, due_at=now)
    return Owed(kind=kind, channel=channel, state=NoticeState.CANCELLED, reason="no address was given", due_at=now)


def by_hand(kind: NoticeKind, why: str, now: datetime) -> Owed:
    """The task to tell a sender something no machine may tell them."""
    what = f"find a safe way to tell the sender ({kind})" if why == HELD else f"tell the sender by hand ({kind})"
    return task(f"{what}: {why}", now)


def call_them(kind: NoticeKind, why: str, now: datetime) -> Owed:
    """The task to ring a sender; how they are rung safely stands with who told us."""
    return task(f"tell the sender by hand ({kind}): call them, {why}. Look first at how to reach them safely", now)


def task(reason: str, now: datetime, *, is_red: bool = False) -> Owed:
    """N8 and its kin: something a person owes; it cannot be closed without a result."""
    due = now + (RED_TASK_WITHIN if is_red else TASK_WITHIN)
    return Owed(kind=NoticeKind.STAFF_TASK, channel="staff", state=NoticeState.OWED, reason=reason, due_at=due)


def medium_of(address: Address) -> str:
    """The channel a notice to this address would take."""
    if address.kind in (AddressClass.LANDLINE, AddressClass.WITHHELD):
        return "voice"
    return MEDIUM_OF.get(address.kind, "web")


def next_notice_by(look_by: datetime) -> datetime:
    """When the sender hears from us next: 5pm on the first working day after we have looked."""
    day = working_days.add_working_days(working_days.in_london(look_by).date(), 1)
    return working_days.close_of(day)


def close_of_day(now: datetime) -> datetime:
    """The end of this working day, or of the next one if we are closed."""
    at = now if working_days.is_open(now) else working_days.next_opening(now)
    return working_days.close_of(working_days.in_london(at).date())


def _by_hand(inbound: Inbound, safety: Safety) -> str:
    if inbound.by_hand:
        return inbound.by_hand
    if inbound.answerable is Answerable.PERHAPS:
        return f"perhaps not a person: {inbound.answerable_reason}"
    if inbound.sender.kind is AddressClass.LANDLINE:
        return "a landline cannot be texted"
    if inbound.sender.kind is AddressClass.MOBILE and inbound.stop_texts:
        return "texts were stopped"
    if safety.loops:
        return ANSWERS_ITSELF
    return why_not(safety, medium_of(inbound.sender)) if inbound.sender.kind in MEDIUM_OF else ""


def _told_at_the_door(channel: str, came_by: str, now: datetime) -> Owed:
    """A call taker reads other words aloud than the machine does."""
    return Owed(
        kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.SENT,
        words="note" if came_by == "note" else channel, due_at=now + RECEIPT_WITHIN,
    )  # fmt: skip


def _cancelled(channel: str, reason: str, now: datetime) -> Owed:
    return Owed(kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.CANCELLED, reason=reason, due_at=now)

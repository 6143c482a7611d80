"""Pure: what we owe a sender, on which channel, by when, and whether it is safe to write there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.contract import Address, AddressClass, Answerable, Inbound
from gateway import working_days
from storage.notice import NoticeKind, NoticeState

RECEIPT_WITHIN = timedelta(seconds=60)
TASK_WITHIN = timedelta(hours=2)
RED_TASK_WITHIN = timedelta(minutes=30)
SAME_TALK = timedelta(hours=24)
SEND_TRIES = 8
BACK_OFF = tuple(timedelta(seconds=s) for s in (5, 20, 60, 300, 900, 2700, 5400))
POST_IT = "print the letter that answers this one, address it from the original if it has no address, and post it"
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


@dataclass(frozen=True, kw_only=True)
class Safety:
    """What is known about writing to one address."""

    texts_stopped: bool = False
    texts_are_safe: bool = False


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
    words = "sms-open" if channel == "sms" and safety.texts_are_safe else channel
    due = close_of_day(now) if channel == "letter" else now + RECEIPT_WITHIN
    owed = Owed(kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.OWED, words=words, due_at=due)
    if channel == "letter":
        return owed, replace(task(POST_IT, now), due_at=due)
    return (owed,)


def to_sender(kind: NoticeKind, address: Address, safety: Safety, now: datetime) -> Owed:
    """A later notice (N2 to N7) to the referral's sender, or the task of a person if no safe channel is known."""
    channel = MEDIUM_OF.get(address.kind)
    if channel is None:
        if address.kind in (AddressClass.WITHHELD, AddressClass.NONE):
            return Owed(
                kind=kind, channel="web" if address.kind is AddressClass.NONE else "voice",
                state=NoticeState.CANCELLED, reason="no address was given", due_at=now,
            )  # fmt: skip
        return task(f"tell the sender by hand ({kind}): a landline cannot be texted", now)
    if channel == "sms" and safety.texts_stopped:
        return task(f"tell the sender by hand ({kind}): texts were stopped", now)
    return Owed(kind=kind, channel=channel, state=NoticeState.OWED, words=channel, due_at=close_of_day(now))


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
    if inbound.sender.kind is AddressClass.MOBILE and (inbound.stop_texts or safety.texts_stopped):
        return "texts were stopped"
    return ""


def _told_at_the_door(channel: str, came_by: str, now: datetime) -> Owed:
    """A call taker reads other words aloud than the machine does."""
    return Owed(
        kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.SENT,
        words="note" if came_by == "note" else channel, due_at=now + RECEIPT_WITHIN,
    )  # fmt: skip


def _cancelled(channel: str, reason: str, now: datetime) -> Owed:
    return Owed(kind=NoticeKind.RECEIPT, channel=channel, state=NoticeState.CANCELLED, reason=reason, due_at=now)

"""The day a letter reached the council, anywhere in it: the clock runs from then, however late it was scanned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from gateway import ladder, saying, working_days
from gateway.life_cycle import ANY_STAFF, Incomplete, WrongRole
from storage import audit, direct, referral, was
from storage import message as messages
from storage.message import ArrivedBasis, Message
from storage.referral import Referral
from storage.staff import Role

LONG_AGO = timedelta(days=60)
BELIEVED = timedelta(days=366)
"""What a sheet or a folder says of longer ago is not heeded: anybody can print one of our codes."""
LONGEST_AGO = timedelta(days=3653)
"""Nor does anybody mean more than ten years: it is a slip of the hand."""
OPENS = time(9)
BASES = {
    ArrivedBasis.STAFF_ENTERED: "as staff know it",
    ArrivedBasis.DATE_STAMP: "by the date stamp",
    ArrivedBasis.POSTMARK: "by the postmark",
    ArrivedBasis.SEPARATOR: "as the separator sheet says",
    ArrivedBasis.FOLDER: "as the scan folder says",
}


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A day on a London calendar, and how it is known."""

    on: date
    basis: ArrivedBasis


def clock_start(message: Message) -> datetime:
    """When the clock of a message begins: when it came in, or 9am in London on the day it had reached us before.

    A later day than that of the scan is only known where the time of the file cannot be (``latest_day``).
    """
    if message.arrived_on is None:
        return message.received_at
    scanned = working_days.in_london(message.received_at).date()
    latest = message.received_at if message.arrived_on <= scanned else message.captured_at
    return min(latest, working_days.at_clock(message.arrived_on, OPENS))


def first_received(of_one_referral: Sequence[Message]) -> datetime:
    """When the first of them reached us."""
    return min(map(clock_start, of_one_referral))


def latest_day(message: Message) -> date:
    """The day it was scanned, in London: it cannot have reached us after that.

    A scanner that does not know the time dates its files years back: then it is the day the file came in.
    """
    knows_time = message.captured_at - message.received_at <= LONG_AGO
    return working_days.in_london(message.received_at if knows_time else message.captured_at).date()


def is_believed(message: Message, on: date) -> bool:
    """Whether a machine may be right in saying so: not after the scan, and not long before it."""
    return timedelta(0) <= latest_day(message) - on <= BELIEVED


def known_in(envelope: Mapping[str, str], message: Message) -> Arrived | None:
    """What the door knew of it; nothing where that is no day, or one that cannot be believed."""
    with suppress(ValueError):
        on = date.fromisoformat(envelope.get("arrived", ""))
        basis = ArrivedBasis(envelope.get("arrived_basis") or ArrivedBasis.FOLDER)
        return Arrived(on=on, basis=basis) if is_believed(message, on) else None
    return None


def heed_envelope(session: Session, message: Message, envelope: Mapping[str, str]) -> None:
    """Write down what the door knew of a letter before it is read, unless something nearer to the letter says it.

    Somebody may have said it since ``message`` was fetched: that holds.
    """
    if message.channel != "letter":
        return
    message.arrived_on, message.arrived_basis, message.arrived_by = messages.held_arrival(session, message.id)
    if message.arrived_on is None and (known := known_in(envelope, message)):
        write(session, message, known, who=envelope.get("handed_in_by", ""))


def write(session: Session, message: Message, known: Arrived, *, who: str = "") -> None:
    """Onto the row and onto what is held of it."""
    message.arrived_on, message.arrived_basis, message.arrived_by = known.on, known.basis, who
    direct.update(
        session, "message", message.id, arrived_on=known.on, arrived_basis=known.basis, arrived_by=who
    )  # fmt: skip


def told_of(message: Message) -> str:
    """Half a sentence for the history: on which day it reached us, and how that is known; empty if it is not."""
    if message.arrived_on is None:
        return ""
    basis = BASES[ArrivedBasis(message.arrived_basis)]
    return f"number {message.ledger_no} had reached us on {day_of(message.arrived_on)} ({basis})"


def check(message: Message, on: date, role: Role | str, *, is_sure: bool) -> None:
    """Whether this may be said of it; raises ``WrongRole`` or ``Incomplete``, whose field is ``on`` or ``sure``."""
    if role not in ANY_STAFF:
        raise WrongRole("the day a letter arrived is for staff of the front door")
    if on > latest_day(message):
        raise Incomplete("on", f"It was scanned on {day_of(latest_day(message))}: it cannot have reached us after that")
    if latest_day(message) - on > LONGEST_AGO:
        raise Incomplete("on", "That is more than ten years before it was scanned. Check the year")
    if not is_sure and latest_day(message) - on > LONG_AGO:
        raise Incomplete("sure", "That is more than 60 days before it was scanned. Tick that you are sure")


def set_arrival(
    session: Session, message: Message, on: date, basis: ArrivedBasis, who: str, *, at: datetime
) -> bool:  # fmt: skip
    """Say on which day a letter reached us: its clock begins then, earlier than it did or, for a mistake, later.

    What the sender was promised stands. False where that was known already. ``check`` it first.
    """
    if (message.arrived_on, message.arrived_basis) == (on, basis):
        return False
    before = told_of(message)
    write(session, message, Arrived(on=on, basis=basis), who=who)
    session.add(message)
    session.flush()
    session.refresh(message, ["referral_id"])  # it may just have been read
    if message.referral_id is None:
        return True
    row = referral.by_id(session, message.referral_id, lock=True)
    if row is None:
        return True
    moved = _follow(session, row, at)
    what = f"The day of arrival: {told_of(message)}{f'; before: {before}' if before else ''}{moved}"
    audit.record(session, at=at, who=who, what=what, referral_id=row.id)
    return True


def came_earlier(session: Session, row: Referral, message: Message, at: datetime) -> None:
    """A message that joins a referral may have lain in the council since before the referral was known."""
    if (start := clock_start(message)) < row.received_at:
        _begin_at(session, row, start, at)


def _begin_at(session: Session, row: Referral, start: datetime, at: datetime) -> None:
    before = was.as_it_is(row)
    ladder.received_at(row, start, at)
    was.changed(session, row, before, at)


def _follow(session: Session, row: Referral, at: datetime) -> str:
    """The referral's clock goes to where its first message now begins; what moved, in words."""
    start, before = first_received(messages.of_referrals(session, [row.id or 0])), row.received_at
    if start == before:
        return ""
    _begin_at(session, row, start, at)
    session.add(row)
    moments = saying.moment_and_year(start), saying.moment_and_year(before), saying.moment(row.due_at)
    return ". Received {}, not {}; due {}".format(*moments)


def day_of(on: date) -> str:
    return saying.day_and_year(working_days.at_clock(on, OPENS))

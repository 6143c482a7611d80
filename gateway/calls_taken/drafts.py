"""A call's notes from its first key to the moment they are settled: begun, saved, never overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from gateway import reference
from gateway.calls_taken import fields
from gateway.calls_taken.fields import Written
from gateway.live import on_now
from storage import direct, draft, keeping, reserve
from storage.columns import new_id
from storage.draft import Draft, DraftState
from storage.sealing import Seal

LEFT_AFTER = timedelta(minutes=10)
EMPTY_AFTER = timedelta(hours=12)
"""Of an open page on which nothing was written: whoever listens for long must find their call there to write in."""
TRIED_AGAIN_AFTER = timedelta(minutes=1)
WRAP_UP = timedelta(seconds=60)
TRIES = 20


class NoSuchCall(Exception):
    """There is no call with this id, or nothing of it is left here."""


class AlreadySettled(Exception):
    """Its notes are a message or on their way to be one: more is to be added to that."""


class SavedMeanwhile(Exception):
    """Somebody else saved other words since these were read; ``now`` is what stands there."""

    def __init__(self, now: Taken) -> None:
        super().__init__("somebody else saved other words")
        self.now = now


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A call as it stands: its row and what is written down."""

    row: Draft
    kept: Written


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where words come from: ``version`` is of those they take the place of, ``page`` the open page, ``turn`` its save.

    ``line``: the stream of the call, empty where none was chosen.
    """

    version: int
    page: str = ""
    turn: int = 0
    line: str = ""


def begin(session: Session, *, by: str, now: datetime) -> Draft:
    """A new call with a reference of its own; it belongs to the line that is on, if there is one only."""
    lines = [call for call in on_now.calls(session, now) if call.is_on]
    row = Draft(
        id=new_id(), reference=_set_aside(session, now), taken_by=by, began_at=now, saved_at=now, saved_by=by,
        call=lines[0].id if len(lines) == 1 else None,
    )  # fmt: skip
    direct.add(session, row)
    return row


def read(session: Session, seal: Seal, call_id: str, *, lock: bool = False) -> Taken:
    """The call with this id; raises ``NoSuchCall``."""
    row = draft.by_id(session, call_id, lock=lock)
    if row is None:
        raise NoSuchCall(call_id)
    return Taken(row=row, kept=_opened(seal, row))


def save(session: Session, seal: Seal, call_id: str, said: Written, *, place: Place, by: str, now: datetime) -> Taken:
    """Keep these words in place of what stood there. Raises ``SavedMeanwhile``, ``AlreadySettled``, ``NoSuchCall``.

    The same words again change nothing, whatever place they have; nor do words of a page that has sent newer ones.
    """
    taken = read(session, seal, call_id, lock=True)
    row, is_own = taken.row, bool(place.page) and place.page == taken.row.page
    if said != taken.kept and row.state != DraftState.OPEN:
        raise AlreadySettled(row.reference)
    if said != taken.kept and not is_own and place.version != row.version:
        session.expunge(row)
        raise SavedMeanwhile(taken)
    row.call = place.line or row.call
    session.add(row)
    if said == taken.kept or (is_own and place.turn <= row.turn):
        row.saved_at = now if row.state == DraftState.OPEN else row.saved_at
        return taken
    row.sealed = seal.close(fields.as_bytes(said), _label(row))
    row.version, row.saved_at, row.saved_by = row.version + 1, now, by
    row.page, row.turn = place.page, place.turn
    return Taken(row=row, kept=said)


def settle(session: Session, seal: Seal, call_id: str, *, by: str, now: datetime) -> Taken:
    """From now on its words stay as they are, to become one message; ``by`` is empty where nobody ended the call."""
    taken = read(session, seal, call_id, lock=True)
    if taken.row.state == DraftState.OPEN:
        taken.row.state, taken.row.handed_by, taken.row.handed_at = DraftState.HANDING_IN, by, now
        session.add(taken.row)
    return taken


def settle_if_left(session: Session, seal: Seal, call_id: str, *, now: datetime) -> Taken | None:
    """A call nobody has touched for ten minutes; one of which nothing was ever written vanishes after twelve hours.

    None for that, and for one that somebody touched, or that was handed in, meanwhile, and while its line is on.
    """
    row = draft.by_id(session, call_id, lock=True)
    if row is None or row.state == DraftState.HANDED_IN:
        return None
    if row.state == DraftState.HANDING_IN:
        return Taken(row=row, kept=_opened(seal, row))
    if row.saved_at > now - LEFT_AFTER or _is_on(session, row, now):
        return None
    if row.version == 0 and row.manager_asked_at is None:
        if row.saved_at > now - EMPTY_AFTER:
            return None
        reserve.give(session, [row.reference])
        session.delete(row)
        return None
    return settle(session, seal, call_id, by="", now=now)


def handed_in(session: Session, call_id: str) -> None:
    """Its message is kept: the words lie there alone."""
    row = draft.by_id(session, call_id, lock=True)
    if row is not None and row.state == DraftState.HANDING_IN:
        row.state, row.sealed = DraftState.HANDED_IN, None
        session.add(row)


def wrap_up(session: Session, call_id: str, *, by: str, now: datetime, parked: bool) -> Draft:
    """Put the minute after a call off, or be done with it; raises ``NoSuchCall``, and ``TooSoon`` before it is over."""
    row = draft.by_id(session, call_id, lock=True)
    if row is None or row.handed_by != by or row.handed_at is None:
        raise NoSuchCall(call_id)
    if parked:
        row.is_parked = True
    elif now < row.handed_at + WRAP_UP:
        raise TooSoon(call_id)
    else:
        row.wrapped_at = row.wrapped_at or now
    session.add(row)
    return row


class TooSoon(Exception):
    """The minute after the call is not over."""


def _opened(seal: Seal, row: Draft) -> Written:
    return fields.from_bytes(seal.open(row.sealed, _label(row))) if row.sealed else fields.NOTHING


def _is_on(session: Session, row: Draft, now: datetime) -> bool:
    """Whether somebody is still on its line: they may listen for long before they write."""
    return row.call is not None and any(call.is_on and call.id == row.call for call in on_now.calls(session, now))


def _label(row: Draft) -> str:
    return f"call notes:{row.id}"


def _set_aside(session: Session, now: datetime) -> str:
    """A reference that nobody else will be given from the end of this transaction on."""
    for _ in range(TRIES):
        drawn = reference.draw()
        if not keeping.look_up(session, keys=(), talks=(), drawn=(drawn,)).taken:
            reserve.set_aside(session, (drawn,), host="", at=now)
            return drawn
    raise LookupError("no free reference was drawn")

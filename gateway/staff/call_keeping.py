"""Reads and keeps the notes of a call for its pages, by whoever may take calls."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from gateway.calls_taken import drafts
from gateway.calls_taken.drafts import NoSuchCall, Place, Taken
from gateway.calls_taken.fields import Written
from gateway.core import Core
from gateway.deciding import NotFound
from gateway.life_cycle import WrongRole
from gateway.staff.signed_in import Worker


def place_of(typed: Mapping[str, str]) -> Place:
    """Where a form's words come from; numbers that are none count as nothing."""
    version, turn = (int(typed[name]) if typed.get(name, "").isdecimal() else 0 for name in ("version", "turn"))
    return Place(version=version, page=typed.get("page", "")[:64], turn=turn, line=typed.get("line", "")[:64])


def call_taker(worker: Worker) -> Worker:
    """Themselves, if they may take calls; raises ``WrongRole``."""
    if not worker.may_act:
        raise WrongRole("calls are for staff")
    return worker


def taken_call(session: Session, core: Core, call_id: str) -> Taken:
    """The call as it stands; raises ``NotFound``."""
    try:
        return drafts.read(session, core.seal, call_id)
    except NoSuchCall:
        raise NotFound(call_id) from None


def saved(session: Session, core: Core, call_id: str, said: Written, *, place: Place, by: str) -> Taken:
    """Keep these words; raises ``NotFound``, ``SavedMeanwhile`` and ``AlreadySettled``."""
    try:
        return drafts.save(session, core.seal, call_id, said, place=place, by=by, now=core.clock())
    except NoSuchCall:
        raise NotFound(call_id) from None

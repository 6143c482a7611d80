"""A manager who had no part in a decision reads it again: agrees, or disagrees, and then it is worked on once more."""

from __future__ import annotations

from sqlmodel import Session

from gateway.clock import Clock
from gateway.deciding import Actor, Deciding, NotFound
from gateway.guards import MANAGERS
from gateway.life_cycle import Action, Incomplete, NotAllowed, WrongRole
from gateway.rereading.drawing import TASK
from storage import audit, notice, referral, rereading
from storage.referral import Referral, State
from storage.rereading import Reread

DISAGREES = "the decision was read again and is not agreed with"
ANSWERS = {"agree": True, "disagree": False}


def read_again(
    session: Session, deciding: Deciding, clock: Clock, reread_id: str, actor: Actor, *, answer: str, reason: str
) -> Reread:
    """Write the answer down; a disagreement reopens what is decided or closed, by the life cycle's own step.

    Raises ``NotFound``, ``WrongRole``, ``NotAllowed`` or ``Incomplete`` and then changes nothing.
    """
    one = rereading.held(session, reread_id)
    row = referral.by_id(session, one.referral_id, lock=True) if one else None
    if one is None or row is None:
        raise NotFound(reread_id)
    _check(one, actor, answer, reason.strip())
    one.agrees, one.reason = ANSWERS[answer], reason.strip()
    one.read_at, one.read_by = clock(), actor.name
    session.add(one)
    why = f": {one.reason}" if one.reason else ""
    says = "agrees" if one.agrees else "disagrees"
    audit.record(
        session, at=clock(), who=actor.name, what=f"Read the decision again and {says}{why}", referral_id=row.id
    )
    notice.withdraw_tasks(session, row.id or 0, given=TASK, why=f"{TASK} (it has been read)")
    if not one.agrees:
        _reopen(session, deciding, row, actor, one.reason)
    return one


def may_read(one: Reread, actor: Actor) -> bool:
    """Managers, but nobody who decided it or agreed to it."""
    had_part = {one.decided_by.casefold(), one.agreed_by.casefold()}
    return actor.role in MANAGERS and actor.name.casefold() not in had_part


def _check(one: Reread, actor: Actor, answer: str, reason: str) -> None:
    if actor.role not in MANAGERS:
        raise WrongRole("decisions are read again by managers")
    if not may_read(one, actor):
        raise WrongRole("somebody who had no part in the decision reads it again")
    if one.read_at is not None:
        raise NotAllowed("it has been read again already", ())
    if answer not in ANSWERS:
        raise Incomplete("answer", "Choose whether you agree")
    if not ANSWERS[answer] and not reason:
        raise Incomplete("reason", "Say why you do not agree")


def _reopen(session: Session, deciding: Deciding, row: Referral, actor: Actor, reason: str) -> None:
    """What has been opened again meanwhile is being worked on already."""
    if row.state in (State.CLOSED, State.DECIDED):
        deciding.act(session, row.reference, Action.REOPEN, actor, {"reason": f"{DISAGREES}: {reason}"})

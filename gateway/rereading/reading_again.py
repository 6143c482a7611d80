"""A manager who had no part in a decision reads it again: agrees, or disagrees, and then it is worked on once more."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from sqlmodel import Session

from gateway import notices, working_days
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.guards import MANAGERS
from gateway.ladder import Told
from gateway.life_cycle import Action, Incomplete, NotAllowed, WrongRole
from gateway.owing import About
from gateway.rereading.drawing import TASK
from storage import audit, notice, referral, rereading
from storage.referral import Referral, State
from storage.rereading import Reread, RereadWeek
from storage.staff import as_typed

DISAGREES = "the decision was read again and is not agreed with"
STANDS = "an earlier decision was read again and is not agreed with: see whether the one that stands now is right"
ANSWERS = {"agree": True, "disagree": False}


class Since(StrEnum):
    """What became of a referral since its decision was drawn."""

    NOTHING = "nothing"
    WORKED_ON = "worked_on"
    DECIDED_ANEW = "decided_anew"


def since(week: RereadWeek, row: Referral) -> Since:
    """Whether the decision that was drawn is the one that stands."""
    if row.state not in (State.CLOSED, State.DECIDED):
        return Since.WORKED_ON
    is_newer = row.decided_at is not None and row.decided_at > week.drawn_at
    return Since.DECIDED_ANEW if is_newer else Since.NOTHING


def read_again(session: Session, core: Core, reread_id: str, actor: Actor, *, answer: str, reason: str) -> Reread:
    """Write the answer down; a disagreement reopens it, by the life cycle's own step, if that decision still stands.

    Where a newer one does, nothing is reopened and a manager has the task to look at that.
    Raises ``NotFound``, ``WrongRole``, ``NotAllowed`` or ``Incomplete`` and then changes nothing.
    """
    one = rereading.held(session, reread_id)
    row = referral.by_id(session, one.referral_id, lock=True) if one else None
    if one is None or row is None:
        raise NotFound(reread_id)
    _check(one, actor, answer, reason.strip())
    one.agrees, one.reason = ANSWERS[answer], reason.strip()
    one.read_at, one.read_by = core.clock(), actor.name
    session.add(one)
    why = f": {one.reason}" if one.reason else ""
    says = "agrees" if one.agrees else "disagrees"
    audit.record(
        session, at=core.clock(), who=actor.name, what=f"Read the decision again and {says}{why}", referral_id=row.id
    )
    notice.withdraw_tasks(session, row.id or 0, given=TASK, why=f"{TASK} (it has been read)")
    if not one.agrees:
        _act_on(session, core, row, one, actor)
    return one


def may_read(one: Reread, actor: Actor) -> bool:
    """Managers, but nobody who decided it or agreed to it."""
    had_part = {as_typed(one.decided_by), as_typed(one.agreed_by)}
    return actor.role in MANAGERS and as_typed(actor.name) not in had_part


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


def _act_on(session: Session, core: Core, row: Referral, one: Reread, actor: Actor) -> None:
    """What has been opened again meanwhile is being worked on already."""
    week = rereading.week_of(session, one.week)
    became = since(week, row) if week else Since.DECIDED_ANEW
    if became is Since.NOTHING:
        core.deciding.act(session, row.reference, Action.REOPEN, actor, {"reason": f"{DISAGREES}: {one.reason}"})
    elif became is Since.DECIDED_ANEW:
        now = core.clock()
        owed = replace(notices.task(STANDS, now), due_at=working_days.look_by(now))
        core.owing.write(session, row, owed, About()).for_role = Told.TEAM_MANAGER

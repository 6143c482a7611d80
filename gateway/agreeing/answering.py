"""The second person agrees, and the step is taken as of then; or disagrees, in words that go back to whoever asked."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from gateway import leases
from gateway.agreeing.asking import AGREED_BY, typed_in
from gateway.agreeing.lapsing import has_changed, lapse, settle
from gateway.agreeing.rehearsing import NotShown, Rehearsal, rehearse
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.guards import MANAGERS
from gateway.life_cycle import SOCIAL_WORK, Action, Incomplete, NotAllowed, WrongRole
from storage import agreement, audit, referral
from storage.agreement import Agreement, Answer
from storage.referral import Referral

AFTERWARDS = ("held_by", "held_since", "held_seen_at", "held_until")


def may_answer(one: Agreement, actor: Actor) -> str:
    """Why this person may not answer it; empty if they may."""
    if actor.name == one.asked_by:
        return "You asked for it: somebody else has to agree."
    if one.needs_manager and actor.role not in MANAGERS:
        return "A manager has to agree to this."
    return "" if actor.role in SOCIAL_WORK else "This is for social workers."


def agree(core: Core, session: Session, agreement_id: str, actor: Actor, *, shown: str | None) -> Rehearsal | None:
    """Take the step as whoever asked would, agreed by ``actor``; raises ``NotShown``, and what the step raises.

    ``shown`` is the mark of what was shown to them. None comes back where the referral has changed since: then it has
    lapsed, and nothing was done.
    """
    one, row = _held(session, agreement_id, actor)
    if has_changed(one, row):
        lapse(session, one, row, core.clock())
        return None
    typed = {**typed_in(core, one), AGREED_BY: actor.name}
    done = rehearse(core, session, row, _step(core, session, one, row, actor), typed)
    if shown is not None and not done.was(shown):
        raise NotShown(done)
    settle(session, one, Answer.AGREED, by=actor.name, said="", now=core.clock())
    return done


def disagree(core: Core, session: Session, agreement_id: str, actor: Actor, why: str) -> Agreement:
    """Nothing is done; raises ``Incomplete`` without a reason, which goes back to whoever asked."""
    one, row = _held(session, agreement_id, actor)
    if not (said := " ".join(why.split())):
        raise Incomplete("why", "Say why you do not agree")
    settle(session, one, Answer.DISAGREED, by=actor.name, said=said, now=core.clock())
    if one.action == Action.DECIDE:
        row.next_action = f"Decide again: {actor.name} did not agree"
        session.add(row)
    audit.record(session, at=core.clock(), who=actor.name, what=f"Did not agree: {said}", referral_id=row.id)
    return one


def withdraw(core: Core, session: Session, agreement_id: str, actor: Actor) -> Agreement:
    """Whoever asked wants it no more; raises ``WrongRole`` for anybody else."""
    one, row = _both(session, agreement_id)
    if one.asked_by != actor.name:
        raise WrongRole("only whoever asked may withdraw it")
    settle(session, one, Answer.WITHDRAWN, by=actor.name, said="", now=core.clock())
    if one.action == Action.DECIDE:
        row.next_action = "Decide the next steps"
        session.add(row)
    audit.record(session, at=core.clock(), who=actor.name, what="Asked for no agreement any more", referral_id=row.id)
    return one


def _held(session: Session, agreement_id: str, actor: Actor) -> tuple[Agreement, Referral]:
    one, row = _both(session, agreement_id)
    if why_not := may_answer(one, actor):
        raise WrongRole(why_not)
    return one, row


def _both(session: Session, agreement_id: str) -> tuple[Agreement, Referral]:
    """The referral held first, as every step does."""
    found = agreement.by_id(session, agreement_id)
    row = referral.by_id(session, found.referral_id, lock=True) if found else None
    one = agreement.by_id(session, agreement_id, lock=True)
    if row is None or one is None:
        raise NotFound(agreement_id)
    if one.state != Answer.ASKED:
        raise NotAllowed(f"this is {one.state} already", ())
    return one, row


def _step(core: Core, session: Session, one: Agreement, row: Referral, actor: Actor) -> Callable[[], None]:
    """Whoever asked is not at it because somebody else agreed; whoever agrees was at it to read, not to decide."""

    def take() -> None:
        if leases.in_force(row, core.clock()) == actor.name:
            leases.release(row)
        before = {name: getattr(row, name) for name in AFTERWARDS}
        asked = {**typed_in(core, one), AGREED_BY: actor.name}
        by = Actor(name=one.asked_by, role=one.asked_role)
        core.deciding.act(session, row.reference, Action(one.action), by, asked, agreed_role=actor.role)
        for name, value in before.items():
            setattr(row, name, value)
        session.add(row)

    return take

"""A person agrees with what a machine suggested, or sets it aside: who did and when is kept, no floor is lowered."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.guards import rank
from gateway.life_cycle import ANY_STAFF, SOCIAL_WORK, Action, Incomplete, NotAllowed, WrongRole
from gateway.suggesting.factors import NAMES, Factor
from storage import audit, suggestion
from storage.referral import Referral, State
from storage.suggestion import About, Suggestion, SuggestionState


class Said(StrEnum):
    """What a person may say of a suggestion; ``open``: nobody has said anything after all."""

    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"
    OPEN = "open"


NOT_OPENED = "open it first: a rating is given by whoever has looked"


def settle(session: Session, core: Core, row: Referral, actor: Actor, suggestion_id: str, *, status: str) -> Suggestion:
    """Do it. Agreeing with how serious it is rates it so; agreeing with what it is makes it that.

    Raises ``NotFound``, ``WrongRole``, ``NotAllowed`` or ``Incomplete`` and then nothing has changed.
    """
    held = suggestion.held(session, suggestion_id)
    if held is None or held.referral_id != row.id:
        raise NotFound(suggestion_id)
    roles = SOCIAL_WORK if held.about == About.SEVERITY else ANY_STAFF
    if actor.role not in roles:
        raise WrongRole(f"it is for {', '.join(sorted(roles))}")
    try:
        wanted = Said(status)
    except ValueError:
        raise Incomplete("status", "Choose accepted, set_aside or open") from None
    if held.state == SuggestionState.SUPERSEDED:
        raise NotAllowed("the words were put right and do not say it any more", ())
    if held.state == wanted:
        return held
    if wanted is Said.ACCEPTED:
        _follow(session, core, row, actor, held)
    held.state, held.settled_by, held.settled_at = SuggestionState(wanted), actor.name, core.clock()
    if wanted is Said.OPEN:
        held.settled_by, held.settled_at = "", None
    session.add(held)
    audit.record(session, at=core.clock(), who=actor.name, what=_told(held, wanted, row), referral_id=row.id)
    return held


def _follow(session: Session, core: Core, row: Referral, actor: Actor, held: Suggestion) -> None:
    """What agreeing does, by the same step and the same guards as by hand."""
    if held.about == About.SEVERITY and rank(held.value) > rank(row.severity):
        if row.state == State.RECEIVED:
            raise NotAllowed(NOT_OPENED, ("open",))
        asked = {"severity": held.value, "reason": f"Agreed with the machine: {held.says}"}
        core.deciding.act(session, row.reference, Action.RATE, actor, asked)
    if held.about == About.KIND:
        row.kind = held.value
        session.add(row)


def _told(held: Suggestion, wanted: Said, row: Referral) -> str:
    what = f"{in_words(held.about, held.value)} ({held.says})"
    match wanted:
        case Said.ACCEPTED:
            return f"Agreed with what a machine suggested: {what}"
        case Said.SET_ASIDE:
            floor = f"; the floor stays {row.severity_floor}" if held.about == About.SEVERITY else ""
            return f"Set aside what a machine suggested: {what}{floor}"
    return f"Open again, what a machine suggested: {what}"


def in_words(about: str, value: str) -> str:
    """What is suggested, in a few words."""
    match about:
        case About.SEVERITY:
            return f"perhaps {value}"
        case About.FACTOR:
            return NAMES[Factor(value)] if value in set(Factor) else value
    return value.replace("_", " ")

"""A person settles what somebody states: confirmed, put right or rejected; who did and when is kept."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session

from gateway.claims import Opened, new_claim_of, opened
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.life_cycle import ANY_STAFF, SOCIAL_WORK, Incomplete, NotAllowed, WrongRole
from gateway.reading.parts import clean
from gateway.standard_form.meaning import meant
from gateway.standard_form.questions import asked, label_of
from storage import audit, claim
from storage.claim import Claim, ClaimStatus, Entity
from storage.referral import Referral

LONGEST = 20_000
A_PERSON = "a person"


class Settled(StrEnum):
    """What a person may say of a value."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


DONE = {Settled.CONFIRMED: "Confirmed", Settled.CORRECTED: "Put right", Settled.REJECTED: "Rejected"}
OVER = frozenset({ClaimStatus.SUPERSEDED, ClaimStatus.CORRECTED})


def settle(
    session: Session, core: Core, row: Referral, actor: Actor, claim_id: str, *, status: str, value: str = ""
) -> Claim:
    """Do it; the claim that stands afterwards. A value put right is a claim of its own in the place of the first.

    Raises ``NotFound``, ``WrongRole``, ``NotAllowed`` where another value has taken its place, or ``Incomplete``.
    """
    held = claim.held(session, claim_id)
    if held is None or held.referral_id != row.id:
        raise NotFound(claim_id)
    _must_be_allowed(actor, held)
    try:
        wanted = Settled(status)
    except ValueError:
        raise Incomplete("status", "Choose confirmed, corrected or rejected") from None
    if held.status in OVER:
        raise NotAllowed("another value has taken its place", ())
    stands = held
    if wanted is Settled.CORRECTED:
        stands = _corrected(core, held, value)
        session.add(stands)
    for each in (held, stands):
        each.settled_by, each.settled_at = actor.name, core.clock()
    held.status = ClaimStatus(wanted)
    session.add(held)
    what = f"{DONE[wanted]}: {name_of(held)}"
    audit.record(session, at=core.clock(), who=actor.name, what=what, referral_id=row.id)
    return stands


def name_of(held: Claim) -> str:
    """What it is a value of, without the value: such as child 1, date of birth."""
    about = f"{held.entity} {held.entity_no}" if held.entity_no else held.entity
    label = label_of(held.entity, held.field)
    return f"{'who told us' if held.entity == Entity.REFERRER else about}, {label[:1].lower()}{label[1:]}"


def _must_be_allowed(actor: Actor, held: Claim) -> None:
    roles = SOCIAL_WORK if held.entity == Entity.REFERRER else ANY_STAFF
    if actor.role not in roles:
        raise WrongRole(f"it is for {', '.join(sorted(roles))}")


def _corrected(core: Core, held: Claim, value: str) -> Claim:
    """The words and their place stay those that stand there; the value is a person's."""
    said = clean(value).strip()[:LONGEST]
    if not said:
        raise Incomplete("value", "Write what it should be")
    question = asked().get((held.entity, held.field))
    norm = meant(question.means, said) if question else ""
    words = opened(core.seal, held).words
    made = new_claim_of(core.seal, held, Opened(value=said, value_norm=norm, words=words), at=core.clock())
    made.extractor, made.confidence, made.status = A_PERSON, 1.0, ClaimStatus.CONFIRMED
    return made

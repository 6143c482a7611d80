"""A person settles what somebody states: confirmed, put right or rejected; who did and when is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from gateway import confirmed
from gateway.claims import Opened, Whose, new_claim_of, opened
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.life_cycle import ANY_STAFF, SOCIAL_WORK, Incomplete, NotAllowed, WrongRole
from gateway.reading.parts import clean
from gateway.standard_form.meaning import meant
from gateway.standard_form.questions import asked, label_of
from storage import audit, claim
from storage.claim import Claim, ClaimStatus, Entity
from storage.referral import Referral

LONGEST, MOST_PEOPLE = 20_000, 99
FIELD = re.compile(r"[a-z][a-z_]{0,39}")
A_PERSON = "a person"


class Settled(StrEnum):
    """What a person may say of a value."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


DONE = {Settled.CONFIRMED: "Confirmed", Settled.CORRECTED: "Put right", Settled.REJECTED: "Rejected"}
OVER = frozenset({ClaimStatus.SUPERSEDED, ClaimStatus.CORRECTED})


@dataclass(frozen=True, kw_only=True)
class PutRight:
    """What a value should be, and whose: empty for as it is. ``entity_no`` counts with ``entity``."""

    value: str = ""
    entity: str = ""
    entity_no: int = 0
    field: str = ""


AS_IT_IS = PutRight()


def settle(
    session: Session, core: Core, row: Referral, actor: Actor, claim_id: str, *, status: str, right: PutRight = AS_IT_IS
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
        stands = _corrected(core, held, right)
        session.add(stands)
    for each in (held, stands):
        each.settled_by, each.settled_at = actor.name, core.clock()
    held.status = ClaimStatus(wanted)
    session.add(held)
    what = f"{DONE[wanted]}: {name_of(held)}"
    if (stands.entity, stands.entity_no, stands.field) != (held.entity, held.entity_no, held.field):
        what += f", which is {name_of(stands)}"
    audit.record(session, at=core.clock(), who=actor.name, what=what, referral_id=row.id)
    if stands.status == ClaimStatus.CONFIRMED:
        confirmed.follow(session, core, row, actor, stands)
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


def _corrected(core: Core, held: Claim, right: PutRight) -> Claim:
    """The words and their place stay those that stand there; the value is a person's, and so is whose it is."""
    before = opened(core.seal, held)
    entity, entity_no, field = _whose(held, right)
    moves = (entity, entity_no, field) != (held.entity, held.entity_no, held.field)
    said = clean(right.value).strip()[:LONGEST] or (before.value if moves else "")
    if not said:
        raise Incomplete("value", "Write what it should be")
    question = asked().get((entity, field))
    norm = meant(question.means, said) if question else ""
    if said == before.value:
        norm = norm or before.value_norm
    made = new_claim_of(
        core.seal, held, Opened(value=said, value_norm=norm, words=before.words), at=core.clock(),
        of=Whose(entity=entity, entity_no=entity_no, field=field),
    )  # fmt: skip
    made.extractor, made.confidence, made.status = A_PERSON, 1.0, ClaimStatus.CONFIRMED
    return made


def _whose(held: Claim, right: PutRight) -> tuple[Entity, int, str]:
    try:
        entity = Entity(right.entity or held.entity)
    except ValueError:
        raise Incomplete("entity", "Choose whose it is") from None
    if not 0 <= right.entity_no <= MOST_PEOPLE:
        raise Incomplete("entity", "Choose whose it is")
    field = right.field or held.field
    if not FIELD.fullmatch(field):
        raise Incomplete("field", "Choose what it is")
    return entity, right.entity_no if right.entity else held.entity_no, field

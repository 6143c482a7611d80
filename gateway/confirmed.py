"""What follows when a person confirms a value: the child is named, or the clock runs from the day a letter came."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from gateway import arrival
from gateway.claims import opened
from gateway.core import Core
from gateway.deciding import Actor
from gateway.standard_form.meaning import meant
from storage.claim import Claim, Entity
from storage.message import ArrivedBasis, Message
from storage.referral import Referral

ARRIVED_ON = "arrived_on"
NAMES = frozenset({"name", "given_name", "family_name"})


def follow(session: Session, core: Core, row: Referral, actor: Actor, stands: Claim) -> None:
    """In the transaction that confirms it; raises ``Incomplete`` or ``WrongRole`` where that day cannot be."""
    if stands.entity == Entity.CHILD and stands.field in NAMES and not row.child_known:
        row.child_known = True
        session.add(row)
    if stands.entity == Entity.CONCERN and stands.field == ARRIVED_ON:
        _came_on(session, core, actor, stands)


def _came_on(session: Session, core: Core, actor: Actor, stands: Claim) -> None:
    """The stamp on a letter says when it reached the council; of a day that cannot be told nothing follows."""
    said, letter = opened(core.seal, stands), session.get_one(Message, stands.message_id)
    day = said.value_norm or meant("date", said.value)
    if not day or letter.channel != "letter":
        return
    on = date.fromisoformat(day)
    arrival.check(letter, on, actor.role, is_sure=True)
    arrival.set_arrival(session, letter, on, ArrivedBasis.DATE_STAMP, actor.name, at=core.clock())

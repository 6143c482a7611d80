"""What staff write down of reaching a sender safely, and of the child's household; and what they see of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field
from sqlmodel import Session

from channels.contract import Address, AddressClass
from gateway.addresses import address_of, as_typed, domain_of, found_by, home_key, safety_of
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Incomplete
from gateway.notices import MEDIUM_OF, OkWords, why_not
from gateway.safe_contact import Said, channels_of, hints_of, keep
from storage import audit, identity
from storage.identity import Identity
from storage.referral import Referral

NO_SUCH_ADDRESS = "Give an email address, a phone number, or a postal address with its postcode"
THEIRS, ANOTHER, SOMEBODY_ELSE = "the address they used", "another address of theirs", "somebody else who wrote"


class ContactView(BaseModel):
    """One address and what was said of it; ``address`` is null without the role that may know who told us.

    ``expires_at``: until when a yes may be relied on; null where there is none, for a no has no end.
    """

    address: str | None
    address_class: str = Field(serialization_alias="class")
    whose: str
    said_by: str
    ok_for: dict[str, bool]
    words: str | None
    who_else_can_see: str
    hours: str
    code_word: str
    in_words: str
    large_print: bool
    asked_by: str | None
    asked_at: datetime | None
    expires_at: datetime | None
    texts_stopped_at: datetime | None
    why_no_machine: str


class HouseholdView(BaseModel):
    """One address of the child's household: nothing is sent there by machine."""

    address: str | None
    address_class: str = Field(serialization_alias="class")
    said_by: str


class ContactsView(BaseModel):
    """How the sender of a referral can be reached safely."""

    reference: str
    contacts: list[ContactView]
    household: list[HouseholdView]


def write_contact(
    session: Session, core: Core, row: Referral, actor: Actor, *, address: str, said: Said, asked_by: str = ""
) -> None:
    """Keep what the sender answered; without an address it is of the one they used. Raises ``Incomplete``."""
    who = session.get(Identity, row.identity_id) if row.identity_id else None
    if address.strip():
        about = _known(session, core, _typed(address))
    elif who is not None and address_of(core.seal, who).value:
        about = _known(session, core, address_of(core.seal, who))
    else:
        raise Incomplete("address", NO_SUCH_ADDRESS)
    if who is None or about.id != who.id:
        identity.add_way(
            session, referral_id=row.id or 0, of_identity_id=row.identity_id, identity_id=about.id,
            said_by=asked_by or actor.name, at=core.clock(),
        )  # fmt: skip
    keep(core.seal, about, said, by=asked_by or actor.name, at=core.clock(), was_asked=True)
    session.add(about)
    _note(session, core, row, actor, f"Asked how to reach the sender safely{_in_words(said)}")


def write_household(session: Session, core: Core, row: Referral, actor: Actor, *, address: str) -> None:
    """Keep an address of the child's household; what is still owed there is withheld. Raises ``Incomplete``."""
    home = _typed(address)
    is_new = identity.add_household(
        session, core.seal, referral_id=row.id or 0, found_by=home_key(home), address_class=home.kind,
        value=home.value, said_by=actor.name, at=core.clock(),
    )  # fmt: skip
    if is_new:
        what = "Wrote down an address of the child's household: nothing is sent there by machine"
        _note(session, core, row, actor, what)


def said_of(
    *, ok_for: Mapping[str, bool], words: str, who_else_can_see: str = "", hours: str = "", code_word: str = "",
    in_words: str = "", large_print: bool | None = None,
) -> Said:  # fmt: skip
    """What was typed, checked; raises ``Incomplete`` with the field."""
    try:
        channels = channels_of(ok_for)
    except KeyError as error:
        raise Incomplete("ok_for", f"There is no channel called {str(error.args[0])[:20]}") from None
    if words and words not in set(OkWords):
        raise Incomplete("words", "Choose none, discreet or open")
    return Said(
        ok_for=channels, words=OkWords(words) if words else None, who_else_can_see=who_else_can_see.strip(),
        hours=hours.strip(), code_word=code_word.strip(), in_words=in_words.strip(),
        large_print=large_print,
    )  # fmt: skip


def contacts_of(session: Session, core: Core, row: Referral, *, may_identify: bool) -> ContactsView:
    """Everything known; whoever shows addresses to a person records the read."""
    who = session.get(Identity, row.identity_id) if row.identity_id else None
    own = who and _contact(session, core, row, who, whose=THEIRS, said_by="sender", may_identify=may_identify)
    found = [own] if own else []
    for way, each in identity.all_ways(session, row.id or 0):
        whose = ANOTHER if way.of_identity_id == row.identity_id else SOMEBODY_ELSE
        found.append(_contact(session, core, row, each, whose=whose, said_by=way.said_by, may_identify=may_identify))
    home = [
        HouseholdView(
            address=identity.household_address(core.seal, each) if may_identify else None,
            address_class=each.address_class, said_by=each.said_by,
        )
        for each in identity.household_of(session, row.id or 0)
    ]  # fmt: skip
    return ContactsView(reference=row.reference, contacts=found, household=home)


def _contact(
    session: Session, core: Core, row: Referral, who: Identity, *, whose: str, said_by: str, may_identify: bool
) -> ContactView:
    safety = core.reaching.safety(session, row, who)
    hints = hints_of(core.seal, who) if may_identify else {}
    return ContactView(
        address=(address_of(core.seal, who).value or None) if may_identify else None,
        address_class=who.address_class, whose=whose, said_by=said_by, ok_for=dict(safety.said),
        words=safety_of(who, core.clock()).words, who_else_can_see=hints.get("who_else_can_see", ""),
        hours=hints.get("hours", ""), code_word=hints.get("code_word", ""), in_words=hints.get("in_words", ""),
        large_print=who.large_print,
        asked_by=who.asked_by, asked_at=who.asked_at,
        expires_at=who.expires_at if any(safety.said.values()) else None,
        texts_stopped_at=who.texts_stopped_at,
        why_no_machine=why_not(safety, MEDIUM_OF.get(AddressClass(who.address_class), "")),
    )  # fmt: skip


def _typed(address: str) -> Address:
    found = as_typed(address)
    if found is None or not home_key(found):
        raise Incomplete("address", NO_SUCH_ADDRESS)
    return found


def _known(session: Session, core: Core, address: Address) -> Identity:
    return identity.remember(
        session, core.seal, found_by=found_by(address), address_class=address.kind, value=address.value, name="",
        at=core.clock(), domain=domain_of(address),
    )  # fmt: skip


def _in_words(said: Said) -> str:
    answers = [f"{name} {'yes' if is_safe else 'no'}" for name, is_safe in said.ok_for.items()]
    answers += [f"words {said.words}"] if said.words else []
    answers += [f"large print {'yes' if said.large_print else 'no'}"] if said.large_print is not None else []
    return f": {', '.join(answers)}" if answers else ""


def _note(session: Session, core: Core, row: Referral, actor: Actor, what: str) -> None:
    audit.record(session, at=core.clock(), who=actor.name, what=what, referral_id=row.id)

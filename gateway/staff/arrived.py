"""Staff say on which day a letter reached the council: on the page of its referral, of its scan, or by a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from gateway import arrival
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.staff import finding
from gateway.staff.showing import shown_after
from gateway.translating import Worded
from gateway.view import MessageView, ReferralView
from storage import message as messages
from storage.message import ArrivedBasis, Message

BY_STAFF = (ArrivedBasis.DATE_STAMP, ArrivedBasis.POSTMARK, ArrivedBasis.STAFF_ENTERED)
CHOICES = {
    ArrivedBasis.DATE_STAMP: "It has our date stamp",
    ArrivedBasis.POSTMARK: "By the postmark",
    ArrivedBasis.STAFF_ENTERED: "We know it otherwise",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says of the day; ``is_sure``: also where it is long before the scan."""

    on: date
    basis: ArrivedBasis
    is_sure: bool


def said_of(typed: Mapping[str, str]) -> Said:
    """What a form or program gave; raises ``Incomplete`` where that is no day, or no way to know it."""
    try:
        on = date.fromisoformat(typed.get("on", "").strip())
    except ValueError:
        raise Incomplete("on", "Give the day it reached the council, such as 2026-11-20") from None
    basis = typed.get("basis") or ArrivedBasis.STAFF_ENTERED
    if basis not in BY_STAFF:
        raise Incomplete("basis", f"Say how it is known: {', '.join(BY_STAFF)}")
    return Said(on=on, basis=ArrivedBasis(basis), is_sure=typed.get("sure", "").lower() in ("yes", "true"))


def say(core: Core, actor: Actor, reference: str, typed: Mapping[str, str]) -> ReferralView:
    """Of one letter of a referral, the first where ``message`` names none; the referral as it stands afterwards.

    Raises ``NotFound``, ``NotAllowed``, ``WrongRole`` or ``Incomplete`` and then nothing has changed.
    """
    with core.database.transaction() as session:
        row = finding.to_act_on(session, reference)
        letter = _letter(session, row.id or 0, typed.get("message", ""))
        of_letters(session, core, actor, [letter], said_of(typed))
        return shown_after(session, core, actor, row)


def of_letters(session: Session, core: Core, actor: Actor, letters: Sequence[Message], said: Said) -> int:
    """The same day for each of them; how many that is news of. Raises as ``say`` does."""
    for letter in letters:
        arrival.check(letter, said.on, actor.role, is_sure=said.is_sure)
    at = core.clock()
    return sum(arrival.set_arrival(session, each, said.on, said.basis, actor.name, at=at) for each in letters)


def day_known(letter: MessageView | Message) -> str:
    """Such as Friday 20 November 2026, by the date stamp; empty where nobody has said."""
    if letter.arrived_on is None:
        return ""
    return f"{arrival.day_of(letter.arrived_on)}, {arrival.BASES[ArrivedBasis(letter.arrived_basis)]}"


def _letter(session: Session, referral_id: int, wanted: str) -> Message:
    letters = [each for each in messages.of_referrals(session, [referral_id]) if each.channel == "letter"]
    if not letters:
        raise NotAllowed("nothing of it came by post", ())
    found = next((each for each in letters if each.id == wanted), None if wanted else letters[0])
    if found is None:
        raise Incomplete("message", "That is no letter of this referral")
    return found


IN_TEMPLATES = {
    "day_known": day_known,
    "ARRIVAL_CHOICES": Worded({str(basis): words for basis, words in CHOICES.items()}),
}

"""Before a step tells the sender something: the exact notice and where it goes, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from gateway.agreeing.asking import AGREED_BY, SOMEBODY, STEPS, Wanted, wanted
from gateway.agreeing.rehearsing import NotShown, Rehearsal, Written, rehearse
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action, Incomplete
from gateway.staff import claims, finding
from gateway.staff.showing import shown_after
from gateway.view import ReferralView
from storage import audit, staff
from storage.referral import Referral
from storage.staff import Role

SHOWN = "shown"
GOES_BY = {
    "sms": "by text", "email": "by email", "letter": "by letter", "web": "on the page where they check their reference",
    "voice": "on the phone",
}  # fmt: skip
SAVES = {Action.ASK: "Ask them this", Action.DECIDE: "Send and save", Action.CLOSE: "Send and close"}
READ = "Read where a notice goes, ledger number {}"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One notice as it would go out, and where, in words."""

    goes: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is put before somebody who posted a step: nothing has been done yet.

    ``typed`` goes back with the second post, with ``mark`` of what is shown here. ``wanted``: somebody has to agree.
    """

    reference: str
    action: Action
    saves: str
    letters: Sequence[Letter]
    typed: Sequence[tuple[str, str]]
    mark: str
    wanted: Wanted | None = None
    is_changed: bool = False


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A step as it was posted, by whom and on what."""

    actor: Actor
    reference: str
    action: Action
    typed: Mapping[str, str]


class Unconfirmed(Exception):
    """A step was posted that has to be confirmed; ``card`` is what to show, and nothing has changed."""

    def __init__(self, card: Card) -> None:
        super().__init__("it has to be confirmed first")
        self.card = card


def take(core: Core, posted: Posted) -> ReferralView:
    """The step, as it was shown; raises ``Unconfirmed``, and what the step itself raises, and then nothing is done."""
    asked = claims.with_what_it_rests_on(posted.typed)
    try:
        with core.database.transaction() as session:
            row = finding.to_act_on(session, posted.reference)
            if posted.action == Action.LINK:
                asked = {**asked, "to": finding.as_written(asked.get("to", ""))}
            _says_no_name_of_ours(session, posted, asked)
            done = rehearse(core, session, row, _step(core, session, row, posted, asked), asked)
            if not done.was(posted.typed.get(SHOWN, "")):
                raise NotShown(done)
            return shown_after(session, core, posted.actor, row)
    except NotShown as shown:
        raise Unconfirmed(_card(core, posted, shown.rehearsal)) from None
    except Incomplete as error:
        card = _to_be_agreed(core, posted) if error.field == AGREED_BY else None
        if card is None:
            raise
        raise Unconfirmed(card) from None


def letters(told: Sequence[Written]) -> list[Letter]:
    """Each with the end of the number, or the domain, it goes to: enough to see that it is the right one."""
    return [Letter(goes=_goes(one), subject=one.subject, text=one.text) for one in told]


def record_where(core: Core, actor: Actor, row_number: int, told: Sequence[Written]) -> None:
    """Put on record that they saw where it goes."""
    if any(one.ends_in for one in told):
        with core.database.transaction() as session:
            audit.record(session, at=core.clock(), who=actor.name, what=READ.format(row_number), is_private=True)


def _says_no_name_of_ours(session: Session, posted: Posted, asked: Mapping[str, str]) -> None:
    """Whoever can sign in agrees signed in; only of others is a worker's word taken."""
    named = asked.get(AGREED_BY, "").strip()
    if posted.action not in STEPS or named in ("", posted.actor.name):
        return
    if staff.by_typed_name(session, named) is not None:
        raise Incomplete(AGREED_BY, f"{named} signs in here: leave this empty, and they are asked to agree themselves")


def _step(
    core: Core, session: Session, row: Referral, posted: Posted, asked: Mapping[str, str]
) -> Callable[[], Referral]:
    would_agree = Role.MANAGER if asked.get(AGREED_BY) == SOMEBODY and not posted.typed.get(AGREED_BY) else None
    return lambda: core.deciding.act(
        session, row.reference, posted.action, posted.actor, asked, agreed_role=would_agree
    )


def _to_be_agreed(core: Core, posted: Posted) -> Card | None:
    """What to show where agreement is all that it lacks, worded as it would be with it."""
    asked = claims.with_what_it_rests_on(posted.typed)
    if asked.get(AGREED_BY, "").strip():
        return None
    seconded, needed = {**asked, AGREED_BY: SOMEBODY}, None
    try:
        with core.database.transaction() as session:
            row = finding.to_act_on(session, posted.reference)
            needed = wanted(posted.action, core.deciding.attempt(session, row, posted.action, posted.actor, asked))
            if needed is None:
                return None
            raise NotShown(rehearse(core, session, row, _step(core, session, row, posted, seconded), seconded))
    except NotShown as shown:
        return _card(core, posted, shown.rehearsal, needed)


def _card(core: Core, posted: Posted, would: Rehearsal, needed: Wanted | None = None) -> Card:
    with core.database.reading() as session:
        row = finding.to_act_on(session, posted.reference)
    record_where(core, posted.actor, row.ledger_no, would.told)
    return Card(
        reference=row.reference, action=posted.action, saves=SAVES.get(posted.action, "Save"),
        letters=letters(would.told), mark=would.mark, wanted=needed, is_changed=bool(posted.typed.get(SHOWN)),
        typed=[(name, value) for name, value in posted.typed.items() if name != SHOWN],
    )  # fmt: skip


def _goes(one: Written) -> str:
    by = GOES_BY.get(one.channel, one.channel)
    if one.channel == "sms" and one.ends_in:
        return f"{by}, to the number ending {one.ends_in}"
    if one.channel == "email" and one.ends_in:
        return f"{by}, to their address at {one.ends_in}"
    return f"{by}, to the address they gave" if one.channel == "letter" else by

"""A step that waits for a second person as they see it: who asks, what it would be, what the sender would get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from gateway.agreeing import answering
from gateway.agreeing.asking import STEPS, typed_in, wanted
from gateway.agreeing.rehearsing import Rehearsal
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.life_cycle import Action, Incomplete, NotAllowed
from gateway.staff.confirming import Letter, letters, record_where
from gateway.staff.typed_words import Line, lines
from storage import agreement, referral
from storage.agreement import Agreement, Answer
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One that waits; ``why_not``: why the reader may not answer it."""

    id: str
    reference: str
    severity: str
    what: str
    by: str
    asked_by: str
    asked_at: datetime
    due_at: datetime
    why_not: str
    is_yours: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """One with the whole step as it would be: ``lines`` are what was typed, ``letters`` what the sender would get.

    ``cannot`` says why it cannot be done at all now, ``because`` why two must agree. ``mark`` is of all that is shown.
    """

    asked: Asked
    state: str
    settled_by: str
    said: str
    lines: Sequence[Line]
    letters: Sequence[Letter] = ()
    mark: str = ""
    cannot: str = ""
    because: tuple[str, ...] = ()


def question_of(core: Core, agreement_id: str, actor: Actor) -> Question:
    """It, rehearsed and undone where the reader may answer it; raises ``NotFound``."""
    with core.database.reading() as session:
        one = agreement.by_id(session, agreement_id)
        found = asked_of(session, [one] if one else [], actor)
        row = referral.by_id(session, one.referral_id) if one else None
        because = _because(core, session, one, row) if one and row else ()
    if one is None or row is None or not found:
        raise NotFound(agreement_id)
    asked = found[0]
    would, cannot = _rehearsed(core, one, actor) if one.state == Answer.ASKED and not asked.why_not else (None, "")
    if would:
        record_where(core, actor, row.ledger_no, would.told)
    return Question(
        asked=asked, state=one.state, settled_by=one.settled_by, said=one.said, lines=lines(typed_in(core, one)),
        letters=letters(would.told) if would else (), mark=would.mark if would else "", cannot=cannot,
        because=because,
    )  # fmt: skip


def _because(core: Core, session: Session, one: Agreement, row: Referral) -> tuple[str, ...]:
    """By the rules as they look at it now; nothing once it has been answered."""
    action, by = Action(one.action), Actor(name=one.asked_by, role=one.asked_role)
    needed = wanted(action, core.deciding.attempt(session, row, action, by, typed_in(core, one)))
    return needed.because if needed and one.state == Answer.ASKED else ()


class _Undone(Exception):
    """What was only tried is not kept."""


def _rehearsed(core: Core, one: Agreement, actor: Actor) -> tuple[Rehearsal | None, str]:
    """What agreeing would send; or why it cannot be done."""
    would = None
    try:
        with core.database.transaction() as session:
            would = answering.agree(core, session, one.id, actor, shown=None)
            raise _Undone
    except _Undone:
        return would, "" if would else "It has changed since they asked: they have to ask again."
    except (Incomplete, NotAllowed) as error:
        return None, f"{error.what[:1].upper()}{error.what[1:]}."


def asked_of(session: Session, waiting: Sequence[Agreement], actor: Actor) -> list[Asked]:
    """Each as this reader sees it in a list."""
    ids = [one.referral_id for one in waiting]
    rows = {row.id: row for row in session.exec(select(Referral).where(col(Referral.id).in_(ids)))}
    return [
        Asked(
            id=one.id, reference=rows[one.referral_id].reference, severity=rows[one.referral_id].severity,
            what=STEPS[Action(one.action)], by="manager" if one.needs_manager else "second person",
            asked_by=one.asked_by, asked_at=one.asked_at, due_at=one.due_at,
            why_not=answering.may_answer(one, actor), is_yours=one.asked_by == actor.name,
        )
        for one in waiting
        if one.referral_id in rows
    ]  # fmt: skip

"""Which notice a step will send and by which channel, said before the button is pressed; never an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from gateway import outcome, working_days
from gateway.core import Core
from gateway.life_cycle import Action
from gateway.notices import Owed
from gateway.owing import About
from gateway.telling_senders import ASKED_BY_HAND
from gateway.words import WordingFault
from storage.identity import Identity
from storage.notice import NoticeKind, NoticeState
from storage.referral import Referral

TELLS = {Action.ASK: NoticeKind.NEED_MORE, Action.DECIDE: NoticeKind.LOOKED_AT, Action.CLOSE: NoticeKind.CLOSED}
BY = {"sms": "A text", "email": "An email", "letter": "A letter"}


@dataclass(frozen=True, kw_only=True)
class Telling:
    """``says`` is one sentence; ``words`` the notice itself, empty where nothing is sent."""

    says: str
    words: str = ""


def tellings(core: Core, session: Session, row: Referral) -> dict[str, Telling]:
    """What each step that tells the sender would do now, by the action's name."""
    who = session.get(Identity, row.identity_id) if row.identity_id else None
    ways = {action: core.reaching.to_sender(session, row, kind, who) for action, kind in TELLS.items()}
    return {action: _telling(core, row, action, owed, is_theirs=to is who) for action, (owed, to) in ways.items()}


def answer_by(now: datetime) -> datetime:
    """What the form suggests: 5pm in two working days."""
    return working_days.close_of(working_days.add_working_days(working_days.in_london(now).date(), 2))


def _telling(core: Core, row: Referral, action: Action, owed: Owed, *, is_theirs: bool) -> Telling:
    if owed.state == NoticeState.CANCELLED:
        return Telling(says=_nobody(row, action))
    if owed.state == NoticeState.SENT:
        return Telling(says="They gave no address. They see it when they check their reference with their code.")
    if owed.kind == NoticeKind.STAFF_TASK:
        return Telling(says=f"No machine can tell them. You get a task: {owed.reason}.")
    extra: Mapping[str, Any] = {}
    if action == Action.ASK:
        extra = {"question": "[your question]", "answer_by": answer_by(core.clock())}
    if action == Action.CLOSE:
        level = core.settings.outcome_levels.get(row.told_as, outcome.LOOKED_AT_ONLY)
        extra = {"told_outcome": outcome.hears_outcome(row, level)}
    where = "the address they used" if is_theirs else "another address of theirs that is safe"
    says = f"{BY.get(owed.channel, 'A message')} goes to the person who told us, to {where}."
    if action == Action.DECIDE:
        says += " A member of the public hears this; a parent or a professional as much as their kind may hear."
    try:
        words = core.words.render(owed.kind, owed.words, core.owing.fields(row, About(extra=extra), owed.due_at)).text
    except WordingFault:
        return Telling(says="The wording of this notice cannot be used. You get a task to tell them by hand.")
    return Telling(says=says, words=words)


def _nobody(row: Referral, action: Action) -> str:
    if action != Action.ASK:
        return "Nobody is told: no address was given."
    if row.channel in ASKED_BY_HAND:
        return "They left no address. You get a task to find a way to ask them."
    return "Nobody can ask them: they left no address and no number."

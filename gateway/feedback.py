"""Staff say what gets in their way; an administrator or manager answers, and it is finished."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from sqlmodel import Session

from channels.contract import RawMessage
from channels.note import note_message
from gateway import ladder
from gateway.deciding import Actor, NotFound
from gateway.desk_words import NOT_A_REPORT
from gateway.guards import MANAGERS
from gateway.life_cycle import Incomplete, NotAllowed, WrongRole
from storage import audit, referral, was
from storage.referral import Referral, State

LONGEST = 5000


def feedback_message(words: str, who: str, page: str, feedback_id: str = "") -> RawMessage:
    """As a message like any other, kept before anything else is done with it. Raises ``Incomplete``."""
    if not (said := words.strip()):
        raise Incomplete("text", "Write what gets in your way")
    if len(said) > LONGEST:
        raise Incomplete("text", f"Write at most {LONGEST} characters")
    body = json.dumps({"text": said, "note_id": feedback_id or secrets.token_urlsafe(16)}, ensure_ascii=False)
    return note_message(body.encode(), who, on_page=page or "/")


def finish(session: Session, reference: str, actor: Actor, answer: str, *, at: datetime) -> Referral:
    """Answered and closed; raises ``NotFound``, ``WrongRole``, ``NotAllowed`` or ``Incomplete`` and changes nothing."""
    row = referral.by_reference(session, reference, lock=True)
    if row is None or row.treated_as != NOT_A_REPORT:
        raise NotFound(reference)
    if actor.role not in MANAGERS:
        raise WrongRole("what is said of the desk is answered by administrators and managers")
    if row.state == State.CLOSED:
        raise NotAllowed("it is finished already", ())
    if not (said := " ".join(answer.split())):
        raise Incomplete("answer", "Say what came of it")
    before = was.as_it_is(row)
    row.looked_at, row.looked_by = row.looked_at or at, row.looked_by or actor.name
    row.state, row.closed_at, row.close_reason = State.CLOSED, at, said
    row.held_by = row.held_until = None
    ladder.stop_clock(row)
    was.changed(session, row, before, at)
    audit.record(session, at=at, who=actor.name, what=f"Answered and finished: {said}", referral_id=row.id)
    session.add(row)
    return row

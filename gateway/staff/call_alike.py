"""Beside the notes of a call: what may be about the same as the words written so far, and the one it is said to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from gateway.calls_taken.drafts import Taken
from gateway.calls_taken.fields import LABELS, TEXT, Written, written
from gateway.core import Core
from gateway.likeness.cluster import Like
from gateway.likeness.keys import Known
from gateway.likeness.typed import Typed, likely
from gateway.proposing.contract import Kind, Said
from gateway.proposing.gate import Gate
from gateway.proposing.rules import Rules
from gateway.staff.call_view import may_see_who
from gateway.staff.signed_in import Posted, Worker
from gateway.working_days import in_london
from storage import draft

AT_ONCE = 3
LONGEST = 2000
"""Characters of the notes that are looked through: the first half and the last of what is longer."""
RULES = Gate((Rules(),))


@dataclass(frozen=True, kw_only=True)
class CallAlike:
    """``likes``: a few, the likeliest first. ``about`` is the reference of the one the call is said to be about."""

    likes: Sequence[Like] = ()
    about: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether the one that was chosen is none of those that are found now."""
        return bool(self.about) and self.about not in {like.row.reference for like in self.likes}


def alike_of(session: Session, core: Core, worker: Worker, taken: Taken, *, who: bool) -> CallAlike:
    """As this worker may see it: the number and mail of who calls count only for those who may see them (``who``)."""
    if taken.kept.is_empty:
        return CallAlike()
    typed = typed_of(taken.kept, who=who, on=in_london(core.clock()).date())
    found, own = likely(session, core.seal, worker.actor, typed), taken.row.reference
    likes = [like for like in found if like.row.reference != own]
    return CallAlike(likes=likes[:AT_ONCE], about=taken.kept.fields.get("about", ""))


def alike_to_typed(session: Session, core: Core, call_id: str, posted: Posted) -> CallAlike:
    """Of words that are being kept meanwhile, so that keeping them takes no longer."""
    row = draft.by_id(session, call_id)
    if row is None:
        return CallAlike()
    taken = Taken(row=row, kept=written(posted.typed))
    return alike_of(session, core, posted.worker, taken, who=may_see_who(row, posted.worker))


def typed_of(kept: Written, *, who: bool, on: date) -> Typed:
    """What the rules find in the notes, the child's field and the place's, as they will once it is a report."""
    words = [_shortened(kept.fields.get(TEXT, ""))]
    words += [f"{LABELS[name]}: {kept.fields[name]}" for name in ("child", "where") if name in kept.fields]
    found = RULES.found_at_once(Said(text="\n\n".join(filter(None, words)), kind=Kind.NOTE, on=on))
    return Typed(
        phone=kept.fields.get("callback", "") if who else "", email=kept.fields.get("email", "") if who else "",
        address=kept.fields.get("where", "")[:LONGEST],
        known=[
            Known(entity=one.entity, entity_no=one.entity_no, field=one.field, value=one.value, norm=one.value_norm)
            for one in (each.proposed for each in found)
        ],
    )  # fmt: skip


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}\n\n{text[-LONGEST // 2 :]}"

"""A letter of ours came back, and a person says which: its notice has failed, and nothing more goes to that address."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session

from channels.letter import codes
from channels.letter.scanned import CAME_BACK, returned
from gateway import promised
from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.reference import parse
from storage import audit, notice
from storage.notice import Notice, NoticeState

MAY_COME_BACK = (NoticeState.SENT, NoticeState.DELIVERED)


class Why(StrEnum):
    """What stands on the envelope."""

    GONE_AWAY = "gone away"
    REFUSED = "refused"
    INSUFFICIENT = "insufficient address"
    OTHER = "other"


def letters_meant(session: Session, typed: str) -> list[Notice]:
    """The letters that may be meant by a code or a reference: sent, and not known to have come back; newest first."""
    code = codes.read(typed)
    if code is not None and code.notice_id:
        found = notice.by_id(session, code.notice_id)
        return [found] if found is not None and _may_come_back(found) else []
    about = promised.referral_of(session, [parse(typed) or typed.strip()])
    rows = notice.of_referrals(session, [about.id or 0]) if about else []
    return [row for row in reversed(rows) if _may_come_back(row)]


def came_back(session: Session, core: Core, row: Notice, who: str, *, why: str) -> None:
    """Raises ``Incomplete`` for a reason that is none, ``NotAllowed`` for what cannot have come back."""
    try:
        said = Why(why)
    except ValueError:
        raise Incomplete("why", "Choose what stands on the envelope") from None
    if not _may_come_back(row):
        raise NotAllowed("this letter is known to have come back, or was never sent", ())
    what = CAME_BACK if said is Why.OTHER else f"{CAME_BACK}: {said}"
    note = f"The {row.kind.replace('_', ' ')} letter came back"
    audit.record(session, at=core.clock(), who=who, what=note, referral_id=row.referral_id)
    core.delivery.heard(session, row, returned(row.id, what))


def _may_come_back(row: Notice) -> bool:
    return row.channel == "letter" and row.state in MAY_COME_BACK

"""A letter whose pages belong to another is not acknowledged by post a second time, until it has pages again."""

from __future__ import annotations

from sqlmodel import Session

from gateway import notices
from gateway.core import Core
from gateway.posting.marking import leave_the_post
from gateway.time_limit import limit_of
from storage import audit, notice, work
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral, Severity

TOLD = (NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED)
BELONG_TO, WHICH_IS = "its pages belong to ", ", which is acknowledged"


def need_no_receipt(session: Session, core: Core, row: Referral, has_them: Referral, who: str) -> None:
    """What is owed or printed for ``row`` and not posted is cancelled, if ``has_them`` is acknowledged itself.

    Both are held by whoever calls; a letter that is just being handed over stands.
    """
    if not any(each.state in TOLD for each in _receipts(session, has_them)):
        return
    why = f"{BELONG_TO}{has_them.reference}{WHICH_IS}"
    for each in _by_letter(session, row):
        is_owed = each.state == NoticeState.OWED and each.sending_at is None
        if not is_owed and not each.is_to_be_posted:
            continue
        each.state, each.reason, each.limit_at = NoticeState.CANCELLED, why, None
        session.add(each)
        _note(session, core, row, who, f"The receipt letter is not to be posted: {why}")
        work.cancel_for(session, "notifying", each.id)
        session.flush()
        leave_the_post(session, core, each, why=why)


def owe_receipt_again(session: Session, core: Core, row: Referral, who: str) -> None:
    """It has pages again: what was cancelled for want of them is printed and posted after all."""
    now = core.clock()
    for each in _by_letter(session, row):
        why = each.reason or ""
        if each.state != NoticeState.CANCELLED or not (why.startswith(BELONG_TO) and why.endswith(WHICH_IS)):
            continue
        each.state, each.reason, each.due_at = NoticeState.OWED, None, notices.close_of_day(now)
        each.limit_at = limit_of(now, is_red=row.severity == Severity.RED)
        each.provider_id, each.sent_at, each.sending_at, each.attempts = None, None, None, 0
        each.run_id, each.run_place, each.run_pages = None, 0, 0
        session.add(each)
        work.enqueue(session, "notifying", "send", each.id, at=now, tries=notices.SEND_TRIES)
        _note(session, core, row, who, "The receipt letter is owed again: it has pages again")


def _receipts(session: Session, row: Referral) -> list[Notice]:
    return [each for each in notice.of_referrals(session, [row.id or 0]) if each.kind == NoticeKind.RECEIPT]


def _by_letter(session: Session, row: Referral) -> list[Notice]:
    ids = sorted(each.id for each in _receipts(session, row) if each.channel == "letter")
    return [held for id_ in ids if (held := notice.by_id(session, id_, lock=True)) is not None]


def _note(session: Session, core: Core, row: Referral, who: str, what: str) -> None:
    audit.record(session, at=core.clock(), who=who, what=what, referral_id=row.id)

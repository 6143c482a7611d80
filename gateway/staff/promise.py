"""What the sender was promised and told: by when we look, what they heard last and what they hear next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.staff.plain_words import CHANNELS, NOTICE_STATES, NOTICES
from gateway.view import NoticeView, ReferralView
from storage.notice import NoticeKind, NoticeState


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice in few words: what it is, by what way, how far it got and since or by when."""

    what: str
    by: str
    state: str
    at: datetime
    is_failed: bool = False
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Promise:
    """``last`` was sent or failed last, ``next`` is owed first; ``by_hand``: a person still has to tell."""

    received_at: datetime
    look_by: datetime
    looked_at: datetime | None
    last: Told | None
    next: Told | None
    hears_by: datetime | None
    by_hand: bool


def promise(seen: ReferralView, now: datetime) -> Promise:
    """Of one referral; a closed one promises nothing more unless a notice is still owed."""
    to_sender = [each for each in seen.notices if each.kind != NoticeKind.STAFF_TASK and each.channel != "staff"]
    gone = [each for each in to_sender if each.state not in (NoticeState.OWED, NoticeState.CANCELLED)]
    owed = [each for each in to_sender if each.state == NoticeState.OWED]
    by_hand = any(each.channel == "staff" and each.state == NoticeState.OWED for each in seen.notices)
    return Promise(
        received_at=seen.received_at, look_by=seen.look_by, looked_at=seen.looked_at,
        last=_told(max(gone, key=_when), now) if gone else None,
        next=_told(min(owed, key=lambda each: each.due_at), now) if owed else None,
        hears_by=seen.promised_at if seen.state != "closed" else None, by_hand=by_hand,
    )  # fmt: skip


def _when(notice: NoticeView) -> datetime:
    return notice.delivered_at or notice.sent_at or notice.due_at


def _told(notice: NoticeView, now: datetime) -> Told:
    is_owed = notice.state == NoticeState.OWED
    return Told(
        what=NOTICES.get(notice.kind, notice.kind), by=CHANNELS.get(notice.channel, notice.channel),
        state=NOTICE_STATES[notice.state], at=notice.due_at if is_owed else _when(notice),
        is_failed=notice.state == NoticeState.FAILED, is_late=is_owed and notice.due_at < now,
    )  # fmt: skip

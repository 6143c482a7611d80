"""Pure: what a notice may say of a decision, by who the sender is and how much their kind may hear (domain.md 1.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.decisions import DECISIONS
from gateway.notice_fields import NoticeFields
from storage.notice import NoticeKind
from storage.referral import Referral

LOOKED_AT_ONLY, WHETHER_WE_ACT, WHOLE_OUTCOME = 0, 1, 2
ROOM_FOR_ALL = frozenset({"email", "letter"})


def outcome(row: Referral, told: int, *, reasons: str, checked_by: str, again: bool) -> Mapping[str, Any]:
    """What N2 is filled in with. ``told`` is 0, 1 or 2; ``reasons`` are those staff wrote for the sender, no others.

    ``checked_by``: the manager who agreed. ``again``: an earlier decision was told, and it was looked at again.
    """
    said: dict[str, Any] = {"again": again} | ({"agreed_by": checked_by} if checked_by else {})
    decision = DECISIONS[row.decision_code or ""]
    if told >= WHETHER_WE_ACT and decision.acts is not None:
        said["acts"] = decision.acts
    if told >= WHOLE_OUTCOME and decision.told:
        said |= {
            "decision": decision.told, "next_steps": decision.next_steps,
            "made_by": row.decided_by, "made": row.decided_at,
        } | ({"reasons": reasons} if reasons else {})  # fmt: skip
    return said


def hears_outcome(row: Referral, told: int) -> bool:
    """Whether N2 said more than that it was looked at."""
    decision = DECISIONS.get(row.decision_code or "")
    return told >= WHETHER_WE_ACT and decision is not None and decision.acts is not None


def wording_of(kind: str, medium: str, told: NoticeFields) -> str:
    """Which wording says it. The whole outcome fits a mail or a letter; a text or page says only whether we act.

    Another council is named only where the child's address came from this sender; else N5 is worded as any closing.
    """
    if kind == NoticeKind.LOOKED_AT and told.decision and medium in ROOM_FOR_ALL:
        return "looked_at-professional"
    if kind == NoticeKind.LOOKED_AT and told.acts is not None:
        return "looked_at-outcome"
    if kind == NoticeKind.PASSED_ON and not told.other_council:
        return NoticeKind.CLOSED
    return kind

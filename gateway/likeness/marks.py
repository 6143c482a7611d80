"""The mark "4th report" of the lines of the queue: how many before it may be about the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session

from gateway.likeness.kinds import BEYOND, MEANINGS, Same
from storage import likeness

MOST = 2000


def marks(session: Session, referral_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Of those that are not the first, in two questions for a whole page of the queue.

    Only what is directly and strongly alike counts here; what shares nothing but who told us does not.
    """
    apart = likeness.apart_from(session, referral_ids)
    earlier: dict[int, set[int]] = defaultdict(set)
    for each in likeness.shared(session, referral_ids, says_nothing_beyond=BEYOND, most=MOST):
        is_strong = MEANINGS[Same(each.kind)].is_strong and not all(each.of_sender)
        pair = min(each.referral_id, each.other_id), max(each.referral_id, each.other_id)
        if is_strong and each.other_id < each.referral_id and pair not in apart:
            earlier[each.referral_id].add(each.other_id)
    return {one: (f"{ordinal(len(others) + 1)} report",) for one, others in earlier.items()}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th ..."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

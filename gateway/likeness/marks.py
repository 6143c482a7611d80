"""The mark "4th report" of the lines of the queue: how many before it may be about the same."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from gateway.likeness.kinds import MEANINGS
from storage import likeness

STRONG = {str(kind): meaning.beyond for kind, meaning in MEANINGS.items() if meaning.is_strong}


def marks(session: Session, referral_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Of those that are not the first, in two questions for a whole page of the queue.

    Only what is directly and strongly alike counts here; what rests on who told us does not, whoever looks.
    """
    earlier = likeness.earlier(session, referral_ids, says_nothing_beyond=STRONG)
    return {one: (f"{ordinal(count + 1)} report",) for one, count in earlier.items()}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th ..."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

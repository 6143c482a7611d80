"""Places of a text that are taken: what was found first stands, and nothing else may overlap it."""

from __future__ import annotations

from bisect import bisect_right, insort


class Taken:
    """Stretches that do not overlap, in order, so that a text full of values costs no more for each of them."""

    def __init__(self) -> None:
        self._stretches: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> bool:
        """Whether the place was free; it is taken from now on."""
        place = bisect_right(self._stretches, start, key=lambda each: each[0])
        overlaps_one_before = place > 0 and self._stretches[place - 1][1] > start
        overlaps_one_after = place < len(self._stretches) and self._stretches[place][0] < end
        if overlaps_one_before or overlaps_one_after:
            return False
        insort(self._stretches, (start, end))
        return True

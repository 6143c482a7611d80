"""What a carrier of calls can do, so that nothing is expected of one that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """One way calls come to us. Each can at least hand over what was recorded.

    ``rings``: calls reach us while they are on, and are put through. ``reads_keys``: what callers press is told us.
    ``streams``: sound comes as it is spoken. ``reads_out``: callers hear their reference before they hang up.
    """

    title: str
    rings: bool = False
    reads_keys: bool = False
    streams: bool = False
    reads_out: bool = False

    def lacks(self) -> Iterator[str]:
        """What it cannot do, in words."""
        able = {
            "live calls": self.rings, "keys": self.reads_keys, "live sound": self.streams,
            "reference read out": self.reads_out,
        }  # fmt: skip
        yield from (what for what, can in able.items() if not can)

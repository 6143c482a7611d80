"""Where in a mail its reader is, and what may still be taken from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from channels.email.said import Origin
from channels.packed.room import Room

MOST_FILES = 500


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the mail we are: how deep, within which file, and whose words stand there."""

    depth: int = 0
    within: str = ""
    origin: Origin = Origin.WRITTEN
    archives: int = 0

    def deeper(self) -> Place:
        return replace(self, depth=self.depth + 1)


@dataclass(kw_only=True)
class Limits:
    """What all of one mail shares. ``left_out`` counts the files that were not taken."""

    room: Room
    files: int = 0
    opened: int = 0
    left_out: int = 0

    def has_room(self) -> bool:
        """Whether one more file is shown, which then counts."""
        if self.files >= MOST_FILES:
            self.left_out += 1
            return False
        self.files += 1
        return True

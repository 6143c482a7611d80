"""What came out of a file that holds others, and in words what did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum


class LeftShut(StrEnum):
    """Why something in a file was not opened, as staff read it after "not opened:"."""

    LOCKED = "locked with a password"
    DAMAGED = "damaged"
    TOO_TIGHT = "packed far tighter than real files are"
    NO_ROOM = "more than is opened from one message"
    TOO_DEEP = "an archive inside archives, deeper than is opened"
    KIND = "packed in a way that is not opened here"
    NO_FILE = "a link or a device, not a file"


@dataclass(frozen=True, kw_only=True)
class Inner:
    """One file out of another, under the name it has there."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Opened:
    """``mail`` is the message a container is or holds. ``is_attached``: somebody else's mail rather than this one's
    own words. ``left_shut`` has one reason for each file that was not opened; the container itself is always kept.
    """

    files: tuple[Inner, ...] = ()
    mail: Message | None = None
    is_attached: bool = False
    left_shut: tuple[LeftShut, ...] = ()


def sentences(name: str, left_shut: Iterable[LeftShut]) -> tuple[str, ...]:
    """For the reader: how many files of a container were not opened, one sentence for each reason."""
    reasons = list(left_shut)
    return tuple(
        f"[{reasons.count(reason)} more file{'s' * (reasons.count(reason) > 1)} in {name} "
        f"{'were' if reasons.count(reason) > 1 else 'was'} not opened: {reason}. It is kept as it came.]"
        for reason in dict.fromkeys(reasons)
    )

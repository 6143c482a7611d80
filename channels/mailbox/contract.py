"""What a mailbox that others keep for us promises whoever fetches from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.contract import RawMessage

NO_FOLDER = "there is no folder of the name that kept mail is to be moved to"


class CannotReach(ConnectionError):
    """The mailbox does not let us in, or the connection broke; says why without naming anybody.

    ``is_refused``: it answered, and will say the same until somebody changes something.
    """

    def __init__(self, why: str, *, is_refused: bool = False, wait_seconds: float = 0) -> None:
        super().__init__(why)
        self.why, self.is_refused, self.wait_seconds = why, is_refused, wait_seconds


class CannotFetch(Exception):
    """The server does not hand over this one mail; the others can be had."""


class GoneMeanwhile(Exception):
    """Somebody took this mail out of the mailbox between our seeing and fetching it."""


class Move(StrEnum):
    """What is done with a mail in its mailbox once it is kept here."""

    KEEP = "keep"
    SEEN = "seen"
    MOVE = "move"


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """``folder`` is where a kept mail is moved to."""

    move: Move = Move.KEEP
    folder: str = ""

    @classmethod
    def of(cls, words: str) -> Afterwards:
        """``keep``, ``seen`` or ``move:Folder``; raises ValueError."""
        move, _, folder = words.strip().partition(":")
        if move not in ("keep", "seen", "move") or bool(folder.strip()) != (move == "move"):
            raise ValueError("must be keep, seen or move:Folder")
        return cls(move=Move(move), folder=folder.strip())


@dataclass(frozen=True, kw_only=True)
class Found:
    """A mail that lies there. ``received_at`` is when it reached the mailbox, None if not told; ``size`` in bytes.

    ``looks_like`` stays the same when ids are given anew; empty where they never are.
    """

    id: str
    received_at: datetime | None
    size: int = 0
    looks_like: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of what was found. ``gone`` are ids no longer there, where the mailbox tells.

    ``mark``, on the last page only: from where the next look need only begin once all of this one is dealt with.
    """

    found: Sequence[Found] = ()
    gone: Sequence[str] = ()
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class State:
    """For operators: how many mails lie there, how news of another comes, and what a kept mail cannot be done with."""

    count: int
    news: str
    trouble: str = ""


Unknown = Callable[[Sequence[str]], Awaitable[Sequence[str]]]
"""Those of the ids that somebody still wants to hear of."""


class Open(Protocol):
    """A mailbox we were let into. Everything raises ``CannotReach`` when the connection breaks.

    Ids are unique in a ``series``; when that is another one than before, every id is new.
    """

    series: str

    def look(self, mark: str, unknown: Unknown) -> AsyncIterator[Page]:
        """What lies there and is ``unknown``, whoever has read it: all, or what came since ``mark``."""

    async def fetch(self, found: Found) -> RawMessage:
        """The mail, nothing changed by that; raises ``CannotFetch`` or ``GoneMeanwhile``."""

    async def put_away(self, found: Found) -> None:
        """Mark or move a mail that is kept, as the setting says; raises ``CannotFetch`` if that is not allowed."""

    async def wait(self) -> None:
        """Until something may have come."""

    async def state(self) -> State:
        """What a look from outside tells."""


class Mailbox(Protocol):
    """Where mail is fetched from. ``name`` is where it is, for rows; ``label`` is for logs and names no address.

    ``address`` is the mail address people write to. ``mark_lasts``: a mark is still good in another connection.
    """

    name: str
    label: str
    address: str
    mark_lasts: bool

    def open(self) -> AbstractAsyncContextManager[Open]:
        """Sign in; raises ``CannotReach``."""

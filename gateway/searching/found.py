"""What is asked of the search and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.searching.passages import Piece

AT_ONCE = 20


class Only(StrEnum):
    """Which referrals are looked through."""

    ALL = "all"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody typed, and what they leave out. ``since`` and ``until`` are days in London on which it reached us.

    ``after`` is ``Found.after`` of the page before; what is not one begins from the beginning.
    """

    typed: str
    only: Only = Only.ALL
    channel: str = ""
    since: date | None = None
    until: date | None = None
    after: str = ""
    limit: int = AT_ONCE


@dataclass(frozen=True, kw_only=True)
class Result:
    """One referral that was found. ``passage`` is where its words stand, those asked for marked.

    ``why`` says what else it was found by: the reference, or who told us; empty for its words. ``id`` is None while
    its message is unread.
    """

    id: int | None
    reference: str
    ledger_no: int
    channel: str
    kind: str
    state: str
    severity: str
    received_at: datetime
    due_at: datetime
    owner: str | None
    child_known: bool
    passage: tuple[Piece, ...] = ()
    why: str = ""
    queue: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done on it."""
        return self.state != "closed"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of what was found. ``after`` asks for the next one, empty on the last; ``notes`` say what to know.

    ``senders`` are the ledger numbers of all that were found by who told us, on this page or not; ``said_nothing``:
    nothing was typed that could be looked for.
    """

    results: tuple[Result, ...] = ()
    after: str = ""
    notes: tuple[str, ...] = ()
    said_nothing: bool = False
    senders: tuple[int, ...] = ()

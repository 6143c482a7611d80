"""Pure: when a notice that was not taken is tried again, for each reason a channel can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from channels.contract import FOR_GOOD, SendError


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Waits that grow from ``first`` by ``factor`` up to ``most``, each shortened by chance by up to ``spread`` of it.

    ``counts``: a try is used up; when none is left, the next safe way is taken. Where it is not, the local limit ends
    the trying. ``of_channel``: not the address but the channel failed, so whatever else goes by it waits as well.
    """

    first: timedelta
    factor: float
    most: timedelta
    spread: float
    counts: bool
    of_channel: bool = False

    def wait(self, failures: int, chance: Random, *, asked_for: float | None = None) -> timedelta:
        """How long after this many failures in a row (from 1); never sooner than the provider ``asked_for`` (s)."""
        whole = min(self.most.total_seconds(), self.first.total_seconds() * self.factor ** min(failures - 1, 40))
        shortened = whole * (1 - self.spread * chance.random())
        if asked_for is None:
            return timedelta(seconds=shortened)
        asked = min(max(asked_for, 0.0), LONGEST_ASKED.total_seconds())
        return timedelta(seconds=max(shortened, asked * (1 + SPREAD_AFTER_ASKED * chance.random())))


LONGEST_ASKED = timedelta(minutes=30)
SPREAD_AFTER_ASKED = 0.1
UNKNOWN = Policy(first=timedelta(seconds=30), factor=3, most=timedelta(minutes=30), spread=0.0, counts=True)
"""After a lost answer: time enough for the provider's list to show it, and for its report to arrive."""

POLICIES: Mapping[SendError, Policy] = {
    SendError.UNREACHABLE: Policy(
        first=timedelta(seconds=30), factor=3, most=timedelta(hours=1), spread=0.25, counts=True
    ),
    SendError.THROTTLED: Policy(
        first=timedelta(seconds=5), factor=2, most=timedelta(minutes=5), spread=0.25, counts=False, of_channel=True
    ),
    SendError.AWAY: Policy(
        first=timedelta(seconds=1), factor=2, most=timedelta(minutes=2), spread=0.5, counts=False, of_channel=True
    ),
    SendError.NOT_SET_UP: Policy(
        first=timedelta(minutes=2), factor=2, most=timedelta(minutes=15), spread=0.25, counts=False, of_channel=True
    ),
    SendError.UNNAMED: Policy(first=timedelta(seconds=5), factor=4, most=timedelta(hours=1), spread=0.25, counts=True),
}


def policy_of(error: SendError) -> Policy | None:
    """How it is tried again; None where this address will not work and the next safe way is taken at once."""
    return None if error in FOR_GOOD else POLICIES[error]

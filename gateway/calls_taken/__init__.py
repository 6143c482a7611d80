"""Calls that staff take: notes kept while they are written, handed in once, a manager brought in if one is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.alerting import Alerting
from gateway.alerts import alerts_of
from gateway.calls_taken.bringing_in import BringingIn
from gateway.calls_taken.handing_in import HandingIn
from gateway.calls_taken.left import LeftCalls
from gateway.core import Core


@dataclass(frozen=True, kw_only=True)
class CallsTaken:
    """What is done with calls beside reading and saving their notes."""

    handing_in: HandingIn
    bringing_in: BringingIn
    left: LeftCalls


def calls_taken(core: Core) -> CallsTaken:
    """The parts put together."""
    alerting = Alerting(
        alerts=alerts_of(core.settings.alert_to), owing=core.owing, seal=core.seal, clock=core.clock,
        public_url=core.settings.public_url,
    )  # fmt: skip
    handing_in = HandingIn(database=core.database, intake=core.intake, seal=core.seal, clock=core.clock)
    bringing_in = BringingIn(
        database=core.database, owing=core.owing, alerting=alerting, handing_in=handing_in, clock=core.clock
    )
    left = LeftCalls(
        database=core.database, seal=core.seal, handing_in=handing_in, bringing_in=bringing_in, clock=core.clock
    )
    return CallsTaken(handing_in=handing_in, bringing_in=bringing_in, left=left)


__all__ = ["CallsTaken", "calls_taken"]

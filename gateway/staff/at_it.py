"""Who is at a referral, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway import leases
from gateway.deciding import Actor
from gateway.guards import MANAGERS
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class AtIt:
    """``who`` is at it ``since``, was last active at ``seen_at`` and has it ``until``; ``is_you``: the reader.

    ``may_take_over``: the reader may, with a reason. ``lapsed_from``: nobody is at it, but this one answers for it, and
    whoever takes it takes it over from them.
    """

    who: str = ""
    since: datetime | None = None
    seen_at: datetime | None = None
    until: datetime | None = None
    is_you: bool = False
    may_take_over: bool = False
    lapsed_from: str = ""

    @property
    def is_another(self) -> bool:
        """Somebody else is at it: nothing can be done with it but to read, note and link it."""
        return bool(self.who) and not self.is_you


def at_it(row: Referral, actor: Actor, now: datetime) -> AtIt:
    """As this reader should see it."""
    who = leases.in_force(row, now)
    if who is None:
        return AtIt(lapsed_from=row.owner if row.owner not in (None, actor.name) else "")
    return AtIt(
        who=who, since=row.held_since, seen_at=row.held_seen_at, until=row.held_until, is_you=who == actor.name,
        may_take_over=who != actor.name and actor.role in MANAGERS,
    )  # fmt: skip

"""Which promises are broken, for a page that is opened often: the oldest, and how many as far as it counts.

It looks at no more than that, however many referrals there are and however much is late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col

from gateway import checking
from gateway.checking import Broken, Query
from storage.referral import Referral

LATELY = timedelta(days=3)
"""The watch has made a task of every older one without an acknowledgement, and ``frontdoor check`` looks at all."""
NUMBERS = 5000
"""Of the ledger the last so many are looked at; the metrics, the watch and ``frontdoor check`` look at all."""


@dataclass(frozen=True, kw_only=True)
class BrokenLately:
    """The oldest, and how many there are by their rule, the most first; a count of ``most`` stands for that or more."""

    oldest: list[Broken]
    by_rule: Mapping[str, int]
    most: int

    @property
    def whole(self) -> int:
        """How many there are, or were counted."""
        return sum(self.by_rule.values())

    @property
    def is_more(self) -> bool:
        """Whether there may be more than were counted."""
        return any(number >= self.most for number in self.by_rule.values())


def broken_lately(session: Session, now: datetime, *, shown: int, most: int) -> BrokenLately:
    """The oldest ``shown`` in all; counted no further than ``most`` of each rule, and not counted where few are."""
    found: list[Broken] = []
    numbers: dict[str, int] = {}
    for name, query in _asked(now).items():
        those = checking.told(session, name, query.limit(shown))
        numbers[name] = len(those) if len(those) < shown else checking.counted(session, query.limit(most))
        found += those
    for one in (*checking.ledger_gap(session, now, among=NUMBERS), *checking.calendar_ends(now)):
        numbers[one.rule] = 1
        found.append(one)
    by_rule = sorted((each for each in numbers.items() if each[1]), key=lambda each: -each[1])
    return BrokenLately(oldest=checking.in_order(found)[:shown], by_rule=dict(by_rule), most=most)


def _asked(now: datetime) -> Mapping[str, Query]:
    queries = {name: rule(now) for name, rule in checking.RULES.items()}
    late = checking.no_acknowledgement.__name__
    return {**queries, late: queries[late].where(col(Referral.captured_at) >= now - LATELY)}

"""Pure: which decisions of a week are drawn, so that anybody can draw the same again from the week and the numbers."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import date, timedelta

LEAST = 5
ONE_WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday())


def seed_of(week: date, numbers: Sequence[int]) -> str:
    """sha256, in hexadecimal, of the Monday and every ledger number there was to draw from: ``2026-11-16|3,5,8``."""
    return hashlib.sha256(f"{week.isoformat()}|{written(numbers)}".encode()).hexdigest()


def drawn(week: date, numbers: Sequence[int], percent: int) -> list[int]:
    """The numbers drawn, in order: ``percent`` of them rounded up, at least five, or all if there are fewer.

    Each number is ranked by sha256 of ``seed|number``; the lowest are taken.
    """
    seed = seed_of(week, numbers)
    most = max(LEAST, math.ceil(len(numbers) * percent / 100))
    ranked = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}|{number}".encode()).hexdigest())
    return sorted(ranked[:most])


def written(numbers: Sequence[int]) -> str:
    """As they are kept, and as they go into the seed."""
    return ",".join(map(str, sorted(numbers)))


def numbers_in(kept: str) -> list[int]:
    """Back from how they are kept."""
    return [int(number) for number in kept.split(",") if number]

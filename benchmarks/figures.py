"""What a benchmark finds: a value, the anchor it was measured beside, and the target."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. ``ratio`` is value to anchor; ``met`` is None where there is no target."""

    what: str
    value: float
    unit: str
    anchor: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None


def at_most(what: str, value: float, unit: str, limit: float, *, anchor: str = "") -> Figure:
    """A figure whose value may not exceed ``limit``."""
    return Figure(
        what=what, value=value, unit=unit, anchor=anchor, target=f"<= {limit:g} {unit}".strip(), met=value <= limit
    )


def beside(
    what: str, value: float, unit: str, *, anchor: str, ratio: float, least: float | None = None,
    most: float | None = None,
) -> Figure:  # fmt: skip
    """A figure whose ratio to its anchor must be at least or at most something."""
    target, met = "", None
    if least is not None:
        target, met = f"ratio >= {least:g}", ratio >= least
    if most is not None:
        target, met = f"ratio <= {most:g}", ratio <= most
    return Figure(what=what, value=value, unit=unit, anchor=anchor, ratio=ratio, target=target, met=met)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` per cent of the values do not exceed; NaN of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    """The middle value; NaN of nothing."""
    return statistics.median(values) if values else float("nan")


def keep(figures: Sequence[Figure], path: Path) -> None:
    """The same as JSON, in place of the last run's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n")

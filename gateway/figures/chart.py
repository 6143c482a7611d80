"""Charts as SVG that is drawn here: no script, colours by the style sheet, patterns and words beside the colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 720, 240, 44, 24, 34, 12
ROW, LABEL = 44, 190
PATTERN = (
    '<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="chart-ground" width="6" height="6"/><rect class="chart-stripe" width="3" height="6"/></pattern>'
    "</defs>"
)


@dataclass(frozen=True, kw_only=True)
class Pile:
    """One bar of two parts that stand on each other: the lower is filled, the upper striped."""

    label: str
    lower: int
    upper: int


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two lengths side by side under one name: the first is filled, the second striped; None where there is none."""

    label: str
    first: float | None
    second: float | None


def piles(name: str, title: str, describes: str, bars: Sequence[Pile]) -> str:
    """Upright bars with a scale in round numbers; ``name`` makes ids that no other chart of a page has."""
    top = _round_up(max((bar.lower + bar.upper for bar in bars), default=0))
    room, width = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT - RIGHT) / max(1, len(bars))
    parts = [_scale(top, room)]
    every = math.ceil(len(bars) / 10)
    for place, bar in enumerate(bars):
        left, base = LEFT + place * width, HEIGHT - BOTTOM
        low, high = bar.lower / top * room, bar.upper / top * room
        parts.append(_block("chart-solid", left + width * 0.12, base - low, width * 0.76, low))
        parts.append(_block("chart-open", left + width * 0.12, base - low - high, width * 0.76, high, striped=name))
        if place % every == 0:
            parts.append(_text(bar.label, left + width / 2, HEIGHT - 12, "middle"))
    return _svg(name, title, describes, HEIGHT, parts)


def pairs(name: str, title: str, describes: str, bars: Sequence[Pair], *, unit: str) -> str:
    """Lying bars, two for each name, with their lengths written at their ends."""
    most = max((value for bar in bars for value in (bar.first, bar.second) if value is not None), default=0) or 1
    room, parts = WIDTH - LABEL - 90, []
    for place, bar in enumerate(bars):
        top = place * ROW + 6
        parts.append(_text(bar.label, 0, top + 20, "start"))
        for below, (value, kind) in enumerate(((bar.first, "chart-solid"), (bar.second, "chart-open"))):
            if value is None:
                continue
            length, at = value / most * room, top + below * 17
            parts.append(_block(kind, LABEL, at, max(length, 1), 14, striped=name if below else ""))
            parts.append(_text(f"{value:,.1f} {unit}", LABEL + length + 6, at + 12, "start"))
    return _svg(name, title, describes, max(1, len(bars)) * ROW + 6, parts)


def _svg(name: str, title: str, describes: str, height: int, parts: Sequence[str]) -> str:
    drawn = "".join(parts)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-says">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-says">{escape(describes)}</desc>'
        f"{PATTERN.format(id=f'{name}-stripes')}{drawn}</svg>"
    )


def _scale(top: int, room: float) -> str:
    lines = []
    for part in range(5):
        value, at = top * part / 4, HEIGHT - BOTTOM - room * part / 4
        lines.append(f'<path class="chart-line" d="M{LEFT} {at:.1f}H{WIDTH}"/>')
        if value == int(value):
            lines.append(_text(f"{int(value):,}", LEFT - 6, at + 4, "end"))
    return "".join(lines)


def _block(kind: str, x: float, y: float, width: float, height: float, *, striped: str = "") -> str:
    if height <= 0:
        return ""
    fill = f' fill="url(#{striped}-stripes)"' if striped else ""
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{fill}/>'


def _text(words: str, x: float, y: float, anchor: str) -> str:
    return f'<text class="chart-words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _round_up(most: int) -> int:
    """The top of a scale in four steps: 4, 8, 20, 40, 80, 200 and so on."""
    tens = 1
    while True:
        for scale in (4, 8, 20):
            if scale * tens >= most:
                return scale * tens
        tens *= 10

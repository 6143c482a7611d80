"""The map that lays points of a picture over points of a sheet with the least error, perspective included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Pair = tuple[complex, complex]
"""A point of the picture and the point of the sheet that it shows, both in points (1/72 inch)."""

ENOUGH_FOR_PERSPECTIVE = 16
UNIT = 1000.0  # points; keeps the numbers of the equations near one
VANISHING = 1e-6


@dataclass(frozen=True, kw_only=True)
class Map:
    """Eight numbers of a perspective map; the last two are 0 where lines that are parallel stay so."""

    numbers: tuple[float, ...]

    def __call__(self, at: complex) -> complex:
        """Where a point of the picture lies on the sheet."""
        a, b, c, d, e, f, g, h = self.numbers
        x, y = at.real / UNIT, at.imag / UNIT
        depth = g * x + h * y + 1
        if abs(depth) < VANISHING:
            return complex(float("inf"), float("inf"))
        return complex((a * x + b * y + c) / depth, (d * x + e * y + f) / depth) * UNIT


def fitted(pairs: Sequence[Pair]) -> Map | None:
    """The map that fits these pairs best; None where they leave it open (fewer than three, or all on one line).

    The equations are those of the direct linear transform with its last number held at 1.
    """
    with_perspective = len(pairs) >= ENOUGH_FOR_PERSPECTIVE
    size = 8 if with_perspective else 6
    rows, wanted = [], []
    for seen, stands in pairs:
        x, y, u, v = seen.real / UNIT, seen.imag / UNIT, stands.real / UNIT, stands.imag / UNIT
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y][:size])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y][:size])
        wanted += [u, v]
    numbers = _solved(*_normal(rows, wanted))
    return Map(numbers=(*numbers, 0.0, 0.0)[:8]) if numbers else None


def _normal(rows: Sequence[Sequence[float]], wanted: Sequence[float]) -> tuple[list[list[float]], list[float]]:
    size = len(rows[0]) if rows else 0
    square = [[sum(row[i] * row[j] for row in rows) for j in range(size)] for i in range(size)]
    return square, [sum(row[i] * value for row, value in zip(rows, wanted, strict=True)) for i in range(size)]


def _solved(square: list[list[float]], wanted: list[float]) -> tuple[float, ...] | None:
    """By elimination with the largest pivot; None where the equations do not settle it."""
    size = len(wanted)
    rows = [[*row, value] for row, value in zip(square, wanted, strict=True)]
    for column in range(size):
        best = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[best][column]) < VANISHING**2:
            return None
        rows[column], rows[best] = rows[best], rows[column]
        for row in range(size):
            if row != column and (share := rows[row][column] / rows[column][column]):
                rows[row] = [mine - share * other for mine, other in zip(rows[row], rows[column], strict=True)]
    return tuple(rows[place][size] / rows[place][place] for place in range(size)) if size else None

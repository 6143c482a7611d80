"""Every figure as one line of a table, on whatever the terminal can show."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    table = Table("figure", "value", "anchor", "ratio", "target", "met")
    for each in figures:
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
        met = {None: "", True: "yes", False: "NO"}[each.met]
        table.add_row(each.what, f"{each.value:,.4g} {each.unit}".strip(), each.anchor, ratio, each.target, met)
    Console(width=None if Console().is_terminal else 150).print(table)

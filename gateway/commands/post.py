"""``separators``: the sheets that part letters in the scanner, for a post room that prints without a browser."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from gateway import working_days
from gateway.clock import now
from gateway.handing_in.said import day_of
from gateway.life_cycle import Incomplete
from gateway.separators import MOST_COPIES, SheetFor, separator_sheets
from gateway.settings import Settings, WrongSetting

Load = Callable[..., Settings]


def add_to(commands: Any) -> None:
    """The parser of this command."""
    sheets = commands.add_parser("separators", help="sheets to print and put between letters that are scanned")
    sheets.add_argument("--out", metavar="FILE", type=Path, required=True, help="the PDF to write")
    sheets.add_argument("--arrived", metavar="DAY", default="", help="the day the letter behind each sheet arrived")
    sheets.add_argument("--returned", action="store_true", help="sheets for our own post that came back")
    sheets.add_argument("--copies", type=int, default=20, help=f"how many, at most {MOST_COPIES}")
    sheets.set_defaults(run=_separators)


def _separators(asked: argparse.Namespace, load: Load) -> int:
    if not 1 <= asked.copies <= MOST_COPIES:
        raise WrongSetting(f"--copies: give a number from 1 to {MOST_COPIES}")
    kind, arrived_on = SheetFor.RETURNED if asked.returned else SheetFor.NEXT, arrived(asked.arrived)
    pdf = separator_sheets(
        kind, copies=asked.copies, arrived_on=arrived_on, organisation=load().organisation, printed_on=_today()
    )
    try:
        asked.out.write_bytes(pdf)
    except OSError as error:
        raise WrongSetting(f"--out: {asked.out} cannot be written: {error.strerror}") from None
    print(f"{asked.copies} {'sheet is' if asked.copies == 1 else 'sheets are'} in {asked.out}.")
    return 0


def arrived(written: str) -> date | None:
    """A day of arrival typed on the command line; raises ``WrongSetting``."""
    try:
        return day_of(written, today=_today(), field="--arrived") if written else None
    except Incomplete as wrong:
        raise WrongSetting(f"{wrong.field}: {wrong.what}") from None


def _today() -> date:
    return working_days.in_london(now()).date()

"""``export``: statutory lists, for whoever may run commands on this machine."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from gateway.core import open_core
from gateway.exporting import YEARS, Kind, export
from gateway.settings import Settings, WrongSetting

Load = Callable[..., Settings]


def add_to(commands: Any) -> None:
    """The parser of this command."""
    command = commands.add_parser("export", help="statutory lists: Annex A, or the fields of the CIN census")
    command.add_argument("kind", choices=list(Kind))
    command.add_argument("--from", dest="first", required=True, metavar="DAY", help="first day, such as 2026-04-01")
    command.add_argument("--to", dest="last", required=True, metavar="DAY", help="last day")
    command.add_argument("--out", type=Path, default=Path("export"), metavar="DIR")
    command.set_defaults(run=_export)


def _export(asked: argparse.Namespace, load: Load) -> int:
    first, last = _day(asked.first, "--from"), _day(asked.last, "--to")
    if last < first:
        raise WrongSetting("--to: lies before --from")
    core = open_core(load())
    try:
        found = export(core, Kind(asked.kind), first=first, last=last, who="frontdoor export")
    finally:
        core.close()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, kept in found.files.items():
        (asked.out / name).write_bytes(kept)
        print(asked.out / name)
    return 0


def _day(text: str, option: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongSetting(f"{option}: give a day such as 2026-04-01") from None
    if day.year not in YEARS:
        raise WrongSetting(f"{option}: give a day of the years {YEARS[0]} to {YEARS[-1]}")
    return day

"""``letters``: which wait to be posted, a print run into a folder, and the mark that a run was posted."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from channels.contract import SendFailed
from gateway.core import Core, open_core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.posting.letters import seen
from gateway.posting.marking import mark_run_posted
from gateway.posting.run_list import COLUMNS, as_csv, line_of
from gateway.posting.run_making import make_run
from gateway.posting.run_pdf import run_pdf
from gateway.settings import Settings, WrongSetting
from storage import print_run

Load = Callable[..., Settings]
MOST = 1000
FOUND = 1


def add_to(commands: Any) -> None:
    """The parser of this command."""
    letters = commands.add_parser("letters", help="letters to be posted: list them, print a run, mark a run posted")
    what = letters.add_mutually_exclusive_group()
    what.add_argument(
        "--run", dest="print_run", type=Path, metavar="DIR", help="make a print run: one PDF and its list, into DIR"
    )
    what.add_argument("--posted", type=int, metavar="NUMBER", help="mark every letter of this print run posted")
    letters.add_argument("--on", metavar="DAY", help="the day it was posted, such as 2026-11-23; today if not given")
    letters.add_argument("--one-sided", action="store_true", help="for a printer that uses one side of a sheet")
    letters.set_defaults(run=_letters)


def _letters(asked: argparse.Namespace, load: Load) -> int:
    on = _day(asked.on)
    core = open_core(load())
    try:
        if asked.print_run is not None:
            return _print_run(core, asked.print_run, both_sides=not asked.one_sided)
        return _mark(core, asked.posted, on) if asked.posted is not None else _list(core)
    finally:
        core.close()


def _list(core: Core) -> int:
    """Exit code 1 where a letter is overdue."""
    with core.database.reading() as session:
        letters = seen(session, core, print_run.to_post(session, limit=MOST))
    for each in (COLUMNS, *map(line_of, letters)):
        print("\t".join(each))
    return FOUND if any(each.due_at < core.clock() for each in letters) else 0


def _print_run(core: Core, folder: Path, *, both_sides: bool) -> int:
    run = make_run(core, getpass.getuser())
    if run is None:
        print("Nothing waits to be printed.")
        return 0
    try:
        letters_pdf = run_pdf(core, run, run.made_by, both_sides=both_sides)
    except SendFailed:
        print(f"Run {run.number}: a letter of it cannot be printed any more. Mark it spoilt on the page of the run.")
        return FOUND
    except NotAllowed as error:
        print(f"Run {run.number}: {error}.")
        return FOUND
    with core.database.reading() as session:
        listed = as_csv(seen(session, core, print_run.letters_of(session, run.id)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"letters-{run.number}.pdf").write_bytes(letters_pdf)
    (folder / f"letters-{run.number}.csv").write_text(listed, "utf-8")
    print(f"Run {run.number}: {run.letters} letters. Once posted: frontdoor letters --posted {run.number}")
    return 0


def _mark(core: Core, number: int, on: date | None) -> int:
    with core.database.transaction() as session:
        run = print_run.by_number(session, number)
        if run is None:
            raise WrongSetting(f"--posted {number}: there is no such print run")
        try:
            marked = mark_run_posted(session, core, run, getpass.getuser(), on=on)
        except Incomplete as error:
            raise WrongSetting(f"--on: {error.what}") from None
    print(f"Marked {marked} letters of run {number} posted.")
    return 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongSetting("--on: give a day such as 2026-11-23") from None

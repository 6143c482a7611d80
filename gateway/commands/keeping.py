"""``ingest``, ``sample``, ``backup``, ``restore`` and ``migrate``: files in, evidence and copies out."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.progress import track

from gateway import backing_up, ingesting, sampling
from gateway.commands.checks import moment
from gateway.commands.post import arrived
from gateway.core import open_core
from gateway.dividing.plan import Split
from gateway.handing_in.said import Said
from gateway.settings import Settings, WrongSetting

Load = Callable[..., Settings]


def add_to(commands: Any) -> None:
    """The parsers of these commands."""
    ingest = commands.add_parser("ingest", help="hand in files")
    ingest.add_argument("files", nargs="+", type=Path, metavar="FILE")
    ingest.add_argument("--channel", required=True, choices=ingesting.CHANNELS)
    ingest.add_argument("--arrived", metavar="DAY", default="", help="letters: the day they reached the council")
    ingest.add_argument("--split", choices=list(Split), help="letters: what parts a file into letters")
    ingest.set_defaults(run=_ingest)
    sample = commands.add_parser("sample", help="the inspector's pack: the last N in strict order of receipt")
    sample.add_argument("-n", type=int, default=100)
    sample.add_argument("--as-at", metavar="TIME")
    sample.add_argument("--out", type=Path, default=Path("sample"), metavar="DIR")
    sample.set_defaults(run=_sample)
    for name, run in (("backup", _backup), ("restore", _restore)):
        command = commands.add_parser(
            name, help="copy all that is kept to a folder" if name == "backup" else "and back"
        )
        command.add_argument("folder", type=Path, metavar="DIR")
        command.set_defaults(run=run)
    commands.add_parser("migrate", help="bring the database to this version's shape").set_defaults(run=_migrate)


def _ingest(asked: argparse.Namespace, load: Load) -> int:
    for file in asked.files:
        if not file.is_file():
            raise WrongSetting(f"{file}: there is no such file")
    said = _said_of_letters(asked)
    core = open_core(load())

    async def take_in() -> None:
        for file in track(asked.files, "Handing in", disable=not sys.stderr.isatty()):
            async for message in ingesting.taken_in(file, asked.channel, core.shelving, said):
                receipt = await core.intake.accept(message)
                print(f"{receipt.reference}  {file.name}{'  (had it already)' if receipt.repeated else ''}")

    asyncio.run(take_in())
    core.close()
    return 0


def _said_of_letters(asked: argparse.Namespace) -> Said | None:
    if asked.channel != "letter" and (asked.arrived or asked.split):
        raise WrongSetting("--arrived and --split: only of letters")
    if not asked.arrived and not asked.split:
        return None
    return Said(arrived=arrived(asked.arrived), split=Split(asked.split or Split.CODES_AND_BLANKS))


def _sample(asked: argparse.Namespace, load: Load) -> int:
    core = open_core(load())
    as_at = moment(asked.as_at, core, "--as-at")
    try:
        pack = sampling.take(core, n=asked.n, as_at=as_at, who="frontdoor sample")
    finally:
        core.close()
    sampling.written(pack, asked.out)
    print(pack.sentence)
    if as_at > core.clock():
        print("That time lies ahead: the pack of it will be another once it has come.", file=sys.stderr)
    return 0


def _backup(asked: argparse.Namespace, load: Load) -> int:
    settings = load()
    core = open_core(settings)
    backing_up.back_up(core, asked.folder, quiet=not sys.stderr.isatty())
    core.close()
    print(f"Backed up. The key is not in it: keep {settings.data_dir / 'key'} elsewhere.")
    return 0


def _restore(asked: argparse.Namespace, load: Load) -> int:
    backing_up.restore(load(), asked.folder, quiet=not sys.stderr.isatty())
    print("Restored. Put the key file into the data folder if it is not there, then run: frontdoor verify")
    return 0


def _migrate(_: argparse.Namespace, load: Load) -> int:
    open_core(load()).close()
    print("The database is up to date.")
    return 0

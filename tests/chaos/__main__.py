"""``python -m tests.chaos``: load and faults from a seed, on each database, then the verdict; 1 if it fails."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from tests.chaos import disk, processes
from tests.chaos.gateway import Gateway
from tests.chaos.plan import Fault, Plan, plan
from tests.chaos.report import show_outcome, show_plan
from tests.chaos.run import Outcome, Progress, run
from tests.postgres import postgres_programs

DATABASES = ("sqlite", "postgresql")
FAULTS_A_SECOND, MESSAGES_A_SECOND = 1.1, 12.0
WAIT_SECONDS = 480.0  # a text whose news was lost is asked after for the first time after five minutes
HARD_END_SECONDS = 240.0
QUICK = {"messages": 150, "faults": 35}


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    out = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    out.add_argument("--seed", type=int, default=None, help="the same seed gives the same messages and faults")
    out.add_argument("--messages", type=int, default=5000)
    out.add_argument("--faults", type=int, default=500)
    out.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    out.add_argument("--wait", type=float, default=WAIT_SECONDS, help="seconds until nothing may be owed any more")
    out.add_argument("--quick", action="store_true", help="150 messages and 35 faults")
    out.add_argument(
        "--without", choices=[fault.name for fault in Fault], action="append", default=[], metavar="FAULT",
        help="leave this kind of fault out",
    )  # fmt: skip
    out.add_argument("--keep", type=Path, default=None, help="leave the record, the logs and the data in this folder")
    return out


def main() -> int:
    """Run on each database."""
    asked = parser().parse_args()
    seed = asked.seed if asked.seed is not None else random.randrange(1_000_000)
    if asked.quick:
        asked.messages, asked.faults = QUICK["messages"], QUICK["faults"]
    for noisy in ("mail.log", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    console = Console()
    failed = False
    for database in DATABASES if asked.database == "both" else (asked.database,):
        if database == "postgresql" and postgres_programs() is None:
            console.print("PostgreSQL is not on this machine: not run", style="yellow")
            continue
        failed |= _one(console, seed, database, asked)
    return 1 if failed else 0


def _one(console: Console, seed: int, database: str, asked: argparse.Namespace) -> bool:
    is_sqlite = database == "sqlite"
    impossible = frozenset(
        Gateway.impossible(is_sqlite=is_sqlite, disk=disk.can_be_made(), clock=processes.clock_can_jump())
    ) | {Fault[name] for name in asked.without}
    drawn = plan(seed, messages=asked.messages, faults=asked.faults, impossible=impossible)
    show_plan(console, drawn, impossible, database=database)
    folder = Path(tempfile.mkdtemp(prefix="frontdoor-chaos-"))
    folder.chmod(0o711)
    try:
        outcome = asyncio.run(_bounded(console, drawn, folder, is_sqlite=is_sqlite, wait_seconds=asked.wait))
        show_outcome(console, drawn, outcome)
        return bool(outcome.findings)
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("  stopped: every process was ended", style="yellow")
        raise SystemExit(1) from None
    except TimeoutError:
        console.print(f"  FAILED  the run did not come to its end in time, seed {seed}", style="red")
        return True
    finally:
        if asked.keep:
            shutil.copytree(folder, asked.keep / f"{database}-{seed}", ignore=_sockets, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


async def _bounded(console: Console, drawn: Plan, folder: Path, *, is_sqlite: bool, wait_seconds: float) -> Outcome:
    seconds = max(len(drawn.faults) / FAULTS_A_SECOND, len(drawn.messages) / MESSAGES_A_SECOND)
    _stop_once()
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        sent, struck = (
            bars.add_task("messages", total=len(drawn.messages)),
            bars.add_task("faults", total=len(drawn.faults)),
        )

        def shown(progress: Progress) -> None:
            bars.update(sent, completed=progress.sent, description=progress.stage)
            bars.update(struck, completed=progress.struck)

        async with asyncio.timeout(seconds + wait_seconds + HARD_END_SECONDS):
            return await run(
                drawn, folder=folder, is_sqlite=is_sqlite, seconds=seconds, wait_seconds=wait_seconds,
                progress=Progress(shown=shown),
            )  # fmt: skip


def _stop_once() -> None:
    """The first Ctrl-C or TERM ends the run; another one does not keep it from cleaning up."""
    task, signals, loop = asyncio.current_task(), (signal.SIGINT, signal.SIGTERM), asyncio.get_running_loop()

    def stop() -> None:
        for each in signals:
            loop.add_signal_handler(each, lambda: None)
        if task is not None:
            task.cancel()

    for each in signals:
        loop.add_signal_handler(each, stop)


def _sockets(folder: str, names: list[str]) -> set[str]:
    """What need not be kept: images, sockets, the mount."""
    return {name for name in names if name.endswith(".img") or name.startswith(".s.") or name == "disk"}


if __name__ == "__main__":
    sys.exit(main())

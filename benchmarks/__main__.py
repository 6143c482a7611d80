"""``python -m benchmarks [name ...]``: measures each named part, or all, and prints every figure beside its anchor."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import Figure, keep
from benchmarks.run import POSTGRESQL, SQLITE, Run, a_run
from benchmarks.table import show

PARTS = (
    "intake", "large_mails", "notices", "pages", "desk_pages", "desk_work", "memory", "work", "documents", "post",
    "ocr", "speech", "streams", "live_queue",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every part could be measured, whether its targets are met or not."""
    known = [name for name in PARTS if importlib.util.find_spec(f"benchmarks.{name}")]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*known, []], metavar="part", help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="a look that takes a tenth of the time; believe no digit")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="measure on one database only")
    asked = parser.parse_args(arguments)
    kinds = {"sqlite": (SQLITE,), "postgresql": (POSTGRESQL,), None: (SQLITE, POSTGRESQL)}[asked.database]
    with a_run(kinds=kinds, quick=asked.quick) as run:
        found, failed = _measured(run, asked.parts or known)
    show(found)
    keep(found, RESULTS)
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measured(run: Run, names: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """What every part found; a part that fails says so and does not take the others with it."""
    found: list[Figure] = []
    failed = []
    for name in names:
        run.say(f"{name}: begins")
        try:
            found += importlib.import_module(f"benchmarks.{name}").measure(run)
        except Exception as error:
            run.say(f"{name}: could not be measured: {type(error).__name__}: {str(error)[:500]}")
            failed.append(name)
    return found, failed


if __name__ == "__main__":
    sys.exit(main())

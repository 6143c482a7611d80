"""``check`` and ``verify``: what is broken or changed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from rich.progress import track

from gateway import held_here, verifying, working_days
from gateway.checking import Broken, broken_promises
from gateway.core import Core, open_core
from gateway.settings import Settings, WrongSetting

Load = Callable[..., Settings]
FIRST_YEAR = 1900


def add_to(commands: Any) -> None:
    """The parsers of these commands."""
    check = commands.add_parser("check", help="every broken promise and invariant")
    check.add_argument("--as-at", metavar="TIME", help="as at this time, ISO 8601; now if not given")
    check.add_argument("--json", action="store_true", help="one JSON array")
    check.set_defaults(run=_check)
    verify = commands.add_parser("verify", help="the ledger chain and every sealed file")
    verify.set_defaults(run=_verify)


def as_json(broken: Broken) -> dict[str, str]:
    """One broken promise as the API and ``check --json`` show it."""
    since = broken.since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"rule": broken.rule, "reference": broken.reference, "since": since, "what": broken.what}


def moment(text: str | None, core: Core, option: str) -> datetime:
    """A time typed on the command line; London's if it has no zone. Raises ``WrongSetting``."""
    if not text:
        return core.clock()
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
        at = at if at.tzinfo else at.replace(tzinfo=working_days.LONDON)
        if at.year < FIRST_YEAR:
            raise ValueError(at)
    except ValueError:
        raise WrongSetting(f"{option}: give a time such as 2026-11-24T10:15:00Z") from None
    return at


def _check(asked: argparse.Namespace, load: Load) -> int:
    core = open_core(load())
    try:
        as_at = moment(asked.as_at, core, "--as-at")
        with core.database.reading() as session:
            found = broken_promises(session, as_at)
        found = held_here.broken(core, as_at) + found
    finally:
        core.close()
    if asked.json:
        print(json.dumps([as_json(b) for b in found], indent=1))
    else:
        for one in found:
            row = as_json(one)
            print(f"{row['since']}  {row['rule']:<20} {row['reference']:<12} {row['what']}")
        print("No promise is broken." if not found else f"{len(found)} promises are broken.", file=sys.stderr)
    return 1 if found else 0


def _verify(_: argparse.Namespace, load: Load) -> int:
    core = open_core(load())
    try:
        faults = list(_with_progress(core))
    finally:
        core.close()
    for fault in faults:
        print(fault)
    print("Everything kept is whole." if not faults else f"{len(faults)} faults.", file=sys.stderr)
    return 1 if faults else 0


def _with_progress(core: Core) -> Iterator[str]:
    total = verifying.how_much(core)
    steps = verifying.faults(core)
    quiet = not sys.stderr.isatty()
    for step in track(steps, "Verifying", total=total, disable=quiet):
        if step:
            yield step

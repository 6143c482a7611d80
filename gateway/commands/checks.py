"""``check``, ``verify`` and ``doctor``: what is broken, changed or not set up."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from rich.progress import track

from gateway import held_here, sending_state, verifying, wording_rules, working_days
from gateway.by_notify import faults_of
from gateway.checking import Broken, broken_promises
from gateway.core import Core, open_core
from gateway.settings import Settings, WrongSetting
from transcription.worker import model_state

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
    doctor = commands.add_parser("doctor", help="what is set up and what is not")
    doctor.set_defaults(run=_doctor)


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


def _doctor(_: argparse.Namespace, load: Load) -> int:
    core = open_core(load())
    try:
        rows = list(_findings(core))
    finally:
        core.close()
    for is_well, what in rows:
        print(("ok    " if is_well else "look  ") + what)
    return 0 if all(is_well for is_well, _ in rows) else 1


def _findings(core: Core) -> Iterator[tuple[bool, str]]:
    settings = core.settings
    yield True, f"database: {'SQLite in the data folder' if core.database.is_sqlite else 'PostgreSQL'}, up to date"
    state = model_state(settings.speech_model, settings.data_dir / "models", settings.speech_engine)
    yield state.is_ready, f"speech model {settings.speech_model}: {state.why or 'ready'}"
    can_mail = "email" in settings.notify_media
    relay = (
        "set"
        if settings.mail_relay
        else ("mail goes by GOV.UK Notify" if can_mail else "not set: FRONTDOOR_MAIL_RELAY")
    )
    yield bool(settings.mail_relay) or can_mail, f"mail relay for notices: {relay}"
    is_set = bool(settings.twilio_account_sid)
    yield is_set, "telephony provider: " + ("set" if is_set else "not set: FRONTDOOR_TWILIO_ACCOUNT_SID")
    yield bool(settings.scan_dir), "scan folder: " + ("set" if settings.scan_dir else "not set: FRONTDOOR_SCAN_DIR")
    yield from _notify(settings)
    with core.database.reading() as session:
        wrong = sending_state.not_set_up(session)
    yield not wrong, "; ".join(wrong) or "notices: none waits for something that is not set up"
    broken = wording_rules.faults(core.words)
    yield not broken, "; ".join(map(str, broken)) or "wording: every notice says what it must"
    warning = working_days.calendar_warning(core.clock().date())
    yield warning is None, warning or "bank holidays: known for more than a year ahead"


def _notify(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Nothing is said of GOV.UK Notify where it is not used; where it is, it is asked."""
    if not settings.notify_api_key:
        return
    faults = asyncio.run(faults_of(settings))
    carries = ", ".join(sorted(settings.notify_media)) or "nothing"
    yield not faults, f"GOV.UK Notify for {carries}: " + ("; ".join(faults) or "its key and templates are in order")

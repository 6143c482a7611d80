"""``doctor``: what is set up and what is not, and what can be set right from here."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from channels.email.proof import Names
from channels.twilio_account.finding import Change, State
from gateway.commands.fallback import said_by_fallback
from gateway.commands.mail_set_up import mail_rows
from gateway.commands.mailboxes_set_up import mailbox_rows
from gateway.commands.set_up import Row, everything_else
from gateway.core import Core, open_core
from gateway.settings import Settings, WrongSetting
from gateway.telephone_set_up import Looked, TelephoneSetUp, asks
from gateway.wiring import twilio_client
from gateway.words import WordingFault

Load = Callable[..., Settings]
SHOWN = {State.OK: "ok", State.WRONG: "wrong", State.CANNOT_BE_SEEN: "unseen"}
NOTHING_SET = "not set"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was found, the changes it calls for, and which of them, once tried, the number shows as made."""

    rows: Sequence[Row]
    changes: Sequence[Change] = ()
    made: Sequence[Change] = ()
    was_tried: bool = False


def add_to(commands: Any) -> None:
    """The parser of this command."""
    doctor = commands.add_parser("doctor", help="what is set up and what is not; --set puts the telephone right")
    doctor.add_argument("--set", action="store_true", help="set what is wrong with the telephone number, once agreed")
    doctor.add_argument("--yes", action="store_true", help="agree beforehand, for scripts")
    doctor.add_argument("--json", action="store_true", help="one JSON object")
    doctor.set_defaults(run=_doctor)


def _doctor(asked: argparse.Namespace, load: Load) -> int:
    if asked.set and not asked.yes and (asked.json or not sys.stdin.isatty()):
        raise WrongSetting("--set asks on a terminal; give --yes where there is none")
    core = open_core(load())
    try:
        seen = asyncio.run(_examined(core, asked))
    finally:
        core.close()
    if asked.json:
        print(json.dumps(_as_json(seen), indent=1))
    return 0 if all(row.is_well for row in seen.rows) else 1


async def _examined(core: Core, asked: argparse.Namespace) -> Seen:
    """Look, print, and where it was asked for and agreed, set and look again."""
    rest = [*await everything_else(core), *await mail_rows(core.settings, Names()), *await mailbox_rows(core)]
    client = twilio_client(core.settings)
    if client is None:
        missing = Row(state="look", part="telephony provider", what="not set: FRONTDOOR_TWILIO_ACCOUNT_SID")
        return _told(Seen(rows=[missing, *rest]), asked)
    async with asks() as http:
        set_up = TelephoneSetUp(
            client, http, now=core.clock, fallback_url=core.settings.twilio_fallback_url,
            listens=core.settings.live_capture, rings=_put_through_to(core.settings),
            fallback_words=_fallback_words(core.settings),
        )  # fmt: skip
        try:
            looked = await set_up.look()
            seen = _told(Seen(rows=[*_rows(looked), *rest], changes=looked.changes), asked)
            if not (asked.set and looked.changes and _agreed(looked.changes, asked)):
                return seen
            after = await set_up.put_right(looked)
            made = tuple(one for one in looked.changes if after.number and after.number.value(one.name) == one.after)
            return _told(Seen(rows=[*_rows(after), *rest], changes=looked.changes, made=made, was_tried=True), asked)
        finally:
            await client.aclose()


def _rows(looked: Looked) -> list[Row]:
    return [
        Row(state=SHOWN[one.state], part=f"telephone, {one.part}", what=one.what, to_do=one.to_do)
        for one in looked.findings
    ]


def _told(seen: Seen, asked: argparse.Namespace) -> Seen:
    if asked.json:
        return seen
    for row in seen.rows:
        print("\n".join(row.lines()))
    left = [one for one in seen.changes if one not in seen.made]
    if seen.made:
        print("\nThe number has been set:", *_before_and_after(seen.made, was=True), sep="\n")
    if left:
        said = "This could not be set:" if seen.was_tried else "The number is to be set:"
        print(f"\n{said}", *_before_and_after(left), sep="\n")
    return seen


def _before_and_after(changes: Sequence[Change], *, was: bool = False) -> Iterator[str]:
    for one in changes:
        yield f"  {one.title}"
        yield f"    {'was' if was else 'is':<5}{one.before or NOTHING_SET}"
        yield f"    {'is' if was else 'to':<5}{one.after or NOTHING_SET}"


def _fallback_words(settings: Settings) -> Sequence[str]:
    """What is compared with the hosted document: nothing where a wording is broken, which is told by itself."""
    try:
        return said_by_fallback(settings)
    except WordingFault:
        return ()


def _put_through_to(settings: Settings) -> Sequence[str]:
    return [number for number in (settings.duty_number, settings.night_number, settings.language_line) if number]


def _agreed(changes: Sequence[Change], asked: argparse.Namespace) -> bool:
    if asked.yes:
        return True
    return input(f"Set these {len(changes)} with the provider now? [y/N] ").strip().lower() in ("y", "yes")


def _as_json(seen: Seen) -> dict[str, object]:
    return {
        "findings": [
            {"state": row.state, "part": row.part, "what": row.what, "to_do": row.to_do} for row in seen.rows
        ],
        "changes": [
            {"setting": one.title, "before": one.before, "after": one.after, "set": one in seen.made}
            for one in seen.changes
        ],
    }  # fmt: skip

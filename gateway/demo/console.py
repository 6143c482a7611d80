"""What the demo prints: where everything is, a line for each event, and a table at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.demo.following import Happening, Tone
from gateway.demo.outcome import TOLD, Outcome
from gateway.working_days import in_london
from storage.attachment import TextState

STYLES = {Tone.ARRIVED: "bold", Tone.WELL: "green", Tone.READ: "cyan", Tone.PERSON: "yellow"}
CHANNELS = ("phone", "voicemail", "sms", "email", "letter", "web_form", "note")


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where everything of this demo is, and how to get in."""

    url: str
    staff: tuple[tuple[str, str], ...]
    password: str
    api_token: str
    mailbox: str
    smtp: str
    number: str
    scan_dir: Path
    print_dir: Path
    data_dir: Path
    hears: bool


class Teller:
    """Prints on a terminal in colour, elsewhere in plain lines."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    def welcome(self, where: Whereabouts) -> None:
        """The head of the page."""
        signs_in = ", ".join(f"{name} ({role})" for name, role in where.staff)
        rows = (
            ("Queue and post", f"{where.url}/queue  ·  {where.url}/post"),
            ("Sign in as", f"{signs_in}; password {where.password}"),
            ("Public pages", f"{where.url}/  ·  {where.url}/report  ·  {where.url}/track"),
            ("API", f"{where.url}/api/v1/referrals  ·  {where.url}/api/docs"),
            ("API token", where.api_token),
            ("Mail", f"{where.mailbox} at {where.smtp}, without sign-in"),
            ("Telephone", f"{where.number}, at a pretend provider"),
            ("Scans", f"put a PDF or a picture into {where.scan_dir}"),
            ("Letters out", str(where.print_dir)),
            ("Everything kept", str(where.data_dir)),
        )
        self._console.print(
            "[bold]frontdoor demo[/bold]: everybody here is invented, and nothing leaves this machine\n"
        )
        for name, value in rows:
            self._console.print(f"[bold]{name:<15}[/bold] {escape(value)}")
        if not where.hears:
            self._console.print("\nNo speech model is here: recordings are kept and play, and wait to be transcribed.")
        self._console.print()

    def line(self, one: Happening) -> None:
        """One event."""
        what = f"[{STYLES[one.tone]}]{escape(one.what)}[/]"
        self._console.print(f"{_clock(one.at)}  {one.reference:<11}  {_plain(one.channel):<9}  {what}")

    def summary(self, found: Sequence[Outcome]) -> None:
        """What came by each channel and what became of it."""
        table = Table(title=f"{len(found)} messages, {len({o.channel for o in found if o.channel})} channels")
        table.add_column("Channel")
        for name in ("Came", "Joined an earlier one", "Sender told", "A person or nobody can", "Files read by machine"):
            table.add_column(name, justify="right")
        for channel in CHANNELS:
            of_channel = [o for o in found if o.channel == channel]
            if of_channel:
                table.add_row(_plain(channel), *_counted(of_channel))
        self._console.print()
        self._console.print(table)

    def missing(self, found: Sequence[Outcome]) -> None:
        """What did not come to a good end, by the name of its scene."""
        for outcome in found:
            if outcome.missing:
                self._console.print(f"[red]missing[/red]  {escape(outcome.what)}: {escape(outcome.missing)}")

    def stays_up(self, url: str) -> None:
        """What to do next."""
        self._console.print(f"\n[bold]It stays up: sign in at {url}/queue and look. Ctrl-C ends it.[/bold]\n")

    def bye(self, data_dir: Path) -> None:
        """The last line."""
        self._console.print(f"closed; what was kept is in {data_dir} until the next demo")


def _counted(found: Sequence[Outcome]) -> tuple[str, ...]:
    told = sum(any(notice.state in TOLD for notice in outcome.receipts) for outcome in found)
    parts = [part for outcome in found for part in outcome.parts if part.text_state != TextState.NONE]
    read = sum(part.text_state == TextState.DONE for part in parts)
    return (
        str(len(found)),
        str(sum(outcome.joined for outcome in found)),
        str(told),
        str(len(found) - told),
        f"{read} of {len(parts)}" if parts else "none sent",
    )


def _clock(at: datetime) -> str:
    return f"{in_london(at):%H:%M:%S}"


def _plain(channel: str) -> str:
    return {"sms": "text", "web_form": "web form"}.get(channel, channel)

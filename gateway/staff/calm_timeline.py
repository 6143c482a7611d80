"""The timeline as it is drawn: texts as one conversation, steps of the machine folded, a long middle left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gateway.staff.timeline import Entry
from gateway.view import HistoryView

MACHINE = "frontdoor"
ALONE = 2
"""So many steps of the machine one behind another still stand open."""
FIRST, LAST = 10, 30
"""So many things at either end are shown of a longer timeline until somebody asks for all of it."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What stands at one place of the timeline: one entry, or several that are read as one thing.

    ``talk``: texts in and out; ``steps``: lines of the machine; ``left_out``: entries that are not drawn.
    """

    entry: Entry | None = None
    talk: Sequence[Entry] = ()
    steps: Sequence[HistoryView] = ()
    left_out: Sequence[Entry] = ()

    @property
    def messages_left_out(self) -> list[Entry]:
        """Those of the entries left out that somebody wrote or said."""
        return [entry for entry in self.left_out if entry.message]


def calm(entries: Sequence[Entry], *, newest_first: bool = False, shows_all: bool = False) -> list[Stretch]:
    """The oldest first unless asked otherwise; a conversation keeps its own order, the oldest text first."""
    drawn = [stretch for run in _runs(entries) for stretch in _drawn(run)]
    if not shows_all and len(drawn) > FIRST + LAST + 1:
        middle = [entry for stretch in drawn[FIRST:-LAST] for entry in _entries(stretch)]
        drawn[FIRST:-LAST] = [Stretch(left_out=middle)]
    return drawn[::-1] if newest_first else drawn


def _runs(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Runs of a conversation with what the machine did meanwhile, of the machine alone, or of anything else."""
    runs: list[list[Entry]] = []
    for entry in entries:
        goes_on = runs and (_is_text(entry) or _is_step(entry)) and all(_is_text(e) or _is_step(e) for e in runs[-1])
        if goes_on:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


def _drawn(run: Sequence[Entry]) -> list[Stretch]:
    """The texts of a run as a conversation if there are two or more, then its steps."""
    if sum(map(_is_text, run)) > 1:
        steps = [entry for entry in run if not _is_text(entry)]
        return [Stretch(talk=[entry for entry in run if _is_text(entry)]), *_folded(steps)]
    return [s for is_step, part in groupby(run, key=_is_step) for s in (_folded if is_step else _open)(list(part))]


def _folded(steps: Sequence[Entry]) -> list[Stretch]:
    if len(steps) <= ALONE:
        return _open(steps)
    return [Stretch(steps=[entry.line for entry in steps if entry.line])]


def _open(entries: Sequence[Entry]) -> list[Stretch]:
    return [Stretch(entry=entry) for entry in entries]


def _entries(stretch: Stretch) -> list[Entry]:
    steps = [Entry(at=line.at, line=line) for line in stretch.steps]
    return [*([stretch.entry] if stretch.entry else []), *stretch.talk, *steps]


def _is_text(entry: Entry) -> bool:
    if entry.message:
        return entry.message.channel == "sms" and not entry.parts and not entry.message.unreadable
    return entry.notice is not None and entry.notice.channel == "sms" and bool(entry.notice.text)


def _is_step(entry: Entry) -> bool:
    return entry.line is not None and entry.line.who == MACHINE

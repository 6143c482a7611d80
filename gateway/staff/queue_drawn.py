"""What a watcher of the queue has been told and what has changed since, as one event of a stream."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from gateway.staff.plain_words import RATINGS, time_left
from gateway.staff.queue_list import Ground, Listed
from gateway.staff.queue_rows import Row
from gateway.translating import said

NEW_WITHIN = timedelta(seconds=30)
TOLD_ONE_BY_ONE = 3
DrawRow = Callable[[Row], str]
DrawBanner = Callable[[Ground], str]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A page of the queue without its words: which lines stand where, the mark of each, and the numbers above them.

    ``highest`` is the last ledger number there was, where the page belongs to the list of everything; else 0.
    """

    overdue: tuple[str, ...]
    rest: tuple[str, ...]
    marks: Mapping[str, str]
    numbers: Mapping[str, str]
    owned: Mapping[str, str]
    banner: str
    highest: int = 0

    @cached_property
    def version(self) -> str:
        """Sixteen hex digits, the same in every process for the same page."""
        whole = [self.overdue, self.rest, sorted(self.marks.items()), sorted(self.numbers.items()),
                 sorted(self.owned.items()), self.banner]  # fmt: skip
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]


def outline(on: Ground, seen: Listed, *, is_everything: bool) -> Outline:
    """Of a page as it stands."""
    return Outline(
        overdue=tuple(row.reference for row in seen.overdue), rest=tuple(row.reference for row in seen.rest),
        marks={row.reference: row.mark for row in seen.rows},
        numbers=on.numbers() | {"overdue_chosen": seen.overdue_chosen, "chosen": seen.chosen}, owned=on.owned,
        banner=repr((on.calls_on, on.being_taken)), highest=on.highest if is_everything else 0,
    )  # fmt: skip


def change(
    before: Outline | None, after: Outline, rows: Mapping[str, Row], *, draw: DrawRow, banner: str, now: datetime
) -> bytes:
    """The event that leads from one to the other; from nothing it tells everything. Only changed lines are drawn."""
    known = before.marks if before else {}
    changed = [reference for reference, mark in after.marks.items() if known.get(reference) != mark]
    told = {
        "rows": {reference: draw(rows[reference]) for reference in changed},
        "overdue": after.overdue, "rest": after.rest, "numbers": dict(after.numbers), "owned": dict(after.owned),
        "says": says(before, after, rows, now) if before else "",
    }  # fmt: skip
    if before is None or before.banner != after.banner:
        told["banner"] = banner
    return event("list", json.dumps(told, ensure_ascii=False, separators=(",", ":")), after.version)


def says(before: Outline, after: Outline, rows: Mapping[str, Row], now: datetime) -> str:
    """What changed, in words for who does not see it: what is new with its rating and time, and what is late now."""
    added = [rows[reference] for reference in after.marks if reference not in before.marks]
    new = [row for row in added if row.captured_at >= now - NEW_WITHIN]
    late = [each for each in after.overdue if each in before.rest]
    told = []
    if new:
        each = "; ".join(f"{RATINGS[row.severity].lower()}, {time_left(row.due_at, now)}" for row in new)
        told.append(
            said("%(n)s new: %(each)s", n=len(new), each=each)
            if len(new) <= TOLD_ONE_BY_ONE
            else said("%(n)s new", n=len(new))
        )
    elif after.highest > before.highest:
        told.append(said("New, further down"))
    if late:
        told.append(said("%(n)s overdue now", n=len(late)))
    return ". ".join(told)


def event(name: str, data: str, version: str = "") -> bytes:
    """One event as it goes over the wire; ``data`` holds no line break."""
    number = f"id: {version}\n" if version else ""
    return f"{number}event: {name}\ndata: {data}\n\n".encode()

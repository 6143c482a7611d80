"""What a watcher of the queue is told: only what changed, in as few words as say it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from gateway.staff.queue_drawn import Outline, change, says
from gateway.staff.queue_rows import Row
from tests.fakes import MONDAY_MORNING


def a_row(reference: str, **given: object) -> Row:
    row = Row(
        reference=reference, ledger_no=1, channel="sms", kind="concern", state="received", severity="unrated",
        received_at=MONDAY_MORNING, captured_at=MONDAY_MORNING, due_at=MONDAY_MORNING + timedelta(hours=24),
        what="Shouting", child_known=False, owner=None, at_it=None, next_action="Read it", is_overdue=False,
    )  # fmt: skip
    return replace(row, **given)  # type: ignore[arg-type]


def stands(*rest: Row, overdue: tuple[Row, ...] = (), banner: str = "", highest: int = 0) -> Outline:
    return Outline(
        overdue=tuple(row.reference for row in overdue), rest=tuple(row.reference for row in rest),
        marks={row.reference: row.mark for row in (*overdue, *rest)}, numbers={"open": str(len(rest))}, owned={},
        banner=banner, highest=highest,
    )  # fmt: skip


def told(before: Outline | None, after: Outline, *rows: Row) -> dict[str, Any]:
    event = change(
        before, after, {row.reference: row for row in rows}, draw=lambda row: f"line {row.reference}",
        banner="calls", now=MONDAY_MORNING,
    )  # fmt: skip
    number, name, data = event.decode().strip().split("\n")
    assert (number, name) == (f"id: {after.version}", "event: list")
    return dict(json.loads(data.removeprefix("data: ")))


ONE, TWO, THREE = a_row("ONE"), a_row("TWO"), a_row("THREE")


def test_only_lines_that_changed_are_drawn() -> None:
    rated = replace(TWO, severity="red")
    event = told(stands(ONE, TWO), stands(rated, ONE), ONE, rated)
    assert event["rows"] == {"TWO": "line TWO"} and event["rest"] == ["TWO", "ONE"]
    assert "banner" not in event and event["says"] == ""


def test_whoever_has_nothing_we_know_is_told_everything_and_nothing_is_said_to_be_new() -> None:
    event = told(None, stands(ONE, TWO), ONE, TWO)
    assert set(event["rows"]) == {"ONE", "TWO"} and event["banner"] == "calls" and event["says"] == ""


def test_words_say_what_is_new_what_is_late_and_what_is_further_down() -> None:
    red = replace(THREE, severity="red", due_at=MONDAY_MORNING + timedelta(hours=2))
    rows = {row.reference: row for row in (ONE, TWO, red)}
    assert says(stands(ONE), stands(ONE, red), rows, MONDAY_MORNING) == "1 new: red, 2 h left"
    assert says(stands(ONE, TWO), stands(TWO, overdue=(ONE,)), rows, MONDAY_MORNING) == "1 overdue now"
    assert says(stands(ONE, highest=1), stands(ONE, highest=2), rows, MONDAY_MORNING) == "New, further down"
    old = replace(TWO, captured_at=MONDAY_MORNING - timedelta(hours=1))
    assert says(stands(ONE), stands(ONE, old), {"ONE": ONE, "TWO": old}, MONDAY_MORNING) == ""


def test_many_at_once_are_counted_and_not_read_out_one_by_one() -> None:
    rows = [a_row(f"ROW{number}") for number in range(5)]
    assert says(stands(), stands(*rows), {row.reference: row for row in rows}, MONDAY_MORNING) == "5 new"


def test_a_page_has_the_same_version_in_every_process_and_another_when_anything_on_it_changed() -> None:
    assert stands(ONE, TWO).version == stands(a_row("ONE"), a_row("TWO")).version
    others = [stands(TWO, ONE), stands(ONE, overdue=(TWO,)), stands(ONE, TWO, banner="a call"),
              stands(ONE, replace(TWO, owner="sam"))]  # fmt: skip
    assert len({stands(ONE, TWO).version, *(each.version for each in others)}) == 5

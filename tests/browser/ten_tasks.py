"""Counts keys, words and page loads of ten tasks at the desk: ``python -m tests.browser.ten_tasks`` writes the page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from gateway.app import build_app
from gateway.wiring import wire_channels
from tests.browser import ten_steps as steps
from tests.browser.a_day import a_core_of_its_own
from tests.browser.beside import Beside, served
from tests.browser.counted import Count, Seats
from tests.browser.looking import chromium
from tests.browser.ten_in_the_queue import staff_of, ten_in_the_queue
from tests.fakes import MovableClock

DOCS = Path(__file__).parent.parent.parent / "docs"


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is done, how it is done here, and what Zammad's user documentation says of it, its pages named."""

    does: str
    steps: Callable[[Seats, steps.References], None]
    there: str


TASKS = (
    Task(
        does="Find the most urgent report and open it", steps=steps.opens_the_most_urgent,
        there='3 steps, 2 views: `shift+ctrl+o`, choose an overview, choose the ticket; "Escalated Tickets" holds what '
        "is late or will be in 10 minutes, where an administrator set times (*Find Tickets*, *Keyboard Shortcuts*)",
    ),
    Task(
        does="Take the next one", steps=steps.takes_the_next,
        there="no counterpart that chooses or holds one; by hand 6 steps, 2 views: overviews, one of them, ticket, "
        "owner opened, chosen, updated (*Find Tickets*, *Update Tickets*, *Attributes*)",
    ),
    Task(
        does="Listen to a recording from a certain word", steps=steps.listens_from_a_word,
        there="no counterpart: no player and no words of a recording are described (*Update Tickets*)",
    ),
    Task(
        does="Rate it and say why", steps=steps.rates,
        there="3 clicks, no new view: priority opened, one of three chosen, updated; a reason is not mentioned, "
        "and out of the box it does nothing (*Attributes*)",
    ),
    Task(
        does="Ask the sender a question, seeing first what is sent", steps=steps.asks_the_sender,
        there="2 chords and the words, no new view: `shift+ctrl+g`, `shift+ctrl+return`; no preview; to wait for the "
        "answer 4 choices more: state, pending reminder, day, time (*Keyboard Shortcuts*, *Attributes*)",
    ),
    Task(
        does="Decide no further action, a manager agreeing (both people)", steps=steps.decides_with_a_second_person,
        there="no counterpart; nearest a note that mentions a colleague with `@@`, which binds nobody "
        "(*Keyboard Shortcuts*)",
    ),
    Task(
        does="Close it, saying why", steps=steps.closes,
        there="2 chords, no new view: `shift+ctrl+c`, `shift+ctrl+return`; a reason is not mentioned "
        "(*Keyboard Shortcuts*)",
    ),
    Task(
        does="Find a report by a phone number as people type it", steps=steps.finds_by_a_number,
        there="3 steps and the number, 2 views: `shift+ctrl+s`, `enter`, choose the ticket; that a number is found in "
        "another writing than it stands in is not said (*Find Tickets*)",
    ),
    Task(
        does="Take a call and give the reference", steps=steps.takes_a_call,
        there="at least 5 steps, a title, a customer and the words, 2 views: `shift+ctrl+n`, title, customer searched "
        "and chosen (or created in a dialog), text, submitted (*Create Tickets*)",
    ),
    Task(
        does="See what is late and who was told", steps=steps.sees_what_is_late,
        there='2 steps, 1 view for what is late: `shift+ctrl+o`, "Escalated Tickets"; its times by hovering, ticket by '
        "ticket; who was told: no counterpart (*Find Tickets*, *Update Tickets*)",
    ),
)  # fmt: skip
ABOVE = """# Ten tasks, counted

`python -m tests.browser.ten_tasks` does ten tasks at a served desk in Chromium, by keys alone, and writes this page:

* **Keys** are those that steer; a chord such as Ctrl and Enter is one. What is typed as words is counted beside them.
* **Page loads** are those of the whole page. How a person came to where the task begins (the queue for 1, 2, 8, 9, 10
  and the manager of 6, else the report) is not counted, and neither is signing in.
* **Seconds** are a machine's, from the first key to the last answer, on two cores that may do other work. They say what
  the desk takes, not how long a person reads, thinks and types. No desk of the gateway runs beside it, so the page
  at the end of a call (9) waits its two seconds for the report to be in the queue.

The last column is **not measured**: no Zammad was run beside this. It is what the user documentation of Zammad
describes, read on 22 November 2026: each click, choice or chord is one step, and the names of pages are in italics.
Zammad is one page in the browser, so the views that open stand for page loads. It is a general help desk that each
house sets up for itself, and newer releases have single keys for some of these chords.

| | task | keys here | words typed | page loads here | machine | Zammad, by its documentation |
|---|---|---|---|---|---|---|
"""
BELOW = """
## The keys, in order

"""
BOUNDS = """
Fewest keys is not the aim of every page. 5 shows what the sender will read before it is sent, 4 to 7 ask why, and the
second person of 6 cannot be the first. By its documentation Zammad needs fewer steps for 5 and 7.
"""


def measured(seats: Seats, task: Task, of: steps.References) -> Count:
    """The task done once."""
    seats.begin()
    task.steps(seats, of)
    return seats.count()


def page(counts: list[Count]) -> str:
    """The table, and below it the keys."""
    lines = [
        f"| {number} | {task.does} | {one.keys} | {one.typed()} | {one.loads} | {one.seconds:.1f} s | {task.there} |"
        for number, (task, one) in enumerate(zip(TASKS, counts, strict=True), 1)
    ]
    keys = [f"{number}. {one.order()}" for number, one in enumerate(counts, 1)]
    return ABOVE + "\n".join(lines) + "\n" + BELOW + "\n".join(keys) + "\n" + BOUNDS


def main() -> None:
    """All ten, on an empty gateway filled for them."""
    with ExitStack() as stack:
        clock = MovableClock()
        core = a_core_of_its_own(stack, clock)
        staff_of(core)
        beside = stack.enter_context(Beside())
        of = beside.run(ten_in_the_queue(core, clock))
        address = stack.enter_context(beside.opened(served(build_app(core, wire_channels(core), doors=[]))))
        browser = stack.enter_context(chromium(stack.enter_context(sync_playwright())))
        seats = Seats(browser, address, stack)
        counts = []
        for task in TASKS:
            counts.append(measured(seats, task, of))
            print(f"{task.does}: {counts[-1].order()}, pages loaded: {counts[-1].loads}", flush=True)
    (DOCS / "ten-tasks.md").write_text(page(counts), "utf-8")


if __name__ == "__main__":
    main()

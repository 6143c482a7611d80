"""The work table: a claim while 200,000 timers wait for their time, and how soon a desk elsewhere begins new work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, event, text
from sqlmodel import Session

from benchmarks.desk_worker import QUEUE
from benchmarks.figures import Figure, at_most, beside, median, percentile
from benchmarks.processes import serving
from benchmarks.run import Run
from gateway.clock import now
from gateway.core import Core
from storage import work
from storage.news import News

NOTHING = text("SELECT 1")
TIMERS, AT_ONCE = 200_000, 20_000
LEASE = timedelta(seconds=60)
A_SECOND = 25
WORKERS = 2


def measure(run: Run) -> list[Figure]:
    """On each database."""
    figures = []
    for kind in run.kinds:
        with run.core(kind) as core:
            run.say(f"work: claims on {kind}")
            figures += _claims(kind, core, timers=TIMERS // 10 if run.quick else TIMERS)
        with run.core(kind) as core:
            run.say(f"work: {WORKERS} desks in processes of their own on {kind}")
            figures += _pick_up(run, kind, core, rows=50 if run.quick else 300)
    return figures


def _claims(kind: str, core: Core, *, timers: int) -> list[Figure]:
    """The claim a desk makes, without the commit, which costs what the disk costs; and the database's part in it."""
    empty = _claim_ms(core)
    later = now() + timedelta(days=1)
    due = {"queue": QUEUE, "kind": "read", "subject": "later"}
    for begin in range(0, timers, AT_ONCE):
        rows = [{**due, "visible_at": later + timedelta(seconds=begin + n)} for n in range(AT_ONCE)]
        with core.database.transaction() as session:
            work.enqueue_many(session, rows)
    with core.database.transaction() as session:
        session.connection().exec_driver_sql("ANALYZE work")
    waiting = _claim_ms(core)
    what = f"claim of due work, {timers:,} future timers, {kind}"
    return [
        at_most(
            f"{what}, in the database", waiting.database, "ms", 0.2,
            anchor=f"0.12, with the wrong index 114; the way there and back, {waiting.way:.2f}, is taken off",
        ),
        beside(
            f"{what}, as a desk makes it", waiting.whole, "ms", anchor=f"{empty.whole:.2f} ms with none",
            ratio=waiting.whole / empty.whole, most=1.2,
        ),
    ]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Took:
    """Middle values (ms)."""

    whole: float
    database: float
    way: float


def _claim_ms(core: Core, times: int = 300) -> Took:
    whole, way, there = list[float](), list[float](), list[float]()
    for _ in range(times):
        with core.database.transaction() as session:
            work.enqueue(session, QUEUE, "read", "now", at=now())
        with core.database.transaction() as session:
            connection = session.connection()
            with _timed(connection, way):
                connection.execute(NOTHING)
            with _timed(connection, there):
                began = time.perf_counter()
                held = work.claim(session, QUEUE, owner="bench", now=now(), lease=LEASE, limit=4)
                whole.append((time.perf_counter() - began) * 1000)
            for each in held:
                work.done(session, each)
    return Took(whole=median(whole), database=median(there) - median(way), way=median(way))


@contextmanager
def _timed(connection: Connection, took: list[float]) -> Iterator[None]:
    """How long the driver waits for the database with each statement (ms)."""
    begun: list[float] = []

    def begins(*_: object) -> None:
        begun.append(time.perf_counter())

    def ends(*_: object) -> None:
        took.append((time.perf_counter() - begun[-1]) * 1000)

    event.listen(connection, "before_cursor_execute", begins)
    event.listen(connection, "after_cursor_execute", ends)
    yield
    event.remove(connection, "before_cursor_execute", begins)
    event.remove(connection, "after_cursor_execute", ends)


def _pick_up(run: Run, kind: str, core: Core, *, rows: int) -> list[Figure]:
    """From the commit that makes a row due, in this process, to the beginning of its step in another."""
    with run.data_dir() as folder:
        told = [folder / str(number) for number in range(WORKERS)]
        with ExitStack() as stack:
            for path in told:
                stack.enter_context(serving("benchmarks.desk_worker", core.settings.database, path))
            committed = asyncio.run(_enqueued(core, rows))
        begun = dict(line.split() for path in told for line in path.read_text().splitlines())
    took = [(int(begun[subject]) - at) / 1e6 for subject, at in committed.items()]
    what = f"pick-up of new work by {WORKERS} desks elsewhere, {kind}"
    return [
        at_most(f"{what}, p50", percentile(took, 50), "ms", 15, anchor="pgqueuer 8, procrastinate 12"),
        at_most(f"{what}, p99", percentile(took, 99), "ms", 50, anchor="pgqueuer 35, procrastinate 33"),
    ]


async def _enqueued(core: Core, rows: int) -> dict[str, int]:
    """Rows one by one; when each was committed, on the clock that all processes share."""
    news = asyncio.create_task(News(core.database, lambda _: None).run())
    await asyncio.sleep(1)
    committed = {}
    for number in range(rows):
        await core.database.write(partial(_enqueue, subject=str(number)))
        committed[str(number)] = time.monotonic_ns()
        await asyncio.sleep(1 / A_SECOND)
    await asyncio.sleep(1)
    news.cancel()
    await asyncio.gather(news, return_exceptions=True)
    return committed


def _enqueue(session: Session, *, subject: str) -> None:
    work.enqueue(session, QUEUE, "read", subject, at=now())

"""Steps that wait for the one writer share a commit, and nothing else."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from storage import work
from storage.away import Undone, is_away
from storage.database import Database
from storage.direct import ask
from storage.work import Work
from tests.fakes import MovableClock


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """On SQLite: PostgreSQL has several writers and gathers commits itself."""
    shutil.copy(sqlite_template, tmp_path / "frontdoor.db")
    opened = Database(f"sqlite:///{tmp_path / 'frontdoor.db'}")
    yield opened
    opened.close()


async def held_up(database: Database) -> threading.Event:
    """Keep the writers busy until the event is set, so that what is written meanwhile waits together."""
    go = threading.Event()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(_: Session) -> None:
        loop.call_soon_threadsafe(begun.set)
        go.wait(10)

    task = asyncio.create_task(database.write(wait))
    task.add_done_callback(lambda done: done.result())
    await begun.wait()
    return go


def subjects(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Work.subject).order_by(col(Work.subject))))


async def test_a_step_that_fails_is_undone_alone(database: Database, clock: MovableClock) -> None:
    def add(session: Session, subject: str) -> str:
        work.enqueue(session, "reading", "read", subject, at=clock())
        if subject == "b":
            raise LookupError
        return subject

    go = await held_up(database)
    steps = [asyncio.create_task(database.write(lambda s, n=name: add(s, n))) for name in "abc"]  # type: ignore[misc]
    await asyncio.sleep(0.05)
    go.set()
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    assert [type(each) for each in outcomes] == [str, LookupError, str]
    assert subjects(database) == ["a", "c"]


async def test_where_none_fails_each_step_runs_once_and_where_one_does_the_others_still_count_once(
    database: Database, clock: MovableClock
) -> None:
    runs: list[str] = []

    def add(session: Session, subject: str) -> None:
        runs.append(subject)
        work.enqueue(session, "reading", "read", subject, at=clock())
        if subject == "z":
            raise LookupError

    for names in ("abc", "dze"):
        go = await held_up(database)
        steps = [asyncio.create_task(database.write(lambda s, n=name: add(s, n))) for name in names]  # type: ignore[misc]
        await asyncio.sleep(0.05)
        go.set()
        await asyncio.gather(*steps, return_exceptions=True)
    assert [runs.count(name) for name in "abcd"] == [1, 1, 1, 2]
    assert subjects(database) == ["a", "b", "c", "d", "e"]


async def test_a_result_is_given_only_once_it_is_durable(database: Database, clock: MovableClock) -> None:
    go = await held_up(database)
    steps = [
        asyncio.create_task(
            database.write(lambda s, n=name: work.enqueue(s, "reading", "read", n, at=clock()))  # type: ignore[misc]
        )
        for name in "abc"
    ]
    await asyncio.sleep(0.05)
    assert not any(step.done() for step in steps)
    go.set()
    for number, step in enumerate(asyncio.as_completed(steps)):
        await step
        assert len(subjects(database)) > number


async def test_steps_that_wait_are_committed_in_the_order_they_came(database: Database, clock: MovableClock) -> None:
    order: list[str] = []
    go = await held_up(database)
    steps = [asyncio.create_task(database.write(lambda _, n=name: order.append(n))) for name in "abc"]  # type: ignore[misc]
    await asyncio.sleep(0.05)
    go.set()
    await asyncio.gather(*steps)
    assert order == ["a", "b", "c"]


async def test_a_row_one_step_loaded_is_read_anew_by_the_next(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        work.enqueue(session, "reading", "read", "a", at=clock())

    def move(session: Session) -> Work:
        row = session.exec(select(Work)).one()
        row.visible_at += timedelta(hours=1)
        session.add(row)
        return row

    go = await held_up(database)
    steps = [asyncio.create_task(database.write(move)) for _ in range(2)]
    await asyncio.sleep(0.05)
    go.set()
    first, second = await asyncio.gather(*steps)
    assert second.visible_at - first.visible_at == timedelta(hours=1)
    assert first is not second


async def test_a_commit_that_fails_fails_every_step_that_shared_it(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE one (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE two (id REFERENCES one DEFERRABLE INITIALLY DEFERRED)"))

    def good(session: Session) -> None:
        work.enqueue(session, "reading", "read", "a", at=clock())

    def bad(session: Session) -> None:
        session.execute(text("INSERT INTO two VALUES (7)"))

    go = await held_up(database)
    steps = [asyncio.create_task(database.write(step)) for step in (good, bad)]
    await asyncio.sleep(0.05)
    go.set()
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    assert [type(each) for each in outcomes] == [IntegrityError, IntegrityError]
    assert subjects(database) == []


def leave_no_room(session: Session) -> None:
    pages = session.execute(text("PRAGMA page_count")).scalar_one()
    session.execute(text(f"PRAGMA max_page_count = {pages + 3}"))


async def test_nothing_counts_as_kept_that_shared_a_commit_with_what_the_disk_had_no_room_for(
    database: Database, clock: MovableClock
) -> None:
    def add(session: Session, subject: str) -> str:
        ask(session, "CREATE TABLE IF NOT EXISTS word (word)")
        ask(session, "INSERT INTO word VALUES (?)", [subject])
        return subject

    await database.write(leave_no_room)
    go = await held_up(database)
    words = ("a", "b" * 1_000_000, "c")
    steps = [asyncio.create_task(database.write(lambda s, n=name: add(s, n))) for name in words]  # type: ignore[misc]
    await asyncio.sleep(0.05)
    go.set()
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    with database.reading() as session:
        there = {row.word for row in session.execute(text("SELECT word FROM word"))} if has_words(session) else set()
    assert {outcome for outcome in outcomes if isinstance(outcome, str)} == there
    assert all(is_away(outcome) for outcome in outcomes if isinstance(outcome, Exception))
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def has_words(session: Session) -> bool:
    return bool(session.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'word'")).scalar_one())


async def test_a_step_that_swallowed_the_full_disk_is_not_told_that_it_was_kept(database: Database) -> None:
    def write(session: Session) -> None:
        ask(session, "CREATE TABLE word (word)")
        with suppress(OperationalError):
            ask(session, "INSERT INTO word VALUES (?)", ["a" * 1_000_000])

    await database.write(leave_no_room)
    with pytest.raises(Undone):
        await database.write(write)
    await database.write(lambda session: ask(session, "CREATE TABLE word (word)"))

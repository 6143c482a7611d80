"""Steps that wait for the one writer share a commit, and nothing else."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from storage import work
from storage.database import Database
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

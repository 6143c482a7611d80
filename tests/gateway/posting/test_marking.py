"""A letter is owed until somebody says on which day it was posted; what is late stands in the queue."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gateway.checking import broken_promises
from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.posting.marking import held_letter, mark_posted, mark_run_posted, print_again
from gateway.posting.run_making import make_run
from gateway.raising import Raising
from storage import print_run
from storage.notice import Notice
from storage.print_run import PrintRun
from tests.fakes import MovableClock
from tests.gateway.posting.post import HOME, a_letter_out, of, tasks

LATE = "the receipt letter is not marked as posted: print it, post it, and mark it under Post"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def posted(core: Core, letter: Notice, *, on: date | None = None) -> Notice:
    with core.database.transaction() as session:
        row = held_letter(session, letter.id)
        assert row is not None
        mark_posted(session, core, row, "casey", on=on)
    return of(core, letter)


def rules(core: Core) -> set[str]:
    with core.database.reading() as session:
        return {broken.rule for broken in broken_promises(session, core.clock())}


async def raised(core: Core) -> list[str]:
    await Raising(database=core.database, owing=core.owing, clock=core.clock).look()
    return tasks(core)


async def test_what_is_not_posted_on_its_day_is_a_task_until_it_is(core: Core, clock: MovableClock) -> None:
    letter = await a_letter_out(core)
    assert letter.due_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await raised(core) == [] and "letter_not_posted" not in rules(core)
    clock.move(hours=8)
    assert "letter_not_posted" in rules(core)
    assert await raised(core) == await raised(core) == [LATE]
    file = core.settings.letters_dir / str(letter.provider_id)
    assert file.exists()
    posted(core, letter)
    assert not file.exists()
    assert await raised(core) == [] and "letter_not_posted" not in rules(core)


@ON_SQLITE
async def test_the_day_it_was_posted_is_kept_and_who_said_so(core: Core, clock: MovableClock) -> None:
    today, earlier = await a_letter_out(core, mark="1"), await a_letter_out(core, mark="2")
    assert (posted(core, today).posted_at, of(core, today).posted_by) == (clock(), "casey")
    clock.move(days=2)
    assert posted(core, earlier, on=date(2026, 11, 24)).posted_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@ON_SQLITE
@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2026, 11, 24)])
async def test_a_letter_is_not_posted_before_it_was_written_nor_tomorrow(core: Core, on: date) -> None:
    letter = await a_letter_out(core)
    with pytest.raises(Incomplete):
        posted(core, letter, on=on)
    assert of(core, letter).posted_at is None


@ON_SQLITE
async def test_a_letter_is_posted_once(core: Core) -> None:
    letter = await a_letter_out(core)
    posted(core, letter)
    with pytest.raises(NotAllowed):
        posted(core, letter)


@ON_SQLITE
async def test_a_run_is_posted_with_the_last_of_its_letters_and_a_spoilt_one_is_printed_again(core: Core) -> None:
    letters = [await a_letter_out(core, HOME if n else "", mark=str(n)) for n in range(3)]
    run = make_run(core, "casey")
    assert run is not None
    posted(core, letters[0])
    with core.database.transaction() as session:
        row = held_letter(session, letters[1].id)
        assert row is not None
        print_again(session, core, row, "casey")
        assert session.get_one(PrintRun, run.id).posted_at is None
        assert mark_run_posted(session, core, run, "casey") == 1
    with core.database.reading() as session:
        assert session.get_one(PrintRun, run.id).posted_at == core.clock()
        assert [row.id for row in print_run.to_print(session, limit=9)] == [letters[1].id]
    again = make_run(core, "casey")
    assert again is not None and (again.number, again.letters) == (2, 1)


@ON_SQLITE
@pytest.mark.parametrize("is_late", [False, True])
async def test_a_letter_that_is_spoilt_after_its_day_is_a_task_again_once(
    core: Core, clock: MovableClock, *, is_late: bool
) -> None:
    letter = await a_letter_out(core, HOME)
    make_run(core, "casey")
    clock.move(hours=9 if is_late else 1)
    assert (LATE in await raised(core)) is is_late
    posted(core, letter)
    clock.move(hours=9)
    assert LATE not in await raised(core)
    with core.database.transaction() as session:
        row = held_letter(session, letter.id)
        assert row is not None
        print_again(session, core, row, "casey")
    assert [task for task in await raised(core) if task == LATE] == [LATE]
    posted(core, letter)
    assert LATE not in await raised(core)

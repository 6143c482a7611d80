"""What goes wrong with one call holds up no other, and nobody who was asked for is forgotten."""

from __future__ import annotations

import pytest
from sqlmodel import select

from gateway.calls_taken import calls_taken, drafts, fields
from gateway.calls_taken.drafts import Place
from gateway.core import Core
from storage.draft import Draft, DraftState, open_drafts
from storage.notice import Notice
from storage.reserve import Reserved
from tests.builders import read_all
from tests.fakes import MovableClock
from tests.gateway.calls_taken.test_left import begun, messages, state_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_call_whose_seal_is_broken_holds_no_other_up_and_stays_on_the_list(
    core: Core, clock: MovableClock
) -> None:
    broken, whole = begun(core, {"text": "one"}), begun(core, {"text": "two"})
    with core.database.transaction() as session:
        session.get_one(Draft, broken.id).sealed = b"no seal of ours"
    clock.move(minutes=11)
    assert await calls_taken(core).left.look() == 1
    assert (state_of(core, broken), state_of(core, whole)) == (DraftState.OPEN, DraftState.HANDED_IN)
    with core.database.reading() as session:
        assert [row.id for row in open_drafts(session)] == [broken.id]


async def test_a_manager_who_was_asked_for_as_the_process_was_killed_is_told_by_the_watch(
    core: Core, clock: MovableClock
) -> None:
    row, left = begun(core, {"text": "He is back"}), calls_taken(core).left
    with core.database.transaction() as session:  # as it stood when the process was killed
        session.get_one(Draft, row.id).manager_asked_at = core.clock()
    for _ in range(2):
        clock.move(minutes=1)
        await left.look()
        await read_all(core)
    with core.database.reading() as session:
        told = session.exec(select(Notice).where(Notice.for_role == "duty_manager")).all()
    assert len(told) == 1 and len(messages(core)) == 1 and state_of(core, row) == DraftState.OPEN


async def test_who_listens_for_long_before_the_first_word_can_still_write(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        row = drafts.begin(session, by="casey", now=core.clock())
    clock.move(minutes=30)
    assert await calls_taken(core).left.look() == 0
    with core.database.transaction() as session:
        said = fields.written({"text": "She has stopped crying"})
        drafts.save(session, core.seal, row.id, said, place=Place(version=0), by="casey", now=core.clock())
    with core.database.reading() as session:
        assert session.exec(select(Reserved.reference)).all() == [row.reference]

"""A call that nobody ends becomes a referral by itself, once, whoever is killed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlmodel import select

from channels.contract import NotKept, RawMessage, Receipt
from gateway.calls_taken import calls_taken, drafts, fields
from gateway.calls_taken.drafts import Place
from gateway.calls_taken.handing_in import HandingIn
from gateway.core import Core
from storage.draft import Draft, DraftState, open_drafts
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral
from storage.reserve import Reserved
from tests.builders import read_all
from tests.fakes import MovableClock

ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def begun(core: Core, said: Mapping[str, str]) -> Draft:
    """A call of casey's with these words."""
    with core.database.transaction() as session:
        row = drafts.begin(session, by="casey", now=core.clock())
    with core.database.transaction() as session:
        kept = fields.written(said)
        drafts.save(session, core.seal, row.id, kept, place=Place(version=0), by="casey", now=core.clock())
    return row


def messages(core: Core) -> list[Message]:
    with core.database.reading() as session:
        return list(session.exec(select(Message)))


def state_of(core: Core, row: Draft) -> str:
    with core.database.reading() as session:
        return session.get_one(Draft, row.id).state


@ON_BOTH
async def test_a_call_nobody_touches_for_ten_minutes_goes_into_the_queue(core: Core, clock: MovableClock) -> None:
    row, left = begun(core, {"text": "Shouting next door"}), calls_taken(core).left
    began = clock()
    clock.move(minutes=9)
    assert await left.look() == 0
    clock.move(minutes=2)
    assert (await left.look(), await left.look()) == (1, 0)
    await read_all(core)
    with core.database.reading() as session:
        [referral] = session.exec(select(Referral))
        reasons = [told.reason for told in session.exec(select(Notice)) if told.kind == "staff_task"]
        assert (referral.reference, referral.received_at) == (row.reference, began)
        assert referral.look_by == began + timedelta(days=1)
        assert reasons == ["acknowledge by hand: the call was not finished"]
        assert open_drafts(session) == [] and session.exec(select(Reserved)).all() == []


@ON_BOTH
async def test_one_killed_before_it_was_marked_is_handed_in_once(core: Core, clock: MovableClock) -> None:
    row = begun(core, {"text": "Shouting next door"})
    with core.database.transaction() as session:
        taken = drafts.settle(session, core.seal, row.id, by="casey", now=core.clock())
    await HandingIn(database=core.database, intake=core.intake, seal=core.seal, clock=core.clock).keep(taken)
    with core.database.transaction() as session:  # as it stood when the process was killed
        kept = session.get_one(Draft, row.id)
        kept.state, kept.sealed = (
            DraftState.HANDING_IN,
            core.seal.close(fields.as_bytes(taken.kept), f"call notes:{row.id}"),
        )
        session.add(kept)
    clock.move(minutes=2)
    assert await calls_taken(core).left.look() == 1
    assert [each.reference for each in messages(core)] == [row.reference]
    assert state_of(core, row) == DraftState.HANDED_IN


@ON_ONE
async def test_one_killed_after_it_was_settled_is_handed_in_a_minute_later(core: Core, clock: MovableClock) -> None:
    row, left = begun(core, {"text": "Shouting next door"}), calls_taken(core).left
    with core.database.transaction() as session:
        drafts.settle(session, core.seal, row.id, by="casey", now=core.clock())
    assert await left.look() == 0 and messages(core) == []
    clock.move(minutes=1)
    assert await left.look() == 1
    await read_all(core)
    [message] = messages(core)
    assert message.text == "Shouting next door" and message.reference == row.reference


@ON_ONE
async def test_two_hosts_that_look_at_once_hand_one_call_in_once(core: Core, clock: MovableClock) -> None:
    begun(core, {"text": "Shouting next door"})
    clock.move(minutes=11)
    both = [calls_taken(core).left for _ in range(2)]
    for left in both:
        await left.look()
    assert len(messages(core)) == 1


@ON_ONE
async def test_a_call_of_which_nothing_was_written_vanishes_and_frees_its_reference(
    core: Core, clock: MovableClock
) -> None:
    begun(core, {})
    emptied = begun(core, {"text": "Shouting"})
    with core.database.transaction() as session:
        drafts.save(
            session, core.seal, emptied.id, fields.NOTHING, place=Place(version=1), by="casey", now=core.clock()
        )
    clock.move(minutes=11)
    assert await calls_taken(core).left.look() == 1
    with core.database.reading() as session:
        assert not open_drafts(session, unwritten_since=core.clock() - drafts.LEFT_AFTER)
        assert len(open_drafts(session)) == 1
    clock.move(hours=12)
    assert await calls_taken(core).left.look() == 0
    with core.database.reading() as session:
        assert session.exec(select(Draft.id)).all() == [emptied.id] and session.exec(select(Reserved)).all() == []
    assert [each.reference for each in messages(core)] == [emptied.reference]  # it may have been told


class FullDoor:
    """An intake that keeps nothing, as where disk and database are full."""

    async def accept(self, raw: RawMessage, *, told: str | None = None) -> Receipt:
        raise NotKept(f"{raw.channel} {told} is not kept")


@ON_ONE
async def test_notes_that_cannot_be_handed_in_stay_and_go_in_later(core: Core, clock: MovableClock) -> None:
    row = begun(core, {"text": "Shouting next door"})
    full = HandingIn(database=core.database, intake=FullDoor(), seal=core.seal, clock=core.clock)
    with pytest.raises(NotKept):
        await full.hand_in(row.id, by="casey")
    assert state_of(core, row) == DraftState.HANDING_IN
    clock.move(minutes=1)
    assert await calls_taken(core).left.look() == 1
    assert [each.reference for each in messages(core)] == [row.reference]


@ON_ONE
async def test_a_call_whose_database_goes_away_while_it_is_handed_in_is_held_with_its_reference(core: Core) -> None:
    row = begun(core, {"text": "Shouting next door"})
    core.intake.holding.begin()
    receipt = await HandingIn(database=core.database, intake=core.intake, seal=core.seal, clock=core.clock).hand_in(
        row.id, by="casey"
    )
    assert receipt.reference == row.reference
    await core.intake.draining.begin()
    while core.intake.holding.is_in_force:
        await core.database.read(lambda session: session.exec(select(Draft)).all())
    assert [each.reference for each in messages(core)] == [row.reference]


@ON_ONE
async def test_calls_that_are_done_with_are_forgotten_after_a_day(core: Core, clock: MovableClock) -> None:
    done, parked = begun(core, {"text": "one"}), begun(core, {"text": "two"})
    taken = calls_taken(core)
    for row in (done, parked):
        await taken.handing_in.hand_in(row.id, by="casey")
    clock.move(minutes=2)
    with core.database.transaction() as session:
        drafts.wrap_up(session, done.id, by="casey", now=core.clock(), parked=False)
        drafts.wrap_up(session, parked.id, by="casey", now=core.clock(), parked=True)
    clock.move(days=2)
    await taken.left.look()
    with core.database.reading() as session:
        assert session.exec(select(Draft.id)).all() == [parked.id]

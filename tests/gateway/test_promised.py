"""What was told stays true: a reference told while the database was away finds its referral ever after."""

from typing import Any

from sqlmodel import select

from channels.contract import Purpose
from gateway.core import Core, build_core
from gateway.public.progress import progress_of
from gateway.staff import finding
from storage import keeping
from storage.message import Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from tests.builders import a_message, a_note, read_all


def another_process(core: Core) -> Core:
    """One that shares the database but remembers nothing of what this one kept."""
    return build_core(core.settings, clock=core.clock, seal=core.seal, database=core.database, blobs=core.blobs)


async def held_and_drained(core: Core, **given: Any) -> str:
    """Accepted as if the database could not be reached, then drained; returns the reference that was told."""
    core.intake.holding.begin()
    receipt = await core.intake.accept(a_message(**given))
    assert core.intake.draining._task is not None
    await core.intake.draining._task
    assert not core.intake.holding.is_in_force
    return receipt.reference


async def test_a_repeat_that_was_told_another_reference_is_found_by_both(core: Core) -> None:
    first = await core.intake.accept(a_message(source_key="SM1"))
    told = await held_and_drained(another_process(core), source_key="SM1")
    assert told != first.reference
    await read_all(core)
    with core.database.reading() as session:
        assert len(session.exec(select(Message)).all()) == 1
        found = finding.find(session, told)
        assert found is not None
        assert found.reference == first.reference
        assert progress_of(session, told) == progress_of(session, first.reference) == "received"


async def test_a_reference_told_again_is_never_drawn_for_somebody_else(core: Core) -> None:
    await core.intake.accept(a_message(source_key="SM1"))
    told = await held_and_drained(another_process(core), source_key="SM1")
    with core.database.reading() as session:
        assert told in keeping.look_up(session, keys=(), talks=(), drawn=(told,)).taken


async def test_a_call_told_a_second_reference_is_one_referral_found_by_both(core: Core) -> None:
    first = await core.intake.accept(a_message(conversation="call:1"))
    told = await held_and_drained(another_process(core), conversation="call:1", purpose=Purpose.REPORT)
    await read_all(core)
    with core.database.reading() as session:
        (referral,) = session.exec(select(Referral)).all()
        assert referral.reference == first.reference
        assert finding.find(session, told) == finding.find(session, first.reference) == referral
    await core.intake.accept(a_note(f"They rang again and gave {told}"))
    await read_all(core)
    with core.database.reading() as session:
        assert len(session.exec(select(Referral)).all()) == 1


async def test_a_reference_that_is_anothers_by_chance_makes_a_referral_of_its_own_and_a_task(core: Core) -> None:
    first = await core.intake.accept(a_note("One family"))
    await read_all(core)
    core.intake.holding.begin()
    core.intake.holding.reserve.add([first.reference])
    second = await core.intake.accept(a_note("Quite another family"))
    assert second.reference == first.reference
    assert core.intake.draining._task is not None
    await core.intake.draining._task
    await read_all(core)
    with core.database.reading() as session:
        rows = session.exec(select(Referral)).all()
        assert len({row.reference for row in rows}) == 2
        tasks = session.exec(select(Notice).where(Notice.kind == NoticeKind.STAFF_TASK)).all()
    assert [first.reference in (task.reason or "") for task in tasks] == [True]

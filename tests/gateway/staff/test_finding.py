"""The queue put together with what is still unread."""

from __future__ import annotations

import random

from gateway.core import Core
from gateway.staff import finding
from storage import referral
from tests.builders import a_message, a_note, read_all
from tests.fakes import MovableClock


async def test_pages_of_any_size_make_up_the_whole_queue_in_order(core: Core, clock: MovableClock) -> None:
    dice = random.Random(7)
    for number in range(12):
        await core.intake.accept(a_note(f"Note {number}"))
        clock.move(minutes=7)
    await read_all(core)
    for _ in range(9):
        await core.intake.accept(a_message())
        clock.move(minutes=7)
    with core.database.transaction() as session:
        for row in referral.in_working_order(session, limit=100):
            row.due_at += (clock() - row.received_at) * dice.choice((0, 1, 2))
            session.add(row)
    with core.database.reading() as session:
        whole = finding.in_working_order(session, limit=500)
        assert [finding.due_at(item) for item in whole] == sorted(finding.due_at(item) for item in whole)
        assert len({item.reference for item in whole}) == 21
        for size in (1, 2, 5, 20):
            pages = [finding.in_working_order(session, limit=size, offset=at) for at in range(0, 30, size)]
            assert [item.reference for page in pages for item in page] == [item.reference for item in whole], size


def test_a_reference_is_written_in_one_form() -> None:
    assert finding.as_written(" kmr 4729 hx ") == "KMR-4729-HX"
    assert finding.as_written("not one") == "NOT ONE"

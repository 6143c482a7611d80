"""Where a provider's own reports never reach us, asking settles what became of a notice all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from channels.contract import DeliveryReport, DeliveryState
from gateway.core import Core
from gateway.tracking import BEFORE_LIMIT, first_look, next_look
from storage.notice import Notice
from storage.work import Work
from tests.fakes import MONDAY_MORNING, MovableClock
from tests.gateway.a_provider import AProvider, ARelay, a_text, desk, notices, report, states, sweep

MINUTES = [5, 30, 120, 238]


async def ask_every_minute(core: Core, clock: MovableClock, phones: AProvider, minutes: int) -> list[int]:
    """At which minutes the provider was asked."""
    worked, asked = desk(core, phones), []
    for minute in range(1, minutes + 1):
        clock.move(minutes=1)
        before = phones.asked
        await worked.drain()
        asked += [minute] * (phones.asked - before)
    return asked


async def test_a_text_is_asked_after_at_growing_intervals_and_just_before_its_limit(
    core: Core, clock: MovableClock
) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    assert await ask_every_minute(core, clock, phones, 239) == MINUTES
    assert states(core, reference) == [("receipt", "sms", "sent")]


async def test_with_every_callback_blocked_it_still_becomes_delivered(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    phones.becomes(DeliveryState.DELIVERED)
    assert await ask_every_minute(core, clock, phones, 10) == [5]
    assert states(core, reference) == [("receipt", "sms", "delivered")]
    clock.move(hours=4)
    assert await sweep(core, phones).look() == 0
    assert await ask_every_minute(core, clock, phones, 10) == []


async def test_with_every_callback_blocked_it_still_becomes_failed(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    phones.becomes(DeliveryState.FAILED, "switched off")
    await ask_every_minute(core, clock, phones, 5)
    assert states(core, reference) == [("receipt", "sms", "failed"), ("staff_task", "staff", "owed")]


async def test_a_provider_that_does_not_answer_is_asked_again_at_the_next_time(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider(is_silent=True)
    await desk(core, phones).drain()
    assert await ask_every_minute(core, clock, phones, 29) == [5]
    phones.is_silent = False
    phones.becomes(DeliveryState.DELIVERED)
    assert await ask_every_minute(core, clock, phones, 1) == [1]
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_a_report_that_settled_it_first_ends_the_asking(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    report(core, phones.becomes(DeliveryState.DELIVERED))
    assert await ask_every_minute(core, clock, phones, 10) == []
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_a_report_before_our_own_answer_is_followed_too(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    (owed,) = notices(core, reference)
    early = DeliveryReport(provider_id="sms-1", notice_id=owed.id, state=DeliveryState.SENT)
    report(core, early)
    await desk(core, phones).drain()
    assert (phones.sent, states(core, reference)) == ([], [("receipt", "sms", "sent")])
    phones.becomes(DeliveryState.DELIVERED)
    await ask_every_minute(core, clock, phones, 5)
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_what_nobody_reports_on_is_not_followed_and_has_no_limit(core: Core) -> None:
    reference = await a_text(core)
    with core.database.transaction() as session:
        row = session.exec(select(Notice)).one()
        row.channel = "email"
        session.add(row)
    await desk(core, ARelay()).drain()
    assert states(core, reference) == [("receipt", "email", "sent")]
    with core.database.reading() as session:
        assert session.exec(select(Notice.limit_at)).one() is None
        assert session.exec(select(Work).where(col(Work.kind) == "follow")).all() == []


def test_with_the_short_limit_of_a_red_one_it_is_asked_in_time() -> None:
    sent = Notice(
        referral_id=1, kind="receipt", channel="sms", due_at=MONDAY_MORNING, created_at=MONDAY_MORNING,
        sent_at=MONDAY_MORNING, limit_at=MONDAY_MORNING + timedelta(minutes=30),
    )  # fmt: skip
    first = next_look(sent, MONDAY_MORNING)
    assert first == MONDAY_MORNING + timedelta(minutes=5)
    last = next_look(sent, first)
    assert last == MONDAY_MORNING + timedelta(minutes=30) - BEFORE_LIMIT
    assert next_look(sent, last) is None


@pytest.mark.parametrize(("known_after", "asked_after"), [(0, 5), (4, 5), (7, 7), (45, 45)])
def test_what_was_long_not_known_to_be_taken_is_asked_after_at_once(known_after: int, asked_after: int) -> None:
    sent = Notice(
        referral_id=1, kind="receipt", channel="sms", due_at=MONDAY_MORNING, created_at=MONDAY_MORNING,
        sent_at=MONDAY_MORNING, limit_at=MONDAY_MORNING + timedelta(hours=4),
    )  # fmt: skip
    first = first_look(sent, MONDAY_MORNING + timedelta(minutes=known_after))
    assert first == MONDAY_MORNING + timedelta(minutes=asked_after)


def test_a_letter_is_asked_after_for_days() -> None:
    posted = Notice(
        referral_id=1, kind="closed", channel="letter", due_at=MONDAY_MORNING, created_at=MONDAY_MORNING,
        sent_at=MONDAY_MORNING,
    )  # fmt: skip
    looks, at = [], MONDAY_MORNING
    while (found := next_look(posted, at)) is not None:
        looks.append((found - MONDAY_MORNING) / timedelta(hours=1))
        at = found
    assert looks == [0.5, 6, 24, 48, 96, 192]


async def test_a_provider_that_hangs_is_not_asked_once_for_every_notice(core: Core, clock: MovableClock) -> None:
    for number in range(1, 11):
        await a_text(core, number)
    phones = AProvider()
    worked = desk(core, phones)
    await worked.drain()
    phones.is_silent = True
    clock.move(minutes=5)
    await worked.drain()
    assert 1 <= phones.asked <= 4
    phones.is_silent = False
    clock.move(minutes=25)
    before = phones.asked
    await worked.drain()
    clock.move(minutes=90)
    await worked.drain()
    assert phones.asked - before > 10

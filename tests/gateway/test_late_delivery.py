"""A notice that is not known to have arrived in time is told another way, and at last by a person: once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels.contract import DeliveryReport, DeliveryState, SendError, SendFailed
from gateway import time_limit
from gateway.core import Core
from storage import identity, notice, referral
from storage.identity import ContactWay
from storage.notice import Notice
from storage.referral import Severity
from tests.fakes import MovableClock
from tests.gateway.a_provider import AProvider, ARelay, a_text, desk, notices, report, states, sweep

SENT = ("receipt", "sms", "sent")
FAILED = ("receipt", "sms", "failed")
TASK = ("staff_task", "staff", "owed")
AWAY = SendFailed(error=SendError.AWAY, reason="away")


def becomes_red(core: Core, reference: str) -> None:
    with core.database.transaction() as session:
        row = referral.by_reference(session, reference, lock=True)
        assert row is not None
        row.severity = Severity.RED
        session.add(row)
        time_limit.shorten(session, row.id or 0)


def may_be_mailed(core: Core, reference: str, address: str = "jo@example.org") -> str:
    """The sender also said that mail to this address is safe."""
    with core.database.transaction() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        who = identity.remember(
            session, core.seal, found_by=f"email:{address}", address_class="email", value=address, name="",
            at=core.clock(),
        )  # fmt: skip
        who.ok_for = '{"email": true}'
        way = ContactWay(
            referral_id=row.id or 0, of_identity_id=row.identity_id, identity_id=who.id, said_by="sender",
            created_at=core.clock(),
        )  # fmt: skip
        session.add_all([who, way])
        return who.id


async def test_a_text_not_known_to_be_delivered_after_four_hours_becomes_one_task(
    core: Core, clock: MovableClock
) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    clock.move(hours=3, minutes=59)
    assert await sweep(core, phones).look() == 0
    assert states(core, reference) == [SENT]
    clock.move(minutes=1)
    assert await sweep(core, phones).look() == 1
    assert states(core, reference) == [FAILED, TASK]
    failed, task = notices(core, reference)
    assert failed.reason == "not known to be delivered within 4 hours"
    assert task.substitute_for == failed.id
    assert "receipt by text" in task.text
    assert reference in task.text
    assert await sweep(core, phones).look() == 0


async def test_a_red_referral_waits_for_thirty_minutes_only(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    clock.move(minutes=10)
    becomes_red(core, reference)
    clock.move(minutes=19)
    assert await sweep(core, phones).look() == 0
    clock.move(minutes=1)
    assert await sweep(core, phones).look() == 1
    failed, task = notices(core, reference)
    assert failed.reason == "not known to be delivered within 30 minutes"
    assert task.due_at - clock() <= timedelta(minutes=30)


async def test_the_provider_is_asked_once_more_and_believed(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    phones.becomes(DeliveryState.DELIVERED)
    clock.move(hours=4)
    assert await sweep(core, phones).look() == 0
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_a_provider_that_cannot_be_asked_does_not_stop_the_limit(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    phones.is_silent = True
    clock.move(hours=4)
    assert await sweep(core, phones).look() == 1
    assert states(core, reference) == [FAILED, TASK]


async def test_what_could_not_be_sent_for_four_hours_is_a_persons_to_say(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider(refusals=[AWAY] * 500)
    for _ in range(47):
        await desk(core, phones).drain()
        clock.move(minutes=5)
        assert await sweep(core, phones).look() == 0
    assert states(core, reference) == [("receipt", "sms", "owed")]
    clock.move(minutes=5)
    assert await sweep(core, phones).look() == 1
    phones.refusals.clear()
    await desk(core, phones).drain()
    assert (states(core, reference), phones.sent) == ([FAILED, TASK], [])
    assert notices(core, reference)[0].reason == "not sent within 4 hours: away"


async def test_a_relay_that_took_the_mail_has_settled_it(core: Core, clock: MovableClock) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    may_be_mailed(core, reference)
    await desk(core, phones, relay).drain()
    clock.move(hours=4)
    assert await sweep(core, phones, relay).look() == 1
    await desk(core, phones, relay).drain()
    clock.move(days=3)
    assert await sweep(core, phones, relay).look() == 0
    assert states(core, reference) == [FAILED, ("receipt", "email", "sent")]


async def test_the_next_safe_way_is_tried_and_no_address_twice(core: Core, clock: MovableClock) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    mailed = may_be_mailed(core, reference)
    phones.refusals = [SendFailed(error=SendError.BAD_ADDRESS, reason="no such number")]
    relay.refusals = [SendFailed(error=SendError.BLOCKED, reason="refused")]
    await desk(core, phones, relay).drain()
    by_text, by_mail, task = notices(core, reference)
    assert states(core, reference) == [FAILED, ("receipt", "email", "failed"), TASK]
    assert (by_mail.substitute_for, by_mail.identity_id, task.substitute_for) == (by_text.id, mailed, by_mail.id)
    assert (phones.sent, relay.sent) == ([], [])


async def test_the_same_words_are_said_another_way(core: Core) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    may_be_mailed(core, reference)
    phones.refusals = [SendFailed(error=SendError.BLOCKED, reason="refused")]
    await desk(core, phones, relay).drain()
    (mail,) = relay.sent
    assert (mail.address.value, mail.kind) == ("jo@example.org", "receipt")
    assert reference in mail.text
    assert "1 text" in mail.text


@pytest.mark.parametrize("is_sent", [False, True])
async def test_news_that_it_arrived_after_all_withdraws_what_was_not_sent_yet(
    core: Core, clock: MovableClock, is_sent: bool
) -> None:
    reference, phones, relay = await a_text(core), AProvider(), ARelay()
    may_be_mailed(core, reference)
    await desk(core, phones).drain()
    clock.move(hours=4)
    await sweep(core, phones, relay).look()
    if is_sent:
        await desk(core, phones, relay).drain()
    report(core, phones.becomes(DeliveryState.DELIVERED))
    await desk(core, phones, relay).drain()
    by_text, by_mail = notices(core, reference)
    assert (by_text.state, by_text.reason) == ("delivered", "told after all")
    assert by_mail.state == ("sent" if is_sent else "cancelled")
    assert len(relay.sent) == int(is_sent)


async def test_news_that_it_arrived_after_all_settles_the_task(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    await desk(core, phones).drain()
    clock.move(hours=4)
    await sweep(core, phones).look()
    report(core, phones.becomes(DeliveryState.DELIVERED))
    assert states(core, reference) == [("receipt", "sms", "delivered"), ("staff_task", "staff", "cancelled")]


async def test_two_hosts_that_look_at_once_give_it_up_once(core: Core, clock: MovableClock) -> None:
    references = [await a_text(core, number) for number in range(1, 4)]
    phones = AProvider()
    await desk(core, phones).drain()
    clock.move(hours=4)
    found = await asyncio.gather(*(sweep(core, phones).look() for _ in range(3)))
    assert sum(found) == 3
    assert [states(core, reference) for reference in references] == [[FAILED, TASK]] * 3


async def test_what_is_being_sent_at_this_moment_is_left_to_its_end(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider()
    clock.move(hours=4)
    with core.database.transaction() as session:
        (row,) = (notice.by_id(session, one.id) for one in notices(core, reference))
        assert row is not None
        row.sending_at = clock()
        session.add(row)
    assert await sweep(core, phones).look() == 0
    clock.move(minutes=2)
    assert await sweep(core, phones).look() == 1


async def test_a_clock_that_was_ahead_by_a_day_makes_nobody_wait_a_day(core: Core, clock: MovableClock) -> None:
    clock.move(days=1)
    reference, phones = await a_text(core), AProvider(answers_are_lost=1)
    await desk(core, phones).drain()
    clock.move(days=-1)
    phones.taken.clear()
    assert await sweep(core, phones).look() == 0
    clock.move(hours=4)
    assert await sweep(core, phones).look() == 1
    assert set(states(core, reference)) == {FAILED, TASK}


async def test_one_whose_answer_was_lost_is_looked_up_before_it_is_given_up(core: Core, clock: MovableClock) -> None:
    reference, phones = await a_text(core), AProvider(answers_are_lost=1)
    await desk(core, phones).drain()
    phones.becomes(DeliveryState.DELIVERED)
    clock.move(hours=4)
    assert await sweep(core, phones).look() == 0
    assert states(core, reference) == [("receipt", "sms", "delivered")]
    assert len(phones.sent) == 1


async def test_hundreds_past_their_limit_are_all_found_in_one_look(core: Core, clock: MovableClock) -> None:
    await a_text(core)
    with core.database.transaction() as session:
        for _ in range(120):
            late = Notice(
                referral_id=1, kind="late", channel="sms", due_at=clock(), created_at=clock(), limit_at=clock()
            )
            session.add(late)
    clock.move(hours=4)
    assert await sweep(core).look() == 121


async def test_a_provider_that_hangs_does_not_hold_up_the_sweep_for_every_notice(
    core: Core, clock: MovableClock
) -> None:
    references = [await a_text(core, number) for number in range(1, 11)]
    phones = AProvider()
    await desk(core, phones).drain()
    phones.is_silent = True
    clock.move(hours=4)
    assert await sweep(core, phones).look() == 10
    assert phones.asked == 4
    assert all(states(core, reference) == [FAILED, TASK] for reference in references)


async def test_one_notice_that_cannot_be_settled_keeps_none_of_the_others(core: Core, clock: MovableClock) -> None:
    broken, sound = await a_text(core, 1), await a_text(core, 2)
    phones = AProvider()
    await desk(core, phones).drain()
    (untold,) = notices(core, broken)

    class Broken(AProvider):
        async def track(self, provider_id: str) -> DeliveryReport | None:
            if provider_id == untold.provider_id:
                raise ValueError("an answer nobody can read")
            return await super().track(provider_id)

    clock.move(hours=4)
    assert await sweep(core, Broken()).look() == 1
    assert (states(core, broken), states(core, sound)) == ([SENT], [FAILED, TASK])

"""The notifying desk against a provider and a relay that refuse, hang, lose answers, lie silent or go away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from channels.contract import Outgoing, SendError, SendFailed
from channels.sms import Sms
from channels.twilio_account import TwilioClient
from gateway import sending_state
from gateway.core import Core
from gateway.demo.twilio_sim import TwilioSim
from gateway.desk import Desk
from gateway.health import health_router
from gateway.tracking import LOOKS
from storage import work
from storage.notice import Notice
from tests.builders import a_message, read_all
from tests.channels.email.northshire import a_mail, email_channel
from tests.channels.email.relay_sink import Sink, relay_sink
from tests.channels.twilio_account.signed import account
from tests.fakes import MovableClock
from tests.gateway.a_provider import AProvider, ARelay, a_text, desk, notices, states


@pytest.fixture
def clock() -> MovableClock:
    """Begins now: the pretend provider dates its texts by the real time."""
    return MovableClock(datetime.now(UTC))


@pytest.fixture
async def sim() -> AsyncIterator[TwilioSim]:
    """The provider; none of its callbacks reach us."""
    async with TwilioSim("http://127.0.0.1:9") as provider:
        yield provider


def client_of(sim: TwilioSim, **changes: object) -> TwilioClient:
    parts = {"auth_tokens": (sim.token,), "number": sim.number, "api_url": sim.url} | changes
    return TwilioClient(account(**parts), timeout=0.3)


@pytest.fixture
async def phones(sim: TwilioSim) -> AsyncIterator[Sms]:
    """Our text channel at this provider."""
    client = client_of(sim)
    yield Sms(client=client)
    await client.aclose()


def desk_of(core: Core, *channels: object) -> Desk:
    return desk(core, *channels)  # type: ignore[arg-type]


async def work_for(core: Core, clock: MovableClock, worked: Desk, *, minutes: float, every: float = 30) -> None:
    """Minutes go by at the desk."""
    for _ in range(int(minutes * 60 / every)):
        clock.move(seconds=every)
        await worked.drain()


async def mails(core: Core, how_many: int = 1) -> list[str]:
    """People write to us; the references of what they are owed receipts for."""
    references = []
    for number in range(how_many):
        fields = {"From": f"a{number}@example.org", "Message-ID": f"<{number}@example.org>"}
        words = "The baby cries " + chr(ord("a") + number) * 5  # alike, they would be taken for a machine's
        raw = a_message(
            a_mail(words, **fields), channel="email", media_type="message/rfc822",
            envelope={"mail_from": fields["From"], "rcpt_to": "referrals@northshire.example"},
        )  # fmt: skip
        references.append((await core.intake.accept(raw)).reference)
    await read_all(core)
    return references


async def test_a_provider_that_asks_to_wait_is_left_alone_for_so_long(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms
) -> None:
    reference, worked = await a_text(core), desk_of(core, phones)
    sim.faults.rest.append("429")
    sim.faults.retry_after = 60
    await worked.drain()
    other = await a_text(core, 2)
    clock.move(seconds=59)
    await worked.drain()
    assert not sim.messages
    await work_for(core, clock, worked, minutes=2, every=10)
    assert [states(core, one) for one in (reference, other)] == [[("receipt", "sms", "sent")]] * 2
    assert len(sim.messages) == 2


@pytest.mark.parametrize("status", ["500", "503"])
async def test_a_provider_that_is_out_of_order_for_hours_makes_no_tasks(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms, status: str
) -> None:
    references, worked = [await a_text(core, number) for number in range(1, 6)], desk_of(core, phones)
    sim.faults.rest.extend([status] * 10_000)
    await worked.drain()
    await work_for(core, clock, worked, minutes=210, every=420)
    asked = 10_000 - len(sim.faults.rest)
    assert 20 < asked < 50
    sim.faults.rest.clear()
    await work_for(core, clock, worked, minutes=4)
    assert [states(core, one) for one in references] == [[("receipt", "sms", "sent")]] * 5
    assert len(sim.messages) == 5


@pytest.mark.parametrize("fault", ["drop", "timeout"])
async def test_a_lost_answer_is_looked_up_and_nobody_is_texted_twice(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms, fault: str
) -> None:
    reference, worked = await a_text(core), desk_of(core, phones)
    sim.faults.rest.append(fault)
    sim.faults.rest_hang = 0.6
    await worked.drain()
    assert notices(core, reference)[0].reason == "the provider's answer was lost; it may have been delivered"
    sim.faults.list_errors = 2
    await work_for(core, clock, worked, minutes=3)
    (told,) = notices(core, reference)
    assert told.state == "sent"
    assert told.provider_id in sim.messages
    assert told.reason == "the provider's answer was lost; it was looked up and is there"
    assert len(sim.messages) == 1


async def test_the_same_words_a_second_time_are_not_taken_for_the_first(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms
) -> None:
    reference, worked = await a_text(core), desk_of(core, phones)
    await worked.drain()
    (first,) = notices(core, reference)
    with core.database.transaction() as session:
        same = first.model_dump(include={"referral_id", "kind", "channel", "identity_id", "text", "due_at"})
        second = Notice(**same, created_at=clock(), sending_at=clock() - timedelta(minutes=5))
        session.add(second)
        session.flush()
        work.enqueue(session, "notifying", "send", second.id, at=clock())
    await worked.drain()
    assert len(sim.messages) == 2
    assert len({one.provider_id for one in notices(core, reference)}) == 2


async def test_a_process_that_died_after_the_providers_yes_leaves_one_text(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms
) -> None:
    class Dies:
        name = "sms"

        async def send(self, notice: Outgoing) -> str:
            await phones.send(notice)
            raise asyncio.CancelledError

    reference = await a_text(core)
    with pytest.raises(asyncio.CancelledError):
        await desk_of(core, Dies()).drain()
    assert notices(core, reference)[0].sending_at is not None
    clock.move(seconds=61)
    await desk_of(core, phones).drain()
    assert states(core, reference) == [("receipt", "sms", "sent")]
    assert len(sim.messages) == 1


async def test_a_text_is_not_delivered_after_another_way_has_been_taken(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms
) -> None:
    await a_text(core)
    clock.move(minutes=30)
    await desk_of(core, phones).drain()
    assert [text.validity for text in sim.messages.values()] == [3.5 * 60 * 60]


async def test_with_all_callbacks_blocked_the_provider_is_asked(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms
) -> None:
    reference, worked = await a_text(core), desk_of(core, phones)
    await worked.drain()
    await sim.settle()
    sim.faults.read_errors = 1
    clock.move(seconds=LOOKS[0].total_seconds())
    await worked.drain()
    assert states(core, reference) == [("receipt", "sms", "sent")]
    clock.move(seconds=(LOOKS[1] - LOOKS[0]).total_seconds())
    await worked.drain()
    assert states(core, reference) == [("receipt", "sms", "delivered")]


async def test_wrong_credentials_are_named_until_they_are_right(
    core: Core, clock: MovableClock, sim: TwilioSim, phones: Sms, caplog: pytest.LogCaptureFixture
) -> None:
    reference, wrong = await a_text(core), client_of(sim, auth_tokens=("wrong",))
    await desk_of(core, Sms(client=wrong)).drain()
    with core.database.reading() as session:
        assert sending_state.not_set_up(session) == [
            "sending by sms: the provider does not accept our credentials (provider code 20003)"
        ]
    assert [r.levelno for r in caplog.records if "an operator must act" in r.getMessage()] == [logging.ERROR]
    clock.move(minutes=20)
    await desk_of(core, phones).drain()
    with core.database.reading() as session:
        assert sending_state.not_set_up(session) == []
    assert states(core, reference) == [("receipt", "sms", "sent")]
    await wrong.aclose()


async def test_a_slow_sender_whose_row_was_taken_over_settles_nothing(core: Core, clock: MovableClock) -> None:
    """Two hosts: the second finds what the first has sent, and the first's late word changes nothing."""
    reference, goes_on = await a_text(core), asyncio.Event()

    class Slow(AProvider):
        async def send(self, notice: Outgoing) -> str:
            provider_id = await super().send(notice)
            await goes_on.wait()
            return f"late-{provider_id}"

    slow = Slow()
    first = asyncio.create_task(desk(core, slow).drain())
    while not slow.sent:
        await asyncio.sleep(0.01)
    clock.move(seconds=61)
    second = AProvider(taken=slow.taken)
    await desk(core, second).drain()
    goes_on.set()
    await first
    (told,) = notices(core, reference)
    assert (told.state, told.provider_id, second.sent, len(slow.sent)) == ("sent", "sms-1", [], 1)


def relay_url(sink: Sink) -> str:
    return f"smtp://127.0.0.1:{sink.port}"


async def test_a_mail_whose_answer_was_lost_is_repeated_under_its_id_and_that_is_told(
    core: Core, clock: MovableClock
) -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        (reference,), worked = await mails(core), desk_of(core, channel)
        sink.dies_at = "DATA"
        await worked.drain()
        sink.dies_at = ""
        await work_for(core, clock, worked, minutes=2)
        await channel.close()
    (told,) = notices(core, reference)
    assert (told.state, told.attempts) == ("sent", 2)
    assert told.reason == "the provider's answer was lost; it was sent again and may have arrived twice"
    assert len({taken.content for taken in sink.taken}) == 1


async def test_a_full_or_greylisting_mailbox_is_tried_again_and_holds_up_nobody(
    core: Core, clock: MovableClock
) -> None:
    async with relay_sink() as sink:
        channel = email_channel(relay=relay_url(sink))
        references, worked = await mails(core, 3), desk_of(core, channel)
        sink.answers = {"RCPT": "450 4.2.0 greylisted"}
        await worked.drain()
        sink.answers = {}
        await work_for(core, clock, worked, minutes=3)
        await channel.close()
    assert [states(core, one) for one in references] == [[("receipt", "email", "sent")]] * 3
    assert len(sink.taken) == 3


async def test_a_relay_that_was_away_for_hours_gets_everything_minutes_after_its_return(
    core: Core, clock: MovableClock
) -> None:
    async with relay_sink() as sink:
        gone = relay_url(sink)
    references, channel = await mails(core, 4), email_channel(relay=gone)
    worked = desk_of(core, channel)
    await worked.drain()
    await work_for(core, clock, worked, minutes=200, every=600)
    assert {state for one in references for _, _, state in states(core, one)} == {"owed"}
    async with relay_sink() as sink:
        back = email_channel(relay=relay_url(sink))
        worked = desk_of(core, back)
        await work_for(core, clock, worked, minutes=3)
        await back.close()
    assert [states(core, one) for one in references] == [[("receipt", "email", "sent")]] * 4
    assert len(sink.taken) == 4


async def test_a_channel_that_hangs_does_not_keep_another_from_sending(core: Core, clock: MovableClock) -> None:
    class Hanging(ARelay):
        tries = 0

        async def send(self, notice: Outgoing) -> str:
            self.tries += 1
            await asyncio.sleep(0.2)
            raise SendFailed(error=SendError.AWAY, reason="it hangs")

    relay, phones = Hanging(), AProvider()
    await mails(core, 20)
    clock.move(seconds=1)
    await a_text(core)
    await desk(core, relay, phones).drain()
    assert (len(phones.sent), relay.tries) == (1, 8)


async def test_what_is_not_set_up_is_named_to_operators_while_the_doors_stay_ready(core: Core) -> None:
    await mails(core)
    channel = email_channel()
    await desk_of(core, channel).drain()
    app = FastAPI()
    app.include_router(health_router(core, 3))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.example") as web:
        answer = await web.get("/health/ready")
    assert answer.json()["parts"]["sending"] == "ready to receive, but sending by email: no relay is set"

"""The provider is asked once for each thing, and its answer is taken for what it is."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import DeliveryState, SendError, SendFailed, SendUnknown
from channels.twilio_account import TwilioClient
from gateway.demo.twilio_sim import HangUp, TwilioSim
from tests.channels.twilio_account.signed import account

PHONE = "+447700900123"
STATUS = "http://127.0.0.1:9/twilio/message-status"
HOUR = timedelta(hours=1)


async def send(client: TwilioClient, to: str = PHONE, text: str = "We have it. Ref KMR-4729-HX.") -> str:
    return await client.send_text(to=to, text=text, status_callback=STATUS)


async def test_a_text_is_sent_from_our_number_and_reported_to_us(client: TwilioClient, sim: TwilioSim) -> None:
    sid = await send(client)
    text = sim.messages[sid]
    assert (text.sender, text.recipient, text.body) == (sim.number, PHONE, "We have it. Ref KMR-4729-HX.")
    assert text.status_callback == STATUS


@pytest.mark.parametrize(
    ("good_for", "seconds"), [(timedelta(hours=4), 14_400), (timedelta(days=2), 36_000), (-HOUR, 60), (None, 0)]
)
async def test_the_provider_is_told_how_long_a_text_is_good_for(
    client: TwilioClient, sim: TwilioSim, good_for: timedelta | None, seconds: int
) -> None:
    sid = await client.send_text(to=PHONE, text="We have it.", status_callback=STATUS, good_for=good_for)
    assert sim.messages[sid].validity == seconds


@pytest.mark.parametrize(
    ("to", "permanent", "reason"),
    [("0770", True, "21211"), ("", True, "21604"), ("+447700900999", True, "opted out")],
)
async def test_a_refused_text_says_why_without_the_number(
    client: TwilioClient, sim: TwilioSim, to: str, permanent: bool, reason: str
) -> None:
    sim.opted_out.add("+447700900999")
    with pytest.raises(SendFailed, match=reason) as failed:
        await send(client, to)
    assert failed.value.permanent is permanent
    assert "0770" not in str(failed.value)
    assert failed.value.__suppress_context__


@pytest.mark.parametrize("status", ["429", "500", "503"])
async def test_a_busy_provider_is_a_temporary_failure_and_is_asked_once(
    client: TwilioClient, sim: TwilioSim, status: str
) -> None:
    sim.faults.rest.append(status)
    with pytest.raises(SendFailed) as failed:
        await send(client)
    assert (failed.value.permanent, sim.messages) == (False, {})
    await send(client)


@pytest.mark.parametrize("fault", ["drop", "timeout", "502", "504"])
async def test_a_lost_answer_is_unknown_not_failed(client: TwilioClient, sim: TwilioSim, fault: str) -> None:
    sim.faults.rest.append(fault)
    sim.faults.rest_hang = 1.0
    with pytest.raises(SendUnknown):
        await send(client)
    assert len(sim.messages) == (0 if fault.isdigit() else 1)  # never posted twice


async def test_a_provider_that_was_not_reached_is_a_temporary_failure() -> None:
    client = TwilioClient(account(api_url="http://127.0.0.1:9"))
    with pytest.raises(SendFailed, match="not reached") as failed:
        await send(client)
    assert failed.value.permanent is False
    await client.aclose()


async def test_wrong_credentials_do_not_condemn_the_address(sim: TwilioSim) -> None:
    client = TwilioClient(account(api_url=sim.url, auth_tokens=("wrong",)))
    with pytest.raises(SendFailed, match="credentials") as failed:
        await send(client)
    assert failed.value.permanent is False
    await client.aclose()


async def test_a_lost_answer_is_settled_by_looking_the_text_up(client: TwilioClient, sim: TwilioSim) -> None:
    began = datetime.now(UTC)
    sim.faults.rest.append("drop")
    with pytest.raises(SendUnknown):
        await send(client)
    await sim.settle()
    (sid,) = sim.messages
    sim.messages[sid].sent_at = None  # taken, but still waiting to be sent
    words = "We have it. Ref KMR-4729-HX."
    assert await client.find_text(to=PHONE, text=words, since=began) == sid
    assert await client.find_text(to=PHONE, text=words, since=began + 25 * HOUR) is None
    assert await client.find_text(to=PHONE, text=words, since=began + HOUR) == sid  # our clock may be wrong
    assert await client.find_text(to=PHONE, text="Other words.", since=began) is None
    assert await client.find_text(to="+447700900124", text=words, since=began) is None


async def test_a_provider_that_cannot_be_asked_settles_nothing(client: TwilioClient, sim: TwilioSim) -> None:
    sim.faults.list_errors = 1
    with pytest.raises(ConnectionError):
        await client.find_text(to=PHONE, text="x", since=datetime.now(UTC))


async def test_how_long_a_busy_provider_asks_to_wait_is_heard(client: TwilioClient, sim: TwilioSim) -> None:
    sim.faults.rest.append("429")
    sim.faults.retry_after = 9
    with pytest.raises(SendFailed) as failed:
        await send(client)
    assert (failed.value.error, failed.value.retry_after) == (SendError.THROTTLED, 9.0)


async def test_what_became_of_a_text_can_be_asked(client: TwilioClient, sim: TwilioSim) -> None:
    sid = await send(client)
    await sim.settle()
    told = {}
    for status, code in (("queued", None), ("sent", None), ("delivered", None), ("undelivered", 30003)):
        sim.messages[sid].status, sim.messages[sid].error_code = status, code
        report = await client.text_news(sid)
        assert report is not None
        told[status] = (report.state, report.error)
    assert told == {
        "queued": (DeliveryState.SENT, None), "sent": (DeliveryState.SENT, None),
        "delivered": (DeliveryState.DELIVERED, None), "undelivered": (DeliveryState.FAILED, SendError.UNREACHABLE),
    }  # fmt: skip
    assert await client.text_news("SM" + "0" * 32) is None


async def test_a_provider_that_does_not_answer_says_nothing_of_a_text() -> None:
    client = TwilioClient(account(api_url="http://127.0.0.1:9"))
    with pytest.raises(ConnectionError):
        await client.text_news("SM" + "0" * 32)
    await client.aclose()


async def test_lists_are_read_to_their_last_page(client: TwilioClient, sim: TwilioSim) -> None:
    for _ in range(5):
        await sim.call("/twilio/voice", [HangUp(at=1)])
    since = datetime.now(UTC) - HOUR
    calls = [one async for one in await client.rest.calls.stream_async(start_time_after=since, page_size=2)]
    assert {one.sid for one in calls} == set(sim.calls)
    assert len(calls) == 5


async def test_no_log_line_names_a_number(
    client: TwilioClient, sim: TwilioSim, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await send(client)
        await client.find_text(to=PHONE, text="x", since=datetime.now(UTC))
    ours = [record.getMessage() for record in caplog.records if record.name != "uvicorn.access"]  # the provider's own
    assert not [line for line in ours if "7700900123" in line or "KMR" in line]


async def test_the_process_environment_does_not_choose_the_host(
    sim: TwilioSim, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TWILIO_REGION": "ie1", "TWILIO_EDGE": "dublin", "HTTP_PROXY": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    client = TwilioClient(account(api_url=sim.url, auth_tokens=(sim.token,)))
    assert await send(client) in sim.messages
    assert (client.rest.region, client.rest.edge) in ((None, None), (None, ""))
    await client.aclose()

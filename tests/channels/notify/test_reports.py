"""What the service calls back is kept before it is answered; forged calls leave nothing; lost ones are asked for."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from channels.contract import DeliveryState, Purpose, RawMessage, Recaller, Receiver, SendError, Unreadable
from channels.notify import NotifyAccount, NotifyReports, NotifyTexts
from tests.channels.keeping import Keeping
from tests.channels.notify.conftest import a_notice
from tests.channels.notify.twin import TOKEN, NotifyTwin
from tests.channels.notify.twin_records import Notification

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def reports(account: NotifyAccount) -> NotifyReports:
    return NotifyReports(account, token=TOKEN)


@pytest.fixture
def keeping() -> Keeping:
    return Keeping()


@pytest.fixture
async def caller(reports: NotifyReports, keeping: Keeping) -> AsyncIterator[httpx.AsyncClient]:
    """The service, calling back."""
    app, door = FastAPI(), reports.door(keeping)
    assert isinstance(door, APIRouter)
    app.include_router(door)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.example") as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def a_text(status: str = "delivered") -> Notification:
    return Notification(medium="sms", to="+447700900123", reference="notice-1", status=status)


async def test_a_receipt_is_kept_as_it_came_and_read_later(
    caller: httpx.AsyncClient, keeping: Keeping, reports: NotifyReports
) -> None:
    text = a_text()
    answer = await caller.post("/notify/callback", json=text.receipt())
    assert answer.status_code == 204
    (raw,) = keeping.kept
    assert (raw.purpose, raw.channel, json.loads(raw.body)) == (Purpose.REPORT, "notify", text.receipt())
    report = reports.parse(raw)
    assert (report.provider_id, report.notice_id, report.state) == (text.id, "notice-1", DeliveryState.DELIVERED)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("permanent-failure", SendError.BAD_ADDRESS),
        ("temporary-failure", SendError.UNREACHABLE),
        ("technical-failure", SendError.UNNAMED),
    ],
)
async def test_each_failure_says_why(
    caller: httpx.AsyncClient, keeping: Keeping, reports: NotifyReports, status: str, error: SendError
) -> None:
    text = a_text(status)
    await caller.post("/notify/callback", json=text.receipt())
    report = reports.parse(keeping.kept[0])
    assert (report.state, report.error) == (DeliveryState.FAILED, error)
    assert report.permanent == (status == "permanent-failure")
    assert report.reason and text.to not in report.reason


async def test_a_letter_that_came_back_has_failed(
    caller: httpx.AsyncClient, keeping: Keeping, reports: NotifyReports
) -> None:
    letter = Notification(medium="letter", to="", reference="notice-2")
    assert (await caller.post("/notify/returned-letter", json=letter.returned())).status_code == 204
    report = reports.parse(keeping.kept[0])
    assert (report.provider_id, report.notice_id, report.state) == (letter.id, "notice-2", DeliveryState.FAILED)
    assert "came back" in report.reason


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong-token-here", f"Basic {TOKEN}", "Bearer é"])
@pytest.mark.parametrize("path", ["/notify/callback", "/notify/returned-letter"])
async def test_a_forged_call_is_refused_and_leaves_nothing(
    caller: httpx.AsyncClient, keeping: Keeping, path: str, header: str
) -> None:
    answer = await caller.post(path, json=a_text().receipt(), headers=[(b"Authorization", header.encode())])
    assert (answer.status_code, keeping.asked) == (403, 0)


async def test_what_cannot_be_kept_now_is_called_back_again(caller: httpx.AsyncClient, keeping: Keeping) -> None:
    keeping.failing = True
    assert (await caller.post("/notify/callback", json=a_text().receipt())).status_code == 503
    keeping.failing = False
    assert (await caller.post("/notify/callback", json=a_text().receipt())).status_code == 204


async def test_a_repeat_is_the_same_event_and_another_state_is_not(caller: httpx.AsyncClient, keeping: Keeping) -> None:
    text = a_text()
    for status in ("delivered", "delivered", "permanent-failure"):
        text.status = status
        assert (await caller.post("/notify/callback", json=text.receipt())).status_code == 204
    assert len(keeping.kept) == 2


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'"delivered"', b'{"status": "delivered"}', b"\xff\xfe"])
async def test_what_is_no_receipt_is_kept_and_unreadable(
    caller: httpx.AsyncClient, keeping: Keeping, reports: NotifyReports, body: bytes
) -> None:
    for path in ("/notify/callback", "/notify/returned-letter"):
        assert (await caller.post(path, content=body)).status_code == 204
    for raw in keeping.kept:
        with pytest.raises(Unreadable):
            reports.parse(raw)
    assert len(keeping.kept) == 2


async def test_what_is_far_too_large_for_a_receipt_is_not_read(caller: httpx.AsyncClient, keeping: Keeping) -> None:
    answer = await caller.post("/notify/callback", content=b"x" * 100_000)
    assert (answer.status_code, keeping.asked) == (413, 0)


def test_without_a_token_the_door_is_shut(account: NotifyAccount, keeping: Keeping) -> None:
    assert NotifyReports(account, token=None).door(keeping) is None


async def test_failures_nobody_called_back_are_recalled_with_the_keys_the_calls_have(
    twin: NotifyTwin, account: NotifyAccount, reports: NotifyReports, caller: httpx.AsyncClient, keeping: Keeping
) -> None:
    twin.plays, twin.page_size, texts = False, 10, NotifyTexts(account)
    for number in range(30):
        await texts.send(a_notice(notice_id=f"notice-{number}"))
    for text in twin.sent[:26]:
        await twin.becomes(text.id, "permanent-failure")
    await twin.becomes(twin.sent[26].id, "delivered")
    recalled = [raw async for raw in reports.recall(LONG_AGO)]
    assert len(recalled) == 26
    assert {reports.parse(raw).provider_id for raw in recalled} == {text.id for text in twin.sent[:26]}
    assert not any(b"+447700900123" in raw.body for raw in recalled)
    await caller.post("/notify/callback", json=twin.sent[0].receipt())
    assert keeping.kept[0].source_key in {raw.source_key for raw in recalled}


async def test_a_return_has_one_key_however_it_is_heard_of(
    twin: NotifyTwin, reports: NotifyReports, caller: httpx.AsyncClient, keeping: Keeping
) -> None:
    letter = Notification(medium="letter", to="", reference="notice-2", status="returned-letter")
    await twin.take(letter)
    letter.status = "returned-letter"
    await caller.post("/notify/returned-letter", json=letter.returned())
    (recalled,) = [raw async for raw in reports.recall(LONG_AGO)]
    assert recalled.source_key == keeping.kept[0].source_key
    assert reports.parse(recalled).reason == reports.parse(keeping.kept[0]).reason


async def test_only_what_failed_since_then_is_recalled(
    twin: NotifyTwin, account: NotifyAccount, reports: NotifyReports
) -> None:
    twin.plays = False
    provider_id = await NotifyTexts(account).send(a_notice())
    await twin.becomes(provider_id, "permanent-failure")
    assert [raw async for raw in reports.recall(datetime.now(UTC) + timedelta(hours=1))] == []


async def test_a_failure_that_does_not_say_when_is_recalled_each_time(twin: NotifyTwin, reports: NotifyReports) -> None:
    letter = Notification(medium="letter", to="", reference="notice-2", body="validation-failed")
    await twin.take(letter)
    recalled = [raw async for raw in reports.recall(datetime.now(UTC) + timedelta(hours=1))]
    assert [reports.parse(raw).at for raw in recalled] == [None]


async def test_a_service_that_is_away_cannot_be_asked(twin: NotifyTwin, reports: NotifyReports) -> None:
    twin.faults.reads.append("503")
    with pytest.raises(ConnectionError):
        [raw async for raw in reports.recall(LONG_AGO)]


def test_it_is_a_receiver_that_shows_nobody_a_way_in(reports: NotifyReports) -> None:
    channel: object = reports
    assert isinstance(channel, Receiver)
    assert isinstance(channel, Recaller)
    assert reports.ways_in() == ()


def test_reading_the_same_bytes_twice_gives_the_same(reports: NotifyReports) -> None:
    body = json.dumps(a_text().receipt()).encode()
    raw = RawMessage(channel="notify", source_key="k", body=body, media_type="application/json")
    assert reports.parse(raw) == reports.parse(raw)

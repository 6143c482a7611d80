"""What every wired channel promises, whichever it is: its name, its kind of address, and no surprise in any bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from channels.contract import (
    Address,
    AddressClass,
    DeliveryReport,
    Inbound,
    Listener,
    RawMessage,
    Receiver,
    Sender,
    SendFailed,
    Unreadable,
    WayIn,
)
from gateway.core import Core
from gateway.wiring import Channels, wire_channels
from tests.channels.keeping import Keeping
from tests.channels.notify.conftest import a_notice

OPEN_TO_ALL = {"web_form"}  # everybody may post the form; every other door knows who may
MACHINES = {"voicemail_mailbox": "voicemail@northshire.example", "voicemail_from": "@pbx.example.org"}
TWILIO = {
    "twilio_account_sid": "AC" + "1" * 32, "twilio_auth_token": "a-token", "twilio_number": "+441632960000",
    "twilio_api_url": "http://127.0.0.1:9",
}  # fmt: skip
NOTIFY = {
    "notify_api_key": "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
    "notify_api_url": "http://127.0.0.1:9", "notify_callback_token": "a-callback-token",
}  # fmt: skip
MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
LANDLINE = Address(kind=AddressClass.LANDLINE, value="+441632960001")
MAIL = Address(kind=AddressClass.EMAIL, value="a@example.org")
NONE = Address(kind=AddressClass.NONE)
MEDIA = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "message/rfc822")
STEPS = (
    "", "sms", "message-status", "recording", "call-status", "callback", "returned-letter", "notify-text", "mailed",
)  # fmt: skip


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """No channel knows what kind of database there is, so these run once."""
    return f"sqlite:///{tmp_path}/frontdoor.db"


@pytest.fixture(params=["own", "by notify"])
def channels(request: pytest.FixtureRequest, core: Core) -> Channels:
    """Every channel with every account set; notices go our own way or by GOV.UK Notify. Nothing listens at its end."""
    carried = {"notify_for": "sms,email,letter" if request.param == "by notify" else ""}
    return wire_channels(replace(core, settings=core.settings.model_copy(update=TWILIO | NOTIFY | MACHINES | carried)))


def test_each_is_known_by_its_own_name(channels: Channels) -> None:
    assert {"sms", "email", "letter", "notify"} <= channels.receivers.keys()
    assert all(channel.name == name for name, channel in channels.receivers.items())
    assert all(channel.name == name for name, channel in channels.senders.items())
    assert all(isinstance(channel, Receiver) for channel in channels.receivers.values())
    assert all(isinstance(channel, Sender) for channel in channels.senders.values())


def test_each_says_what_the_contact_page_may_show(channels: Channels) -> None:
    for channel in channels.receivers.values():
        for way in channel.ways_in():
            assert isinstance(way, WayIn)
            assert way.title
            assert way.detail


def test_each_door_is_one_the_gateway_can_open(channels: Channels) -> None:
    for channel in channels.receivers.values():
        door = channel.door(Keeping())
        assert door is None or isinstance(door, APIRouter | Listener)


@with_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300) | st.text(max_size=80).map(str.encode), media=st.sampled_from(MEDIA),
    step=st.sampled_from(STEPS),
)  # fmt: skip
def test_any_bytes_are_read_or_said_to_be_unreadable_and_alike_each_time(
    channels: Channels, body: bytes, media: str, step: str
) -> None:
    for name, channel in channels.receivers.items():
        raw = RawMessage(channel=name, source_key="k", body=body, media_type=media, envelope={"step": step})
        first, second = outcome(channel, raw), outcome(channel, raw)
        assert first == second


def outcome(channel: Receiver, raw: RawMessage) -> Inbound | DeliveryReport | str:
    try:
        return channel.parse(raw)
    except Unreadable as unreadable:
        assert unreadable.reason
        return unreadable.reason


@pytest.mark.parametrize(
    ("name", "address"),
    [("sms", LANDLINE), ("sms", MAIL), ("sms", NONE), ("email", MOBILE), ("email", NONE), ("email", LANDLINE)],
)
async def test_an_address_of_another_kind_is_refused_for_good_and_not_repeated(
    channels: Channels, name: str, address: Address
) -> None:
    sender = channels.senders[name]
    assert isinstance(sender, Sender)
    with pytest.raises(SendFailed) as refused:
        await sender.send(a_notice(address))
    assert refused.value.permanent
    assert not address.value or address.value not in f"{refused.value} {refused.value.reason}"


async def test_a_stranger_who_posts_to_a_providers_door_is_refused_and_leaves_nothing(channels: Channels) -> None:
    keeping, app, paths = Keeping(), FastAPI(), list[str]()
    for name, channel in channels.receivers.items():
        door = channel.door(keeping)
        if isinstance(door, APIRouter) and name not in OPEN_TO_ALL:
            app.include_router(door)
            paths += [route.path for route in door.routes if isinstance(route, APIRoute)]
    assert {"/twilio/sms", "/twilio/voice", "/notify/callback"} <= set(paths)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.example") as stranger:
        for path in paths:
            answer = await stranger.post(path, data={"MessageSid": "SM1", "CallSid": "CA1", "id": "1"})
            assert (path, answer.status_code) == (path, 403)
    assert keeping.asked == 0

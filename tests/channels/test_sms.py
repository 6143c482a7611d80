"""Texts are kept as they were written, and notices go by text only where only the sender sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels.contract import (
    Address,
    AddressClass,
    DeliveryReport,
    DeliveryState,
    Gone,
    Inbound,
    Outgoing,
    Purpose,
    RawMessage,
    SendFailed,
    SendUnknown,
    Unreadable,
    WayIn,
)
from channels.sms import Sms, asks_to_start, asks_to_stop
from tests.channels.telephone import NOON, NUMBER, sample, telephone

MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
TEXT_SID, PICTURE_SID = "SM" + "3c7a" * 8, "MM" + "9e42" * 8
AWKWARD = "He hit her \U0001f622\r\n& said \u201cno\u201d +1 100% \u00e9  "


def notice(address: Address = MOBILE) -> Outgoing:
    text = "Thanks, we have your message. Ref KMR-4729-HX."
    return Outgoing(
        notice_id="n1", reference="KMR-4729-HX", kind="receipt", address=address, text=text, written_at=NOON
    )


def read(name: str, step: str = "sms") -> Inbound | DeliveryReport:
    return Sms(client=None).parse(sample("sms", name, step=step))


async def test_a_text_is_kept_as_written_and_answered_with_nothing() -> None:
    async with telephone() as line:
        reply = await line.sim.sms("/twilio/sms", AWKWARD)
        assert reply is not None
        assert reply.headers["content-type"].startswith("text/xml")
        assert reply.text.endswith("<Response/>")
        [kept] = line.ledger.kept
        assert (kept.channel, kept.purpose, kept.conversation) == ("sms", Purpose.MESSAGE, None)
        [text] = line.sim.incoming.values()
        assert kept.source_key == text.sid
        found = line.sms.parse(kept)
        assert isinstance(found, Inbound)
        assert (found.text, found.thread_text, found.sender) == (AWKWARD, AWKWARD, MOBILE)


async def test_a_text_that_cannot_be_kept_is_not_taken() -> None:
    async with telephone() as line:
        line.ledger.failures = 1
        reply = await line.sim.sms("/twilio/sms", "Please help")
        assert reply is not None
        assert reply.status_code == 503
        assert line.ledger.kept == []


async def test_a_forged_text_is_refused_and_keeps_nothing() -> None:
    async with telephone() as line:
        line.sim.faults.bad_signature = True
        await line.sim.sms("/twilio/sms", "Please help")
        await line.sim.deliver("/twilio/message-status", {"MessageSid": TEXT_SID, "MessageStatus": "delivered"})
        assert [hook.status for hook in line.sim.sent] == [403, 403]
        assert line.ledger.kept == []


async def test_a_lost_reply_does_not_make_two_texts() -> None:
    async with telephone() as line:
        line.sim.faults.lose_responses = 1
        await line.sim.sms("/twilio/sms", "Please help")
        assert len(line.sim.sent) == 2
        assert len(line.ledger.kept) == 1


async def test_pictures_are_fetched_from_the_provider() -> None:
    async with telephone() as line:
        await line.sim.sms("/twilio/sms", "Look", media=[("image/png", b"\x89PNG1"), ("audio/amr", b"#!AMR")])
        found = line.sms.parse(line.ledger.kept[0])
        assert isinstance(found, Inbound)
        fetched = [await line.sms.fetch(part.handle or "") for part in found.enclosures]
        assert [(one.content, one.media_type) for one in fetched] == [
            (b"\x89PNG1", "image/png"),
            (b"#!AMR", "audio/amr"),
        ]


@pytest.mark.parametrize("handle", ["", "MM1/ME1", f"{PICTURE_SID}/../../Recordings/RE1"])
async def test_only_pictures_of_texts_are_ever_asked_for(handle: str) -> None:
    async with telephone() as line:
        with pytest.raises(Gone):
            await line.sms.fetch(handle)


async def test_a_notice_goes_to_a_mobile_and_its_delivery_is_reported() -> None:
    async with telephone() as line:
        sid = await line.sms.send(notice())
        await line.sim.settle()
        sent = line.sim.messages[sid]
        assert (sent.recipient, sent.sender, sent.body) == (MOBILE.value, NUMBER, notice().text)
        assert line.ledger.keys() == [f"{sid}:sent", f"{sid}:delivered"]
        assert {raw.purpose for raw in line.ledger.kept} == {Purpose.REPORT}
        reports = [line.sms.parse(raw) for raw in line.ledger.kept]
        assert reports == [
            DeliveryReport(provider_id=sid, state=DeliveryState.SENT, notice_id="n1"),
            DeliveryReport(provider_id=sid, state=DeliveryState.DELIVERED, notice_id="n1"),
        ]
        assert await line.sms.track(sid) == DeliveryReport(provider_id=sid, state=DeliveryState.DELIVERED)


def test_a_report_names_a_notice_only_in_the_address_it_was_posted_to() -> None:
    plain = sample("sms", "status-delivered", step="message-status")
    for body in (plain.body, plain.body + b"&notice=n7"):
        found = Sms(client=None).parse(replace(plain, body=body))
        assert found == DeliveryReport(provider_id=TEXT_SID, state=DeliveryState.DELIVERED)


async def test_reports_that_come_twice_and_backwards_are_kept_once_each() -> None:
    async with telephone() as line:
        line.sim.faults.reverse_callbacks, line.sim.faults.duplicate_callbacks = True, 1
        sid = await line.sms.send(notice())
        await line.sim.settle()
        assert line.ledger.keys() == [f"{sid}:delivered", f"{sid}:sent"]


async def test_a_report_that_cannot_be_kept_comes_again() -> None:
    async with telephone() as line:
        line.ledger.failures = 1
        await line.sms.send(notice())
        await line.sim.settle()
        assert [hook.status for hook in line.sim.sent] == [503, 204, 204]
        assert len(line.ledger.kept) == 2


@pytest.mark.parametrize(
    "address",
    [
        Address(kind=AddressClass.LANDLINE, value="+441632960123"),
        Address(kind=AddressClass.MOBILE, value="+441632960123"),
        Address(kind=AddressClass.MOBILE, value="+266696687"),
        Address(kind=AddressClass.WITHHELD),
        Address(kind=AddressClass.EMAIL, value="a@example.org"),
    ],
)
async def test_nothing_is_texted_to_what_is_not_a_mobile(address: Address) -> None:
    async with telephone() as line:
        with pytest.raises(SendFailed, match="not a mobile number") as caught:
            await line.sms.send(notice(address))
        assert caught.value.permanent
        assert line.sim.messages == {}


async def test_a_sender_who_stopped_texts_is_not_texted() -> None:
    async with telephone() as line:
        await line.sim.sms("/twilio/sms", "STOP")
        with pytest.raises(SendFailed, match="opted out") as caught:
            await line.sms.send(notice())
        assert caught.value.permanent


@pytest.mark.parametrize("fault", ["429", "500"])
async def test_a_busy_provider_is_asked_again_later(fault: str) -> None:
    async with telephone() as line:
        line.sim.faults.rest.append(fault)
        with pytest.raises(SendFailed) as caught:
            await line.sms.send(notice())
        assert not caught.value.permanent
        assert line.sim.messages == {}


@pytest.mark.parametrize("fault", ["timeout", "drop"])
async def test_a_lost_answer_is_unknown_and_can_be_looked_up(fault: str) -> None:
    async with telephone() as line:
        line.sim.faults.rest.append(fault)
        line.sim.faults.rest_hang = 1.5
        owed = replace(notice(), written_at=datetime.now(UTC))
        assert await line.sms.find(owed) is None
        with pytest.raises(SendUnknown):
            await line.sms.send(owed)
        [sid] = line.sim.messages
        assert await line.sms.find(owed) == sid


@pytest.mark.parametrize(
    ("words", "stops"),
    [("STOP", True), (" stop. ", True), ("Stop texting me!", True), ("Unsubscribe", True), ("", False),
     ("Please stop him", False), ("He will not stop", False), ("STOP he is hitting her", False)],
)  # fmt: skip
def test_only_a_request_for_no_more_texts_stops_them(words: str, stops: bool) -> None:
    assert asks_to_stop(words) is stops


@pytest.mark.parametrize(
    ("words", "starts"),
    [("START", True), (" unstop. ", True), ("Start with the older boy", False), ("", False), ("Yes", False)],
)
def test_only_a_request_for_texts_again_starts_them(words: str, starts: bool) -> None:
    assert asks_to_start(words) is starts


def test_a_request_to_stop_is_a_message_all_the_same() -> None:
    found = read("stop")
    assert isinstance(found, Inbound)
    assert (found.stop_texts, found.text, found.sender) == (True, " Stop. ", MOBILE)


def test_a_text_is_read_to_its_last_blank_and_line_break() -> None:
    found = read("text")
    assert isinstance(found, Inbound)
    assert found.text.endswith("night \U0001f622\r\nFlat above the baker\u2019s, 100% sure & scared +1  ")
    assert not found.stop_texts


def test_pictures_are_named_by_the_ids_alone_wherever_the_form_says_they_are() -> None:
    found = read("pictures")
    assert isinstance(found, Inbound)
    assert [(part.media_type, part.handle) for part in found.enclosures] == [
        ("image/jpeg", f"{PICTURE_SID}/ME{'7d' * 16}"),
        ("audio/amr", f"{PICTURE_SID}/ME{'6c' * 16}"),
    ]


def test_a_name_that_cannot_be_texted_back_is_answered_by_a_person() -> None:
    found = read("from-a-name")
    assert isinstance(found, Inbound)
    assert found.sender == Address(kind=AddressClass.NONE)
    assert found.by_hand


def test_a_landline_that_a_text_did_not_reach_is_never_tried_again() -> None:
    found = read("status-landline", "message-status")
    assert isinstance(found, DeliveryReport)
    assert (found.provider_id, found.state, found.permanent) == (TEXT_SID, DeliveryState.FAILED, True)
    assert "30006" in found.reason


def test_a_phone_that_was_switched_off_may_be_tried_again() -> None:
    found = read("status-unreachable", "message-status")
    assert isinstance(found, DeliveryReport)
    assert (found.state, found.permanent) == (DeliveryState.FAILED, False)


def test_a_delivered_text_is_reported_as_such() -> None:
    assert read("status-delivered", "message-status") == DeliveryReport(
        provider_id=TEXT_SID, state=DeliveryState.DELIVERED
    )


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"Body=hello", b"x&" * 2000])
def test_bytes_that_are_no_text_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Sms(client=None).parse(RawMessage(channel="sms", source_key="x", body=body, media_type="text/plain"))


async def test_the_contact_page_shows_the_number_to_text() -> None:
    async with telephone() as line:
        assert line.sms.ways_in() == (WayIn(title="Text us", detail="01632 960000", href=f"sms:{NUMBER}"),)


def test_without_an_account_the_door_stays_shut() -> None:
    async def never(raw: RawMessage) -> None:
        raise AssertionError

    shut = Sms(client=None)
    assert (shut.door(never), shut.ways_in()) == (None, ())  # type: ignore[arg-type]

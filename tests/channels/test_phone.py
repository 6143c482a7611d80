"""Whoever rings is greeted, put through or recorded, and noted; nobody is dropped, whatever fails on our side."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import httpx
import pytest

from channels.contract import Address, AddressClass, Inbound, Purpose, RawMessage, Unreadable, WayIn
from channels.phone import Phone
from channels.twilio_account import TwilioAccount
from gateway.demo.twilio_sim import HangUp, Press, Speak, tone
from tests.channels.telephone import ACCOUNT, DUTY, NOON, NUMBER, PUBLIC, Words, sample, telephone

CALLER = {"CallSid": "CA1", "From": "+447700900123", "Direction": "inbound"}
STEPS = [
    "",
    "/chosen",
    "/message",
    "/dialled",
    "/whisper",
    "/recorded",
    "/silent",
    "/quiet",
    "/again",
    "/after",
    "/heard",
    "/language",
    "/unrecorded",
    "/offered",
    "/reference",
    "/adding",
    "/choices",
]


def phone() -> Phone:
    account = TwilioAccount(sid=ACCOUNT, auth_tokens=("test-token",), number=NUMBER, public_url=PUBLIC)
    return Phone(account=account, words=Words(), clock=lambda: NOON)


def document(reply: httpx.Response | None) -> ET.Element:
    assert reply is not None
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/xml")
    return ET.fromstring(reply.text)


async def test_the_first_answer_needs_nothing_to_be_kept() -> None:
    async with telephone() as line:
        line.ledger.failures = 99
        call = await line.sim.call("/twilio/voice", [HangUp()])
        assert call.heard == ["Greeting at 12:00. Prompt.", "[beep]"]


async def test_the_recorder_is_patient_and_only_the_hash_key_ends_it() -> None:
    async with telephone() as line:
        [record] = document(await line.sim.deliver("/twilio/voice", CALLER)).iter("Record")
        settings = {name: record.get(name) for name in ("finishOnKey", "timeout", "maxLength", "playBeep", "trim")}
        assert settings == {
            "finishOnKey": "#", "timeout": "10", "maxLength": "600", "playBeep": "true", "trim": "do-not-trim",
        }  # fmt: skip
        assert record.get("recordingStatusCallbackEvent") == "completed absent"


async def test_every_address_given_to_the_provider_is_public_and_tried_again() -> None:
    async with telephone(duty_number=DUTY) as line:
        for step in ("", "/chosen", "/message", "/recorded", "/whisper"):
            for node in document(await line.sim.deliver(f"/twilio/voice{step}", CALLER)).iter():
                urls = [node.get(name, "") for name in ("action", "url", "recordingStatusCallback")]
                for url in filter(None, [*urls, node.text if node.tag == "Redirect" else ""]):
                    assert url.startswith(f"{PUBLIC}/twilio/")
                    assert url.endswith("#rc=2&rp=ct,rt,5xx&ct=2000&rt=4000&tt=12000")


@pytest.mark.parametrize("duty_number", [None, DUTY])
@pytest.mark.parametrize("failing", [0, 99])
@pytest.mark.parametrize("broken", [False, True])
async def test_no_document_ends_in_silence(duty_number: str | None, failing: int, broken: bool) -> None:
    async with telephone(duty_number=duty_number) as line:
        line.ledger.failures, line.words.broken = failing, broken
        for step in STEPS:
            for digits in ("", "1", "2", "9"):
                fields = CALLER | ({"Digits": digits} if digits else {})
                verbs = list(document(await line.sim.deliver(f"/twilio/voice{step}", fields)))
                joins = step == "/whisper" and digits == "1"
                assert joins or verbs[-1].tag in ("Redirect", "Hangup")


async def test_a_failing_step_still_takes_a_message() -> None:
    async with telephone() as line:
        line.words.broken = True
        call = await line.sim.call("/twilio/voice", [Speak(tone(2)), HangUp()])
        assert call.heard[0].startswith("We are sorry.")
        assert "9 9 9" in call.heard[0]
        assert ("recorded", Purpose.MESSAGE) in line.ledger.steps()


async def test_a_caller_who_waits_is_put_through_and_the_call_is_noted_to_be_written_up() -> None:
    async with telephone(duty_number=DUTY) as line:
        line.sim.dial_outcome = ("completed", 5)
        call = await line.sim.call("/twilio/voice", [])
        await line.sim.settle()
        assert call.heard == ["Greeting at 12:00.", f"[dial {DUTY}]", "Talked KMR-4729-HX."]
        assert (call.ended_by, call.warnings) == ("hangup", [])
        assert [step for step, _ in line.ledger.steps()] == ["dialled", "recording", "call-status"]
        read = line.phone.parse(line.ledger.kept[0])
        assert (read.by_hand, read.facts["seconds"]) == ("the caller spoke to the duty worker", "5")


async def test_both_sides_of_a_live_call_are_recorded_as_the_greeting_says() -> None:
    async with telephone(duty_number=DUTY) as line:
        line.sim.dial_outcome = ("completed", 5)
        await line.sim.call("/twilio/voice", [])
        await line.sim.settle()
        [recording] = line.sim.recordings.values()
        assert recording.channels == 2
        read = line.voicemail.parse(line.ledger.kept[1])
        assert isinstance(read, Inbound)
        assert read.enclosures[0].handle == recording.sid


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed"])
async def test_a_caller_who_cannot_be_put_through_is_asked_for_a_message(outcome: str) -> None:
    async with telephone(duty_number=DUTY) as line:
        line.sim.dial_outcome = (outcome, 0)
        call = await line.sim.call("/twilio/voice", [Press("0"), Speak(tone(2)), Press("#")])
        assert call.heard[1:] == [f"[dial {DUTY}]", "Prompt.", "[beep]", "Receipt KMR-4729-HX.", "Goodbye."]


async def test_a_caller_may_leave_a_message_instead_of_waiting() -> None:
    words = Words()
    words.closed = True
    async with telephone(duty_number=DUTY, words=words) as line:
        call = await line.sim.call("/twilio/voice", [Press("2"), Speak(tone(2)), Press("#")])
        assert call.heard == ["Greeting at 12:00.", "Prompt.", "[beep]", "Receipt KMR-4729-HX.", "Goodbye."]


async def test_a_mailbox_that_picked_up_does_not_swallow_the_call() -> None:
    async with telephone(duty_number=DUTY) as line:
        asked = document(await line.sim.deliver("/twilio/voice/whisper", {"CallSid": "CA2"}))
        assert [verb.tag for verb in asked] == ["Gather", "Hangup"]
        refused = document(await line.sim.deliver("/twilio/voice/whisper", {"CallSid": "CA2", "Digits": "5"}))
        assert [verb.tag for verb in refused] == ["Hangup"]
        joined = document(await line.sim.deliver("/twilio/voice/whisper", {"CallSid": "CA2", "Digits": "1"}))
        assert list(joined) == []
        unjoined = CALLER | {"DialCallStatus": "completed", "DialBridged": "false"}
        assert document(await line.sim.deliver("/twilio/voice/dialled", unjoined)).find("Record") is not None


async def test_a_live_call_ends_well_even_if_it_cannot_be_noted() -> None:
    async with telephone(duty_number=DUTY) as line:
        line.sim.dial_outcome, line.ledger.failures = ("completed", 5), 1
        call = await line.sim.call("/twilio/voice", [])
        await line.sim.settle()
        assert call.ended_by == "hangup"
        assert "call-status" in [step for step, _ in line.ledger.steps()]


async def test_a_child_who_rang_for_a_second_is_a_contact() -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", [HangUp(at=1.0)])
        await line.sim.settle()
        [ended] = line.ledger.kept
        assert ended.source_key == f"call-status:{call.sid}:completed"
        assert (ended.conversation, ended.purpose) == (f"call:{call.sid}", Purpose.REPORT)
        assert line.phone.parse(ended) == Inbound(
            sender=Address(kind=AddressClass.MOBILE, value="+447700900123"),
            facts={"called": NUMBER, "ended": "completed", "seconds": "1"},
            by_hand="the call ended before they were told a reference",
        )


async def test_the_end_of_a_call_that_cannot_be_kept_is_posted_again() -> None:
    async with telephone() as line:
        line.ledger.failures = 1
        ended = CALLER | {"CallStatus": "completed", "CallDuration": "4"}
        assert (await line.sim.deliver("/twilio/call-status#rc=2&rp=5xx", ended)) is not None
        assert [hook.status for hook in line.sim.sent] == [503, 204]
        assert line.ledger.keys() == ["call-status:CA1:completed"]


@pytest.mark.parametrize("more", [{"CallStatus": "ringing"}, {"CallStatus": "completed", "Direction": "outbound-api"}])
async def test_calls_still_going_on_and_calls_of_our_own_are_no_contacts(more: dict[str, str]) -> None:
    async with telephone() as line:
        await line.sim.deliver("/twilio/call-status", CALLER | more)
        assert [hook.status for hook in line.sim.sent] == [204]
        assert line.ledger.kept == []


async def test_a_forged_call_is_refused_and_keeps_nothing() -> None:
    async with telephone(duty_number=DUTY) as line:
        line.sim.faults.bad_signature = True
        for path in ("", "/chosen", "/message", "/dialled", "/whisper"):
            await line.sim.deliver(f"/twilio/voice{path}", CALLER)
        await line.sim.deliver("/twilio/call-status", CALLER | {"CallStatus": "completed"})
        assert [hook.status for hook in line.sim.sent] == [403] * 6
        assert line.ledger.kept == []


def test_a_withheld_caller_who_left_nothing_cannot_be_answered() -> None:
    read = phone().parse(sample("phone", "call-status-withheld", step="call-status"))
    assert read.sender == Address(kind=AddressClass.WITHHELD)
    assert (read.cannot_answer, read.by_hand) == ("number withheld; the caller hung up", "")


def test_a_known_caller_who_left_nothing_is_answered_by_a_person() -> None:
    read = phone().parse(sample("phone", "call-status-known-number", step="call-status"))
    assert read.sender == Address(kind=AddressClass.LANDLINE, value="+441632960123")
    assert (read.cannot_answer, read.by_hand) == ("", "the call ended before they were told a reference")
    assert read.facts == {"called": NUMBER, "ended": "completed", "seconds": "4"}


def test_a_call_with_the_duty_worker_is_read_with_how_long_they_spoke() -> None:
    read = phone().parse(sample("phone", "dialled-answered", step="dialled"))
    assert (read.facts["seconds"], read.by_hand) == ("187", "the caller spoke to the duty worker")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"From=%2B447700900123"])
def test_bytes_that_are_no_webhook_of_a_call_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        phone().parse(RawMessage(channel="phone", source_key="x", body=body, media_type="text/plain"))


def test_the_contact_page_shows_the_number_as_people_write_it() -> None:
    assert phone().ways_in() == (WayIn(title="Call us", detail="01632 960000", href="tel:+441632960000"),)


def test_without_an_account_there_is_no_way_in() -> None:
    async def never(raw: RawMessage) -> None:
        raise AssertionError

    shut = Phone(account=None, words=Words(), clock=lambda: NOON)
    assert (shut.door(never), shut.ways_in()) == (None, ())  # type: ignore[arg-type]

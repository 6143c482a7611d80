"""A message left on the telephone is kept before the caller is told, and nobody is told what is not kept."""

from __future__ import annotations

import math

import pytest

from channels.contract import (
    Address,
    AddressClass,
    DeliveryReport,
    DeliveryState,
    Gone,
    Inbound,
    NotReadyYet,
    Purpose,
    RawMessage,
    Unreadable,
)
from channels.voicemail import Voicemail
from gateway.demo.twilio_sim import Action, HangUp, Press, Recording, Silent, Speak, tone, write_wav
from tests.channels.telephone import NOON, PUBLIC, REFERENCES, Words, sample, telephone

CALLER = Address(kind=AddressClass.MOBILE, value="+447700900123")
WITHHELD = Address(kind=AddressClass.WITHHELD)
NOBODY = Address(kind=AddressClass.NONE)
RECORDING = "RE" + "8b1d" * 8
MESSAGE: tuple[Action, ...] = (Speak(tone(3)), Press("#"))


def voicemail() -> Voicemail:
    return Voicemail(client=None, words=Words(), clock=lambda: NOON)


async def test_a_caller_hears_the_reference_of_what_is_kept_and_staying_on_says_that_it_was_heard() -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", MESSAGE)
        await line.sim.settle()
        assert call.heard == ["Greeting at 12:00. Prompt.", "[beep]", "Receipt KMR-4729-HX.", "Goodbye."]
        assert (call.ended_by, call.warnings) == ("hangup", [])
        steps = [("recorded", Purpose.MESSAGE), ("heard", Purpose.REPORT), ("recording", Purpose.REPORT)]
        assert sorted(line.ledger.steps()) == sorted([*steps, ("call-status", Purpose.REPORT)])
        assert {raw.conversation for raw in line.ledger.kept} == {f"call:{call.sid}"}


async def test_what_is_kept_is_what_the_provider_posted_byte_for_byte() -> None:
    async with telephone() as line:
        await line.sim.call("/twilio/voice", MESSAGE)
        posted = {hook.body for hook in line.sim.sent}
        assert line.ledger.kept
        assert all(raw.body in posted for raw in line.ledger.kept)


async def test_a_forged_request_is_refused_and_keeps_nothing() -> None:
    async with telephone() as line:
        line.sim.faults.bad_signature = True
        for path in ("recorded", "silent", "quiet", "again", "after", "heard"):
            await line.sim.deliver(f"/twilio/voice/{path}", {"CallSid": "CA1", "RecordingSid": "RE1"})
        await line.sim.deliver("/twilio/recording", {"CallSid": "CA1", "RecordingStatus": "completed"})
        assert [hook.status for hook in line.sim.sent] == [403] * 7
        assert line.ledger.kept == []


async def test_a_withheld_caller_who_hangs_up_is_kept_with_the_reason_why_nobody_can_be_answered() -> None:
    async with telephone() as line:
        await line.sim.call("/twilio/voice", [Speak(tone(3)), HangUp()], frm=None)
        await line.sim.settle()
        [recorded] = [raw for raw in line.ledger.kept if raw.envelope["step"] == "recorded"]
        read = line.voicemail.parse(recorded)
        assert isinstance(read, Inbound)
        assert (read.sender, read.answered_by_door) == (WITHHELD, None)
        assert read.cannot_answer == "number withheld; the caller hung up before the reference was read out"
        assert ("heard", Purpose.REPORT) not in line.ledger.steps()


async def test_a_recording_announced_before_the_call_goes_on_has_the_same_reference() -> None:
    async with telephone() as line:
        line.sim.faults.recording_first = True
        call = await line.sim.call("/twilio/voice", MESSAGE)
        assert [step for step, _ in line.ledger.steps()][:2] == ["recording", "recorded"]
        assert "Receipt KMR-4729-HX." in call.heard
        assert list(line.ledger.references.values()) == ["KMR-4729-HX"]


async def test_lost_replies_and_duplicated_callbacks_keep_each_event_once() -> None:
    async with telephone() as line:
        line.sim.faults.duplicate_callbacks, line.sim.faults.lose_responses = 2, 2
        call = await line.sim.call("/twilio/voice", MESSAGE)
        await line.sim.settle()
        assert call.heard[-2:] == ["Receipt KMR-4729-HX.", "Goodbye."]
        assert len(line.ledger.keys()) == len(set(line.ledger.keys())) == 4


async def test_a_replay_of_an_old_webhook_adds_nothing() -> None:
    async with telephone() as line:
        await line.sim.call("/twilio/voice", MESSAGE)
        await line.sim.settle()
        before = line.ledger.keys()
        for hook in list(line.sim.sent):
            await line.sim.replay(hook)
        assert line.ledger.keys() == before


async def test_nobody_is_told_that_a_message_was_received_when_it_could_not_be_kept() -> None:
    async with telephone() as line:
        line.ledger.failures = 99
        call = await line.sim.call("/twilio/voice", MESSAGE)
        assert call.heard[-2:] == ["Unkept.", "Unkept."]
        assert (call.ended_by, line.ledger.kept) == ("hangup", [])


async def test_a_short_failure_still_ends_with_the_reference() -> None:
    async with telephone() as line:
        line.sim.faults.recording_delay, line.ledger.failures = 0.3, 1
        call = await line.sim.call("/twilio/voice", MESSAGE)
        await line.sim.settle()
        assert call.heard[-3:] == ["Unkept.", "Receipt KMR-4729-HX.", "Goodbye."]
        assert ("recording", Purpose.REPORT) in line.ledger.steps()
        [again] = [raw for raw in line.ledger.kept if raw.envelope["step"] == "again"]
        assert line.voicemail.parse(again) == Inbound(
            sender=CALLER, answered_by_door="voice", facts={"called": "+441632960000"}
        )


async def test_an_announced_recording_that_cannot_be_kept_is_asked_for_again() -> None:
    async with telephone() as line:
        line.sim.faults.recording_first = True
        line.ledger.failures = 2
        call = await line.sim.call("/twilio/voice", MESSAGE)
        announced = [hook.status for hook in line.sim.sent if hook.kind == "recording"]
        assert announced == [503, 503, 204]
        assert "Receipt KMR-4729-HX." in call.heard


async def test_broken_words_after_the_recording_lose_neither_message_nor_caller() -> None:
    async with telephone() as line:
        line.words.broken = True
        call = await line.sim.call("/twilio/voice", MESSAGE)
        assert ("recorded", Purpose.MESSAGE) in line.ledger.steps()
        assert "hang up and dial 9 9 9" in call.heard[-1]
        assert call.ended_by == "hangup"


async def test_any_key_but_two_reads_the_reference_again() -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", [*MESSAGE, Press("1"), Press("#"), Press("7")])
        assert call.heard[2:] == ["Receipt KMR-4729-HX."] * 4 + ["Goodbye."]


async def test_a_text_is_promised_to_a_mobile_that_asks_for_one() -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", [*MESSAGE, Press("2")])
        assert (call.heard[-1], call.ended_by) == ("Texted.", "hangup")
        [asked] = [raw for raw in line.ledger.kept if raw.envelope["step"] == "text-me"]
        assert asked.purpose is Purpose.REPORT
        assert line.voicemail.parse(asked) == Inbound(sender=CALLER, texts_are_safe=True)


@pytest.mark.parametrize("number", [None, "+441632960123"])
async def test_no_text_is_promised_to_a_landline_or_a_withheld_number(number: str | None) -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", [*MESSAGE, Press("2")], frm=number)
        assert call.heard[-3:] == ["Untextable.", "Receipt KMR-4729-HX.", "Goodbye."]
        assert "text-me" not in [step for step, _ in line.ledger.steps()]


async def test_a_caller_who_says_nothing_is_kept_and_given_a_reference() -> None:
    async with telephone() as line:
        call = await line.sim.call("/twilio/voice", [Silent(30)])
        await line.sim.settle()
        assert "Receipt KMR-4729-HX." in call.heard
        [absent] = [raw for raw in line.ledger.kept if raw.envelope["step"] == "recording"]
        assert line.voicemail.parse(absent) == Inbound(sender=NOBODY, facts={"recording": "absent"})


async def test_an_open_line_that_the_recorder_passed_over_is_listened_to_again_and_then_kept() -> None:
    async with telephone() as line:
        fields = {"CallSid": "CA1", "From": "+447700900123", "Direction": "inbound"}
        once = await line.sim.deliver("/twilio/voice/silent", fields)
        assert once is not None
        assert "<Record" in once.text
        assert f"<Redirect>{PUBLIC}/twilio/voice/quiet#" in once.text
        assert line.ledger.kept == []
        twice = await line.sim.deliver("/twilio/voice/quiet", fields)
        assert twice is not None
        assert REFERENCES[0] in twice.text
        assert line.ledger.steps() == [("quiet", Purpose.MESSAGE)]


async def test_a_recording_is_fetched_as_it_was_spoken_once_the_provider_has_it() -> None:
    async with telephone() as line:
        line.sim.faults.recording_delay = 0.4
        await line.sim.call("/twilio/voice", MESSAGE)
        [sid] = line.sim.recordings
        with pytest.raises(NotReadyYet):
            await line.voicemail.fetch(sid)
        await line.sim.settle()
        fetched = await line.voicemail.fetch(sid)
        assert fetched.content == write_wav(tone(3))


class Absent(Recording):
    """A recording in which the provider found nothing to keep."""

    def resource(self, *, ready: bool) -> dict[str, object]:
        return super().resource(ready=ready) | {"status": "absent"}


async def test_a_recording_the_provider_calls_absent_is_not_waited_for() -> None:
    async with telephone() as line:
        line.sim.recordings[RECORDING] = Absent(
            sid=RECORDING, account=line.sim.account, call_sid="CA1", pcm=b"", source="RecordVerb", channels=1,
            ready_at=math.inf, media_url="",
        )  # fmt: skip
        with pytest.raises(Gone):
            await line.voicemail.fetch(RECORDING)


@pytest.mark.parametrize("handle", ["", "RE1", f"{RECORDING}/../../Messages", "https://elsewhere.example.org/RE"])
async def test_only_recordings_are_ever_asked_for(handle: str) -> None:
    async with telephone() as line:
        with pytest.raises(Gone):
            await line.voicemail.fetch(handle)


def test_a_recording_is_read_with_its_handle_whichever_webhook_tells_of_it() -> None:
    channel = voicemail()
    by_call = channel.parse(sample("voicemail", "recorded-by-key", step="recorded"))
    by_news = channel.parse(sample("voicemail", "recording-completed", step="recording"))
    assert isinstance(by_call, Inbound)
    assert isinstance(by_news, Inbound)
    assert by_call.enclosures == by_news.enclosures
    assert by_call.enclosures[0].handle == RECORDING
    assert (by_call.sender, by_call.answered_by_door, by_call.by_hand) == (CALLER, "voice", "")
    assert (by_news.sender, by_news.answered_by_door) == (NOBODY, None)
    assert by_call.facts == {"called": "+441632960000", "recording_seconds": "23"}


def test_a_known_caller_who_hung_up_is_answered_by_a_person() -> None:
    read = voicemail().parse(sample("voicemail", "recorded-caller-hung-up", step="recorded"))
    assert isinstance(read, Inbound)
    assert (read.answered_by_door, read.cannot_answer) == (None, "")
    assert read.by_hand == "the caller hung up before the reference was read out"


def test_a_withheld_caller_who_hung_up_cannot_be_answered() -> None:
    read = voicemail().parse(sample("voicemail", "recorded-withheld-hung-up", step="recorded"))
    assert isinstance(read, Inbound)
    assert (read.sender, read.by_hand) == (WITHHELD, "")
    assert read.cannot_answer.startswith("number withheld")


def test_an_absent_recording_says_so_and_has_nothing_to_fetch() -> None:
    read = voicemail().parse(sample("voicemail", "recording-absent", step="recording"))
    assert read == Inbound(sender=NOBODY, facts={"recording": "absent"})


def test_having_heard_the_reference_is_the_delivery_of_the_spoken_receipt() -> None:
    read = voicemail().parse(sample("voicemail", "heard", step="heard"))
    assert read == DeliveryReport(provider_id="call:CA" + "5f0e" * 8, state=DeliveryState.DELIVERED)


def test_a_sound_file_handed_in_is_a_message_of_nobody_known() -> None:
    wav = write_wav(tone(1))
    raw = RawMessage(
        channel="voicemail", source_key="x", body=wav, media_type="audio/wav", envelope={"name": "machine.wav"}
    )
    read = voicemail().parse(raw)
    assert isinstance(read, Inbound)
    assert (read.sender, read.enclosures[0].content, read.enclosures[0].name) == (NOBODY, wav, "machine.wav")


@pytest.mark.parametrize("body", [b"", b"\xff\x00&&==", b"a=b", b"x&" * 2000])
def test_bytes_that_are_no_webhook_of_a_call_are_unreadable(body: bytes) -> None:
    raw = RawMessage(
        channel="voicemail", source_key="x", body=body, media_type="text/plain", envelope={"step": "recorded"}
    )
    with pytest.raises(Unreadable):
        voicemail().parse(raw)


def test_without_an_account_the_door_stays_shut() -> None:
    async def never(raw: RawMessage) -> None:
        raise AssertionError

    assert voicemail().door(never) is None  # type: ignore[arg-type]

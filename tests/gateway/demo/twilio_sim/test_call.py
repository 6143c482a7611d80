"""Calls go as the provider's documentation and captured calls say."""

from __future__ import annotations

import base64
import io
import wave

import pytest

from gateway.demo.twilio_sim import WITHHELD, HangUp, Press, Silent, Speak, TwilioSim, read_wav, tone
from gateway.demo.twilio_sim.sound import ulaw
from tests.gateway.demo.twilio_sim.sample_gateway import CHOICES, PUBLIC, STREAM, SampleGateway

START = "/voice/start"


async def test_a_voicemail_is_recorded_announced_fetched_and_answered(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.recording_delay = 0.2
    call = await sim.call(START, [Press("2"), Speak(tone(2)), Press("#")])
    await sim.settle()
    done, status = gateway.got("recorded")[0], gateway.got("recording")[0]
    assert (done["RecordingDuration"], done["Digits"], status["RecordingStatus"]) == ("2", "#", "completed")
    assert gateway.steps().index("recorded") < gateway.steps().index("recording")
    assert read_wav(gateway.media[0]) == tone(2)
    assert [p["MessageStatus"] for p in gateway.got("sms-status")] == ["sent", "delivered"]
    assert "Thank you." in call.heard
    assert call.ended_by == "hangup"


async def test_the_media_answers_404_first_and_its_callback_may_come_before_the_action(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    sim.faults.recording_delay, sim.faults.recording_first = 1.0, True
    await sim.call(START, [Press("2"), Speak(tone(1)), Press("#")])
    await sim.settle()
    assert gateway.steps().count("404") > 1
    assert gateway.steps().index("recording") < gateway.steps().index("recorded")


async def test_hanging_up_while_recording_still_posts_the_action(sim: TwilioSim, gateway: SampleGateway) -> None:
    call = await sim.call(START, [Press("2"), Speak(tone(3)), HangUp()])
    await sim.settle()
    recorded = gateway.got("recorded")[0]
    assert (recorded["Digits"], recorded["CallStatus"]) == ("hangup", "completed")
    assert (call.ended_by, len(gateway.got("recording"))) == ("caller", 1)
    assert "Thank you." not in call.heard


async def test_hanging_up_mid_sentence_keeps_what_was_said(sim: TwilioSim, gateway: SampleGateway) -> None:
    await sim.call(START, [Press("2"), Speak(tone(10)), HangUp(at=5.0)])
    await sim.settle()
    assert gateway.got("recorded")[0]["RecordingDuration"] in ("3", "4")


async def test_hanging_up_in_the_menu_leaves_only_the_status_callback(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.status_callback = PUBLIC + "/voice/status"
    await sim.call(START, [HangUp(at=1.0)])
    await sim.settle()
    assert gateway.steps() == ["start", "status"]
    status = gateway.got("status")[0]
    assert (status["CallStatus"], status["CallDuration"]) == ("completed", "1")


async def test_a_silent_caller_falls_through_and_the_empty_recording_is_absent(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    await sim.call(START, [Silent(30), Silent(30)])
    await sim.settle()
    assert gateway.steps() == ["start", "recorded", "recording"]
    absent = gateway.got("recording")[0]
    assert (absent["RecordingStatus"], absent["ErrorCode"]) == ("absent", "16101")


async def test_keys_are_gathered_up_to_the_finishing_one(sim: TwilioSim, gateway: SampleGateway) -> None:
    call = await sim.call(START, [Press("9"), Press("3"), Press("1234567#"), HangUp()])
    assert "Reference 1234567 is open." in call.heard
    assert gateway.steps() == ["start", "menu", "start", "menu", "lookup"]
    assert (gateway.got("menu")[0]["FinishedOnKey"], gateway.got("lookup")[0]["FinishedOnKey"]) == ("", "#")


async def test_a_busy_number_comes_back_to_the_action(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.dial_outcome = ("busy", 0)
    call = await sim.call(START, [Press("1"), HangUp()])
    assert (gateway.got("dialled")[0]["DialCallStatus"], call.heard[1]) == ("busy", "[dial +441632960111]")


async def test_an_answered_dial_is_recorded_on_two_channels(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.dial_outcome = ("completed", 3)
    await sim.call(START, [Press("1"), HangUp()])
    await sim.settle()
    recording = next(r for r in sim.recordings.values() if r.source == "DialVerb")
    with wave.open(io.BytesIO((await gateway.http.get(recording.media_url)).content)) as wav:
        assert wav.getnchannels() == 2
    assert gateway.got("dialled")[0]["DialBridged"] == "true"


@pytest.mark.parametrize(("presses", "bridged"), [("1", "true"), ("", "false"), ("7", "false")])
async def test_who_is_rung_hears_the_whisper_alone_and_is_joined_by_the_right_key(
    sim: TwilioSim, gateway: SampleGateway, presses: str, bridged: str
) -> None:
    sim.dial_outcome, sim.callee_presses = ("completed", 3), presses
    call = await sim.call(START, [Press("7"), HangUp()])
    assert (call.whispered, "A call. Press 1." in call.heard) == (["A call. Press 1."], False)
    (told,) = gateway.got("dialled")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", bridged)
    assert ("DialCallDuration" in told) == (bridged == "true")
    assert gateway.got("whisper")[0]["ParentCallSid"] == call.sid


async def test_hanging_up_while_it_rings_posts_the_dial_action(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.dial_outcome = ("no-answer", 0)
    await sim.call(START, [Press("1"), HangUp(at=10)])
    dialled = gateway.got("dialled")[0]
    assert (dialled["CallStatus"], dialled["DialCallStatus"]) == ("completed", "no-answer")


async def test_a_queue_is_left_by_the_document_or_by_hanging_up(sim: TwilioSim, gateway: SampleGateway) -> None:
    call = await sim.call(START, [Press("5"), HangUp()])
    assert (gateway.got("queued")[0]["QueueResult"], call.heard[1:]) == ("leave", ["Hold.", "Nobody free."])
    await sim.call(START, [Press("5"), HangUp(at=0.7)])
    assert gateway.got("queued")[1]["QueueResult"] == "hangup"


async def test_a_reject_before_the_answer_is_busy(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.status_callback, gateway.menu = PUBLIC + "/voice/status", CHOICES["6"]
    await sim.call(START, [])
    await sim.settle()
    assert gateway.got("status")[0]["CallStatus"] == "busy"


async def test_a_withheld_number_looks_like_a_number_and_has_blank_places(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    await sim.call(START, [HangUp(at=0.5)], frm=None)
    first = gateway.got("start")[0]
    assert (first["From"], first["FromCity"], first["FromCountry"]) == (WITHHELD, "", "LS")


async def test_a_stream_sends_frames_of_20_ms_and_echoes_marks(sim: TwilioSim, gateway: SampleGateway) -> None:
    call = await sim.call(START, [Press("4"), Speak(tone(0.5)), Silent(0.1), Press("7")])
    about = gateway.stream[1]["start"]
    assert isinstance(about, dict)
    assert about["customParameters"] == {"ref": "R1"}
    media = [m["media"] for m in gateway.stream if isinstance(m.get("media"), dict)]
    frames = [m for m in media if isinstance(m, dict)]
    assert (len(frames), frames[4]["timestamp"]) == (30, "80")
    assert {len(base64.b64decode(frame["payload"])) for frame in frames} == {160}
    assert base64.b64decode(frames[0]["payload"]) == ulaw(tone(0.02))
    assert [m["mark"] for m in gateway.stream if m["event"] == "mark"] == [{"name": "five"}]
    assert (gateway.stream[-1]["event"], call.heard[-1], call.warnings) == ("dtmf", "Bye.", [])


async def test_a_stream_says_stop_when_the_caller_hangs_up(sim: TwilioSim, gateway: SampleGateway) -> None:
    await sim.call(START, [Press("4"), Speak(tone(0.2)), HangUp()])
    assert gateway.stream[-1]["event"] == "stop"


async def test_a_refused_stream_is_not_the_end_of_the_call(sim: TwilioSim, gateway: SampleGateway) -> None:
    gateway.refuse_streams = True
    call = await sim.call(START, [Press("4")])
    assert call.warnings[0].startswith("31920")
    assert call.heard[-1] == "Bye."


async def test_an_outgoing_call_reports_the_progress_asked_for(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.callees["+447700900123"] = ("answer", [Press("3"), Press("55#"), HangUp()])
    sim.callees["+447700900124"] = ("busy", [])
    where = {"from_": "+441632960000", "url": PUBLIC + START, "status_callback": PUBLIC + "/voice/status"}
    events = ["initiated", "ringing", "answered", "completed"]
    made = await gateway.rest.calls.create_async(to="+447700900123", status_callback_event=events, **where)
    await gateway.rest.calls.create_async(to="+447700900124", **where)
    await sim.settle()
    seen = [(p["CallStatus"], p["SequenceNumber"]) for p in gateway.got("status") if p["CallSid"] == made.sid]
    assert seen == [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]
    assert "busy" in [p["CallStatus"] for p in gateway.got("status")]
    assert gateway.got("lookup")[0]["Direction"] == "outbound-api"
    assert (await gateway.rest.calls(made.sid).fetch_async()).status == "completed"


async def test_a_stop_ends_the_stream_it_names_while_the_call_goes_on(sim: TwilioSim, gateway: SampleGateway) -> None:
    started = STREAM.replace("<Stream ", '<Stream name="caller" ')
    named, other = '<Stop><Stream name="caller"/></Stop>', '<Stop><Stream name="another"/></Stop>'
    heard = []
    for stop in (named, other):
        gateway.menu = f'<Start>{started}</Start><Pause length="1"/>{stop}<Pause length="1"/><Say>Bye.</Say><Hangup/>'
        gateway.stream.clear()
        call = await sim.call(START, [])
        assert (call.heard[-1], call.warnings) == ("Bye.", [])
        assert gateway.stream[-1]["event"] == "stop"
        heard.append(sum(message["event"] == "media" for message in gateway.stream))
    assert heard[0] == 50 and heard[1] > 100

"""What comes in: each thing once whatever its token, fields nobody told us of, and all that no webhook ever told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.demo.twilio_sim import HangUp, Silent, Speak, tone
from storage.notice import NoticeState
from tests.channels.edge_cases.line import Line, a_line

NOBODY = "http://127.0.0.1:9"


async def test_a_text_posted_again_under_a_new_token_is_one_message(line: Line) -> None:
    await line.text()
    again = {**line.sim.sent[0].params}
    for _ in range(2):
        reply = await line.sim.deliver("/twilio/sms", again, kind="sms")
        assert reply is not None
        assert reply.status_code == 200
    await line.work()
    assert len({hook.headers["I-Twilio-Idempotency-Token"] for hook in line.sim.sent if hook.kind == "sms"}) == 3
    assert [one.purpose for one in line.messages()].count("message") == 1
    assert len(line.sim.messages) == 1


async def test_a_text_repeated_after_a_restart_is_still_one_message(tmp_path: Path, database_url: str) -> None:
    async with a_line(tmp_path, database_url) as first:
        await first.text()
        fields, told = first.sim.sent[0].params, len(first.notices())
    async with a_line(tmp_path, database_url, first.clock) as second:
        await second.sim.deliver("/twilio/sms", fields)
        await second.work()
        assert (len(second.referrals()), len(second.notices()), second.sim.messages) == (1, told, {})


@pytest.mark.parametrize("path", ["/twilio/sms", "/twilio/message-status", "/twilio/call-status", "/twilio/recording"])
async def test_fields_the_provider_adds_without_notice_are_taken(line: Line, path: str) -> None:
    text = {"MessageSid": "SM" + "1" * 32, "From": "+447700900123", "Body": "Please help", "MessageStatus": "sent"}
    call = {"CallSid": "CA" + "1" * 32, "From": "+447700900123", "CallStatus": "completed", "Direction": "inbound"}
    recording = {
        "RecordingSid": "RE" + "1" * 32,
        "RecordingStatus": "completed",
        "Added": "",
        "Added ünd more": "\r\n ",
    }
    reply = await line.sim.deliver(path, text | call | recording)
    assert reply is not None
    assert reply.status_code in (200, 204)
    (kept,) = line.messages()
    assert kept.channel == {"sms": "sms", "message-status": "sms", "call-status": "phone"}.get(path[8:], "voicemail")


async def test_a_text_a_call_and_a_recording_that_no_webhook_told_of_are_recalled_once(line: Line) -> None:
    gateway, line.sim.gateway = line.sim.gateway, NOBODY
    await line.sim.sms("/twilio/sms", "The baby cries", frm="+447700900131", media=[("image/png", b"\x89PNG")])
    await line.sim.call("/twilio/voice", [HangUp(at=4)], frm="+447700900132")
    line.sim.gateway, line.sim.faults.lose_callbacks, line.sim.status_callback = gateway, True, ""
    await line.sim.call("/twilio/voice", [Speak(tone(3)), Silent(30)], frm="+447700900133")
    await line.sim.settle()
    found = await line.recall()
    assert (found["sms"], len(line.referrals())) == (1, 3)
    assert sorted(one.channel for one in line.referrals()) == ["phone", "sms", "voicemail"]
    assert set((await line.recall()).values()) == {0}
    assert len(line.referrals()) == 3


async def test_what_was_recalled_is_acknowledged_like_everything_else(line: Line) -> None:
    gateway, line.sim.gateway = line.sim.gateway, NOBODY
    await line.sim.sms("/twilio/sms", "The baby cries")
    line.sim.gateway = gateway
    await line.recall()
    assert line.receipt().state == NoticeState.DELIVERED
    assert [text.recipient for text in line.sim.messages.values()] == ["+447700900123"]


async def test_a_text_that_was_recalled_and_is_then_delivered_by_webhook_is_one(line: Line) -> None:
    gateway, line.sim.gateway = line.sim.gateway, NOBODY
    await line.sim.sms("/twilio/sms", "The baby cries")
    line.sim.gateway = gateway
    await line.recall()
    await line.sim.deliver("/twilio/sms", line.sim.sent[0].params)
    await line.work()
    assert (len(line.referrals()), len(line.sim.messages)) == (1, 1)

"""Calls through the whole gateway: what is posted is believed, kept once and fetched, and every caller is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.demo.twilio_sim import HangUp, Press, Silent, Speak, tone, write_wav
from gateway.demo.twilio_sim.twiml import APP_ERROR
from storage import attachment
from tests.channels.edge_cases.line import Line, a_line, form
from tests.outages import LockedFile

RINGS = {"CallSid": "CA" + "1" * 32, "From": "+447700900123", "CallStatus": "ringing", "FromCity": "", "FromZip": ""}


@pytest.fixture
def locked(tmp_path: Path, sqlite_template: Path) -> LockedFile:
    """A database that another process may lock."""
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "frontdoor.db"
    path.write_bytes(sqlite_template.read_bytes())
    return LockedFile(path)


@pytest.fixture
async def line(tmp_path: Path, locked: LockedFile) -> AsyncIterator[Line]:
    """A gateway behind the pretend provider."""
    async with a_line(tmp_path, locked.url) as opened:
        yield opened


async def rung_as(line: Line, headers: dict[str, str], signed: str) -> int:
    """The answer to a call that names its host so, signed for this origin."""
    url, path = line.core.settings.public_url, "/twilio/voice"
    given = {
        "X-Twilio-Signature": line.sim.sign(signed + path, RINGS),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.post(url + path, content=form(**RINGS), headers=given | headers)).status_code


async def test_blank_fields_count_in_the_signature_and_who_we_are_is_not_for_the_request_to_say(line: Line) -> None:
    ours, theirs = line.core.settings.public_url, "https://elsewhere.example.org"
    lies = {"Host": "elsewhere.example.org", "X-Forwarded-Host": "elsewhere.example.org", "X-Forwarded-Proto": "https"}
    assert await rung_as(line, {}, ours) == 200
    assert await rung_as(line, lies, ours) == 200
    assert await rung_as(line, lies, theirs) == 403


async def test_while_the_database_is_locked_a_caller_is_greeted_recorded_and_told_a_reference(
    line: Line, locked: LockedFile
) -> None:
    locked.begin()
    call = await line.sim.call("/twilio/voice", [Speak(tone(3)), Silent(30)])
    locked.end()
    await line.sim.settle()
    assert (APP_ERROR in call.heard, "[beep]" in call.heard) == (False, True)
    assert next(hook.status for hook in line.sim.sent if hook.kind == "voice") == 200


async def test_a_message_whose_caller_hung_up_is_fetched_however_late_and_in_whatever_order_it_is_told(
    line: Line,
) -> None:
    line.sim.faults.recording_first, line.sim.faults.duplicate_callbacks = True, 2
    line.sim.faults.recording_delay = 0.3
    await line.sim.call("/twilio/voice", [Speak(tone(3)), HangUp()])
    await line.work()
    await asyncio.sleep(line.sim.faults.recording_delay)
    for _ in range(6):
        await line.later(minutes=2)
    (only,) = line.referrals()
    (recording,) = line.sim.recordings.values()
    with line.core.database.reading() as session:
        (part,) = attachment.of_referrals(session, [only.id or 0])
        assert line.core.contents.of_part(session, part) == write_wav(recording.pcm)


@pytest.mark.parametrize("script", [[HangUp(at=1)], [HangUp(at=4)], [Silent(4), HangUp()], [Silent(300)]])
async def test_who_rings_for_a_second_or_says_nothing_at_all_is_a_contact(
    line: Line, script: list[Silent | HangUp]
) -> None:
    call = await line.sim.call("/twilio/voice", script, frm=None)
    await line.sim.settle()
    await line.work()
    await line.later(minutes=5)
    assert (len(line.referrals()), APP_ERROR in call.heard) == (1, False)
    assert call.ended_by in ("caller", "hangup")


async def test_a_mailbox_that_answers_for_the_duty_worker_is_not_joined_to_the_caller(
    tmp_path: Path, locked: LockedFile
) -> None:
    async with a_line(tmp_path, locked.url, duty_number="+441632960111") as line:
        line.sim.dial_outcome, line.sim.callee_presses = ("completed", 60.0), ""
        call = await line.sim.call("/twilio/voice", [Press("1"), Speak(tone(2)), Silent(30)])
        assert ("[beep]" in call.heard, len(call.whispered) > 0) == (True, True)
        assert [one.source for one in line.sim.recordings.values()] == ["RecordVerb"]
        line.sim.callee_presses = "1"
        joined = await line.sim.call("/twilio/voice", [Press("1"), Silent(30)])
        assert ("[beep]" in joined.heard, joined.ended_by) == (False, "hangup")


async def test_every_answer_to_a_call_is_a_document(line: Line) -> None:
    await line.sim.call("/twilio/voice", [Speak(tone(2)), Silent(30)])
    for step in ("", "/recorded", "/silent", "/quiet", "/again", "/after", "/heard", "/chosen", "/dialled"):
        reply = await line.sim.deliver(f"/twilio/voice{step}", RINGS)
        assert reply is not None
        assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (200, "text/xml"), step


async def test_connections_are_kept_open_and_pictures_come_without_our_credentials(line: Line) -> None:
    await line.sim.sms("/twilio/sms", "Look", media=[("image/png", b"\x89PNG")])
    await line.work()
    await line.text("The baby cries", frm="+447700900124")
    await line.later(minutes=1)
    await line.recall()
    asked = [one for one in line.sim.asked if not one.path.startswith("/cdn/")]
    stored = [one for one in line.sim.asked if one.path.startswith("/cdn/")]
    assert len(asked) > 4
    assert len({one.peer for one in asked}) <= 1 + len(stored)  # one that was sent on elsewhere is not used again
    assert {"authorization" in one.headers for one in asked} == {True}
    assert [("authorization" in one.headers) for one in stored] == [False]

"""With all of ours down a caller leaves a message all the same, to a document that needs nobody; recall finds it."""

from __future__ import annotations

import asyncio
import hashlib
import random
import shutil
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from channels.twilio_account.finding import State
from channels.twilio_account.our_number import OurNumber
from channels.twilio_account.outside import Outside
from channels.twilio_account.spare import Spare
from gateway.commands.fallback import made
from gateway.demo.twilio_sim import Action, Call, HangUp, Press, Silent, Speak, TwilioSim, tone, write_wav
from gateway.demo.twilio_sim.twiml import APP_ERROR
from gateway.settings import Settings, WrongSetting
from tests.channels.edge_cases.line import Line, a_line
from tests.channels.static_host import StaticHost, a_static_host
from tests.channels.twilio_account.signed import account
from tests.house import a_house

CALLS = 20
NOBODY = "http://127.0.0.1:9"
RETRY = "#rc=2&rp=ct,rt,5xx&ct=2000&rt=4000&tt=12000"


def options(**given: object) -> Namespace:
    return Namespace(**({"out": None, "after_url": "", "method": "GET", "dial": False, "after": False} | given))


def hosted(static: StaticHost, settings: Settings, **given: object) -> str:
    """The documents on the static host; returns the address of the first."""
    documents = made(options(**given), settings)
    static.files = {document.name: document.text for document in documents}
    return f"{static.url}/{documents[0].name}"


@asynccontextmanager
async def all_down(**given: object) -> AsyncIterator[tuple[TwilioSim, StaticHost]]:
    """A number set up as it should be, nobody at our address, and the fallback where we are not."""
    async with a_static_host() as static, TwilioSim(NOBODY, token="test-token", speed=2000) as sim:
        sim.ours.voice_url, sim.status_callback = f"{NOBODY}/twilio/voice{RETRY}", f"{NOBODY}/twilio/call-status"
        sim.fallback_url, sim.ours.voice_fallback_method = hosted(static, Settings(_env_file=None), **given), "GET"
        yield sim, static


async def test_a_message_left_while_nothing_of_ours_answers_is_one_referral_with_its_sound_afterwards(
    tmp_path: Path, database_url: str
) -> None:
    async with all_down() as (sim, static):
        call = await sim.ring([Speak(tone(3)), Press("#")], frm="+447700900133")
        await sim.settle()
        assert (call.ended_by, APP_ERROR in call.heard) == ("hangup", False)
        assert static.asked == ["fallback.xml", "fallback-after.xml"]
        assert "9 9 9" in call.heard[0]
        assert "[beep]" in call.heard
        (recording,) = sim.recordings.values()
        async with a_house(tmp_path, database_url, twilio_api_url=sim.url) as house:
            (found,) = await house.settled(lambda rs: len(rs) == 1 and any(p["sha256"] for p in rs[0]["parts"]))
            assert found["sender"]["address"] == "+447700900133"
            (part,) = found["parts"]
            assert part["sha256"] == hashlib.sha256(write_wav(recording.pcm)).hexdigest()
            assert any(n["kind"] == "staff_task" for n in found["notices"])


@pytest.mark.parametrize("script", [[Silent(60)], [HangUp(at=2)], [Speak(tone(4)), HangUp()]])
async def test_no_caller_hears_an_error_and_no_document_begins_again(script: list[Speak | Silent | HangUp]) -> None:
    async with all_down() as (sim, _):
        call = await sim.ring(script)
        await sim.settle()
        assert APP_ERROR not in call.heard
        assert call.ended_by in ("caller", "hangup")
        assert call.heard.count("[beep]") <= 1


async def test_a_call_that_loses_us_in_the_middle_is_taken_on_by_the_fallback(line: Line) -> None:
    async with a_static_host() as static:
        line.sim.fallback_url, line.sim.ours.voice_fallback_method = hosted(static, line.core.settings), "GET"
        line.sim.ours.voice_url = f"{line.core.settings.public_url}/twilio/voice{RETRY}"
        gateway = line.sim.gateway
        ringing = asyncio.create_task(line.sim.ring([Press("1"), Speak(tone(3)), Press("#")]))
        while not line.sim.sent or line.sim.sent[0].status is None:
            await asyncio.sleep(0)
        line.sim.gateway = NOBODY
        call = await ringing
        await line.sim.settle()
        assert (call.ended_by, APP_ERROR in call.heard, "[beep]" in call.heard) == ("hangup", False, True)
        line.sim.gateway = gateway
        await line.recall()
    assert len(line.referrals()) == 1


SCRIPTS = (
    (Speak(tone(3)), Press("#"), Silent(30)),
    (Press("1"), Speak(tone(2)), Silent(15)),
    (Press("4"), Speak(tone(2)), HangUp()),
    (Press("3"), Press("234567892"), Silent(20)),
    (Press("5"), Silent(30)),
    (Silent(200),),
    (HangUp(at=3),),
)


async def test_wherever_in_a_call_we_are_lost_nobody_hears_an_error_and_each_call_is_one_referral(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """Drawn from a seed: which caller, and after how many webhooks nothing of ours answers any more."""
    draw = random.Random(20261122)
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'frontdoor.db')}"
    async with (
        a_static_host() as static,
        a_line(tmp_path, url, duty_number="+441632960111", live_capture=False) as line,
    ):
        sim, public = line.sim, line.core.settings.public_url
        sim.fallback_url, sim.ours.voice_fallback_method = hosted(static, line.core.settings), "GET"
        sim.ours.voice_url, gateway = f"{public}/twilio/voice{RETRY}", sim.gateway
        for number in range(CALLS):
            caller = f"+4477009003{number:02}"
            call = await lost_after(sim, draw.randrange(6), draw.choice(SCRIPTS), caller)
            assert (APP_ERROR in call.heard, call.ended_by in ("caller", "hangup")) == (False, True), call.warnings
            sim.gateway = gateway
        assert static.asked.count("fallback.xml") > CALLS / 5
        await sim.settle()
        await line.work()
        await line.recall()
        await line.later(minutes=5)
        senders = [one.identity_id for one in line.referrals()]
        assert (len(senders), len(set(senders))) == (CALLS, CALLS)


async def lost_after(sim: TwilioSim, webhooks: int, script: Sequence[Action], caller: str) -> Call:
    """A call during which nothing of ours answers once so many webhooks have been made."""
    before = len(sim.sent)
    ringing = asyncio.create_task(sim.ring(script, frm=caller))
    while not ringing.done() and len(sim.sent) < before + webhooks:
        await asyncio.sleep(0)
    sim.gateway = NOBODY
    return await ringing


async def test_a_person_is_rung_first_where_that_is_wanted_and_a_message_is_taken_when_nobody_comes() -> None:
    async with all_down(dial=True) as (sim, static):
        call = await sim.ring([Speak(tone(2)), Press("#")])
        assert [line for line in call.heard if line.startswith("[")] == ["[dial +441632960001]", "[beep]"]
        assert "9 9 9" in call.heard[0]
        assert set(static.files) == {
            "fallback.xml", "fallback-after.xml", "fallback-whisper.xml", "fallback-join.xml",
        }  # fmt: skip


@pytest.mark.parametrize(("presses", "asked_for"), [("4", "fallback-join.xml"), ("", "fallback-after.xml")])
async def test_any_key_of_a_person_joins_them_and_a_mailbox_that_presses_none_is_not_joined(
    presses: str, asked_for: str
) -> None:
    async with all_down(dial=True) as (sim, static):
        sim.dial_outcome, sim.callee_presses = ("completed", 5.0), presses
        call = await sim.ring([HangUp()] if presses else [Speak(tone(2)), Press("#")])
        assert "9 9 9" in call.heard[0]
        assert [words for words in call.whispered if "not recorded" in words] != []
        assert asked_for in static.asked


@pytest.mark.parametrize("given", [{}, {"dial": True}, {"method": "POST"}])
async def test_the_doctor_finds_our_own_fallback_well(given: dict[str, object]) -> None:
    async with a_static_host() as static:
        url = hosted(static, Settings(_env_file=None), **given)
        static.methods = ("GET", "POST")
        number = OurNumber(
            sid="PN" + "1" * 32, phone_number="+441632960000", voice_fallback_url=url, voice_fallback_method="GET"
        )
        async with httpx.AsyncClient(trust_env=False) as http:
            (found,) = await Spare(Outside(account(), http), account(), number).look()
        assert found.state is State.OK, found.what


@pytest.mark.parametrize(
    ("settings", "given", "names"),
    [
        ({"phone": "none yet"}, {}, "FRONTDOOR_PHONE"),
        ({"phone": "01632 960000", "twilio_number": "+441632960000"}, {}, "FRONTDOOR_PHONE"),
        ({}, {"after_url": "https://static.example.org/2"}, "--after-url"),
    ],
)
def test_a_fallback_that_would_ring_itself_or_cannot_find_its_parts_is_not_made(
    settings: dict[str, str], given: dict[str, object], names: str
) -> None:
    whole = settings | {
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_token": "x",
        "twilio_number": "+441632960000",
    }
    with pytest.raises(WrongSetting, match=names):
        made(options(dial=True, **given), Settings(**whole, _env_file=None))  # type: ignore[arg-type]

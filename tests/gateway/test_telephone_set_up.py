"""The telephone's set-up is looked at from every side, told in words an operator can act on, and set right."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from channels.twilio_account.finding import State
from channels.twilio_account.overrides import overrides
from gateway.demo.twilio_sim import HangUp, Speak, tone
from gateway.telephone_set_up import FIRST_PUBLIC, Looked, TelephoneSetUp
from tests.channels.edge_cases.line import Line, a_line
from tests.channels.static_host import ByName, StaticHost, a_static_host

PUBLIC = "https://front.example.org"
TRIED = "#" + overrides("dublin")
FIRST = (
    "<Response><Say>Dial 9 9 9. Or speak after the tone.</Say>"
    '<Record action="after.xml" method="GET"/><Hangup/></Response>'
)
AFTER = "<Response><Say>Goodbye.</Say><Hangup/></Response>"


@dataclass(kw_only=True)
class Round:
    """A gateway with its number, a static host, and whoever looks at both."""

    line: Line
    static: StaticHost
    names: ByName
    http: httpx.AsyncClient

    async def look(
        self, *, fallback: str | None = None, ahead: timedelta | None = None, rings: Sequence[str] = ()
    ) -> Looked:
        client = self.line.channels.twilio
        assert client is not None
        fallback_url = self.static.url + "/fallback.xml" if fallback is None else fallback
        set_up = TelephoneSetUp(
            client,
            self.http,
            now=lambda: self.line.clock() + (ahead or timedelta()),
            fallback_url=fallback_url,
            rings=rings,
        )
        return await set_up.look()

    async def put_right(self) -> Looked:
        client = self.line.channels.twilio
        assert client is not None
        set_up = TelephoneSetUp(client, self.http, now=self.line.clock, fallback_url=self.static.url + "/fallback.xml")
        return await set_up.put_right(await set_up.look())

    def set_all(self) -> None:
        """The number as it has to be."""
        ours = self.line.sim.ours
        ours.voice_url, ours.status_callback = f"{PUBLIC}/twilio/voice{TRIED}", f"{PUBLIC}/twilio/call-status{TRIED}"
        ours.sms_url = ours.sms_fallback_url = f"{PUBLIC}/twilio/sms{TRIED}"
        ours.voice_fallback_url, ours.voice_fallback_method = self.static.url + "/fallback.xml", "GET"


@pytest.fixture
async def rounds(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Round]:
    async with AsyncExitStack() as stack:
        static = await stack.enter_async_context(a_static_host())
        static.files = {"fallback.xml": FIRST, "after.xml": AFTER}
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'frontdoor.db')}"
        line = await stack.enter_async_context(a_line(tmp_path, url, public=PUBLIC, streams=True))
        names = ByName({"front.example.org": line.sim.gateway})
        http = await stack.enter_async_context(httpx.AsyncClient(transport=names))
        yield Round(line=line, static=static, names=names, http=http)


def wrong(looked: Looked) -> dict[str, str]:
    return {one.part: one.what for one in looked.findings if one.state is State.WRONG}


def unseen(looked: Looked) -> dict[str, str]:
    return {one.part: one.what for one in looked.findings if one.state is State.CANNOT_BE_SEEN}


async def test_a_number_as_it_has_to_be_is_well_and_nothing_is_to_be_set(rounds: Round) -> None:
    rounds.set_all()
    await rounds.line.sim.ring([Speak(tone(2)), HangUp()])
    await rounds.line.sim.settle()
    kept = len(rounds.line.messages())
    looked = await rounds.look()
    assert (wrong(looked), looked.changes) == ({}, ())
    assert unseen(looked).keys() == {"region", "account", "messaging service"}
    assert len(rounds.line.messages()) == kept  # looking leaves nothing behind in the ledger


async def test_a_new_number_is_set_in_one_request_and_then_rings_here(rounds: Round) -> None:
    rounds.line.sim.status_callback = ""
    looked = await rounds.look()
    assert wrong(looked).keys() == {"calls", "the end of a call", "texts", "texts, asked once more", "fallback"}
    assert (await rounds.line.sim.ring([])).ended_by == "the number is not set up"
    await rounds.put_right()
    assert len([one for one in rounds.line.sim.asked if one.method == "POST"]) == 1
    assert (wrong(await rounds.look()), (await rounds.look()).changes) == ({}, ())
    call = await rounds.line.sim.ring([HangUp(at=4)])
    await rounds.line.sim.write("The baby cries")
    await rounds.line.sim.settle()
    assert call.heard
    assert {hook.url for hook in rounds.line.sim.sent} >= {PUBLIC + "/twilio/voice", PUBLIC + "/twilio/call-status"}
    await rounds.line.work()
    await rounds.line.later(seconds=2)
    assert sorted(one.channel for one in rounds.line.referrals()) == ["phone", "sms"]


@pytest.mark.parametrize(
    ("name", "value", "part", "says"),
    [
        ("voice_url", "", "calls", "no address is set"),
        ("voice_url", "https://old.example.org/voice", "calls", "not ours"),
        ("voice_url", f"{PUBLIC}/twilio/voice", "calls", "not tried as it has to be"),
        ("voice_url", f"{PUBLIC}/twilio/voice#rc=2&rp=ct&ct=2000&rt=4000&tt=12000", "calls", "not tried"),
        ("voice_method", "GET", "calls", "by GET, not by POST"),
        ("status_callback", "", "the end of a call", "no address is set"),
        ("sms_url", "https://demo.twilio.com/welcome/sms/reply", "texts", "not ours"),
        ("sms_fallback_method", "GET", "texts, asked once more", "by GET, not by POST"),
        ("voice_receive_mode", "fax", "number", "receives faxes"),
        ("voice_fallback_url", "", "fallback", "asks another document, or none"),
        ("voice_fallback_method", "POST", "fallback", "answers to GET"),
    ],
)
async def test_one_setting_that_is_wrong_is_named_and_set_right(
    rounds: Round, name: str, value: str, part: str, says: str
) -> None:
    rounds.set_all()
    setattr(rounds.line.sim.ours, name, value)
    looked = await rounds.look()
    assert wrong(looked).keys() == {part}
    assert says in wrong(looked)[part]
    assert {one.name for one in looked.changes} <= {name, name.replace("_url", "_method")}
    await rounds.put_right()
    assert wrong(await rounds.look()) == {}


async def test_what_is_wrong_twice_is_set_right_at_once(rounds: Round) -> None:
    rounds.set_all()
    rounds.line.sim.ours.sms_url, rounds.line.sim.ours.sms_method = f"{PUBLIC}/twilio/sms", "GET"
    assert {one.name for one in (await rounds.look()).changes} == {"sms_url", "sms_method"}
    assert wrong(await rounds.put_right()) == {}


async def test_the_order_of_what_is_tried_again_says_nothing(rounds: Round) -> None:
    rounds.set_all()
    rounds.line.sim.ours.voice_url = f"{PUBLIC}/twilio/voice#e=dublin&tt=12000&rt=4000&ct=2000&rp=5xx,rt,ct&rc=2"
    assert wrong(await rounds.look()) == {}


@pytest.mark.parametrize(
    ("name", "says"),
    [("voice_application_sid", "calls go to"), ("sms_application_sid", "texts go to"), ("trunk_sid", "a SIP trunk")],
)
async def test_what_takes_the_place_of_our_addresses_is_told_and_taken_off_by_hand(
    rounds: Round, name: str, says: str
) -> None:
    rounds.set_all()
    setattr(rounds.line.sim.ours, name, ("TK" if name == "trunk_sid" else "AP") + "1" * 32)
    looked = await rounds.look()
    assert (says in wrong(looked)["number"], looked.changes) == (True, ())


async def test_a_number_that_carries_no_texts_cannot_be_set_right_from_here(rounds: Round) -> None:
    rounds.set_all()
    rounds.line.sim.ours.carries = ("voice",)
    looked = await rounds.look()
    assert (wrong(looked), looked.changes) == ({"number": "it does not carry texts"}, ())


async def test_emergency_calls_without_a_registered_address_are_named(rounds: Round) -> None:
    rounds.set_all()
    rounds.line.sim.ours.emergency_status = "Active"
    assert wrong(await rounds.look()).keys() == {"emergency address"}
    rounds.line.sim.ours.emergency_address_status = "registered"
    assert wrong(await rounds.look()) == {}


async def test_a_token_that_is_not_accepted_is_told_and_nothing_more_is_asked(rounds: Round) -> None:
    rounds.line.sim.token = "another"
    looked = await rounds.look()
    assert "does not accept our credentials" in wrong(looked)["account"]
    assert looked.changes == ()
    assert len(rounds.line.sim.asked) == 1


async def test_a_number_of_another_account_is_told(rounds: Round) -> None:
    rounds.line.sim.numbers.clear()
    assert wrong(await rounds.look())["number"] == "the account has no such number"


async def test_a_clock_that_is_wrong_is_told_by_the_providers(rounds: Round) -> None:
    rounds.set_all()
    assert "seconds ahead of" in wrong(await rounds.look(ahead=timedelta(minutes=5)))["clock"]
    assert "seconds behind" in wrong(await rounds.look(ahead=timedelta(minutes=-5)))["clock"]


async def test_a_number_is_never_set_to_an_address_that_the_provider_cannot_ask(rounds: Round) -> None:
    client = rounds.line.channels.twilio
    assert client is not None
    client.account = replace(client.account, public_url="https://front_door.example.org")
    looked = await rounds.look()
    assert "underscore" in wrong(looked)["public address"]
    assert {one.name for one in looked.changes} == {"voice_fallback_url", "voice_fallback_method"}
    assert [one.to_do for one in looked.findings if one.part == "calls"] == [FIRST_PUBLIC]


async def test_being_put_through_to_the_number_one_has_rung_is_told(rounds: Round) -> None:
    rounds.set_all()
    assert "go round for ever" in wrong(await rounds.look(rings=("sip:duty@example.org", "01632 960000")))["number"]
    assert wrong(await rounds.look(rings=("+441632960111",))) == {}


async def test_a_change_that_is_not_taken_is_told_and_can_be_tried_again(rounds: Round) -> None:
    rounds.line.sim.faults.rest.append("503")
    refused = await rounds.put_right()
    assert "did not say that it was set" in wrong(refused)["number"]
    assert (rounds.line.sim.ours.voice_url, len(refused.changes) > 4) == ("", True)
    assert wrong(await rounds.put_right()) == {}


async def test_recordings_that_anybody_can_hear_are_told(rounds: Round) -> None:
    rounds.set_all()
    assert "none yet" in unseen(await rounds.look())["recordings"]
    await rounds.line.sim.ring([Speak(tone(2)), HangUp()])
    await rounds.line.sim.settle()
    rounds.line.sim.open_recordings = True
    assert "can hear it" in wrong(await rounds.look())["recordings"]


async def test_a_gateway_that_runs_with_another_token_or_is_not_ours_is_told(rounds: Round) -> None:
    rounds.set_all()
    rounds.names.hosts["front.example.org"] = rounds.static.url
    looked = await rounds.look()
    assert "answers 404" in wrong(looked)["public address"]
    assert "404 where 101 is wanted" in wrong(looked)["streams"]
    async with a_line(rounds.line.core.settings.data_dir, rounds.line.core.settings.database_url) as other:
        rounds.names.hosts["front.example.org"] = other.sim.gateway  # it believes itself to be at another address
        looked = await rounds.look()
        assert "refused there as forged" in wrong(looked)["public address"]
        assert "where 101 is wanted" in wrong(looked)["streams"]


async def test_a_name_nobody_knows_is_wrong_and_a_gateway_that_is_stopped_cannot_be_seen(rounds: Round) -> None:
    rounds.set_all()
    rounds.names.hosts.clear()
    assert "no such host" in wrong(await rounds.look())["public address"]
    rounds.names.hosts["front.example.org"] = "http://127.0.0.1:9"
    assert "nothing answered" in unseen(await rounds.look())["public address"]


async def test_a_fallback_on_our_own_host_is_none(rounds: Round) -> None:
    rounds.set_all()
    looked = await rounds.look(fallback=f"{PUBLIC}/fallback.xml")
    assert "the very host" in wrong(looked)["fallback"]
    assert looked.changes == ()


async def test_without_a_setting_the_fallback_the_number_has_is_looked_at(rounds: Round) -> None:
    rounds.set_all()
    assert wrong(await rounds.look(fallback="")) == {}
    rounds.line.sim.ours.voice_fallback_url = ""
    assert "none is set" in wrong(await rounds.look(fallback=""))["fallback"]

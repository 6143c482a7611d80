"""The pretend account's number does what it is set up to do, and is seen and changed as the provider's is."""

from __future__ import annotations

import asyncio
import time

import pytest

from gateway.demo.twilio_sim import HangUp, TwilioSim
from tests.gateway.demo.twilio_sim.sample_gateway import PUBLIC, SampleGateway

NUMBERS = "/2010-04-01/Accounts/{}/IncomingPhoneNumbers"
START = PUBLIC + "/voice/start"


async def test_a_number_is_found_by_its_digits_and_changed(sim: TwilioSim, gateway: SampleGateway) -> None:
    numbers = sim.url + NUMBERS.format(sim.account)
    listed = (await gateway.http.get(numbers + ".json", params={"PhoneNumber": sim.number})).json()
    (found,) = listed["incoming_phone_numbers"]
    assert (found["phone_number"], found["voice_url"]) == (sim.number, "")
    changed = await gateway.http.post(f"{numbers}/{found['sid']}.json", data={"VoiceUrl": START, "VoiceMethod": "GET"})
    assert (changed.json()["voice_url"], changed.json()["voice_method"]) == (START, "GET")
    await sim.ring([HangUp(at=1)])
    assert [(hook.method, hook.url.partition("?")[0]) for hook in sim.sent] == [("GET", START)]


@pytest.mark.parametrize(("field", "value"), [("VoiceMethod", "PUT"), ("SmsUrl", "example.org/sms")])
async def test_a_setting_that_makes_no_sense_changes_nothing(
    sim: TwilioSim, gateway: SampleGateway, field: str, value: str
) -> None:
    url = f"{sim.url}{NUMBERS.format(sim.account)}/{sim.ours.sid}.json"
    refused = await gateway.http.post(url, data={"StatusCallback": PUBLIC, field: value})
    assert (refused.status_code, sim.status_callback) == (400, "")


async def test_no_other_number_is_found(sim: TwilioSim, gateway: SampleGateway) -> None:
    numbers = sim.url + NUMBERS.format(sim.account)
    listed = await gateway.http.get(numbers + ".json", params={"PhoneNumber": "+441632960999"})
    assert listed.json()["incoming_phone_numbers"] == []
    assert (await gateway.http.get(f"{numbers}/PN{'0' * 32}.json")).status_code == 404


async def test_a_number_that_is_not_set_up_or_hands_over_to_an_application_asks_nothing_of_us(sim: TwilioSim) -> None:
    assert (await sim.ring([])).ended_by == "the number is not set up"
    sim.ours.voice_url, sim.ours.voice_application_sid = START, "AP" + "1" * 32
    assert (await sim.ring([])).ended_by == "the number is not set up"
    assert (await sim.write("hello"), sim.sent) == (None, [])


async def test_a_text_that_fails_is_taken_to_the_fallback_address(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.ours.sms_url, sim.ours.sms_fallback_url = "http://127.0.0.1:9/sms", PUBLIC + "/sms/in"
    reply = await sim.write("hello")
    assert reply is not None
    assert (reply.status_code, gateway.got("sms-in")[0]["ErrorCode"]) == (200, "11200")


async def test_all_tries_together_take_no_longer_than_was_asked(sim: TwilioSim) -> None:
    connected: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda reader, writer: connected.append(writer), "127.0.0.1", 0)
    silent = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
    began = time.monotonic()
    await sim.deliver(silent + "#rc=5&rp=rt&rt=200&tt=500", {})
    assert (len(sim.sent), time.monotonic() - began < 2) == (3, True)
    await sim.deliver(silent + "#rc=1&rp=all&rt=100&ct=99999", {})
    assert [hook.error for hook in sim.sent] == ["rt"] * 5
    server.close()
    for writer in connected:
        writer.close()

"""Webhooks fail, repeat, reorder and are forged as the provider's really are."""

from __future__ import annotations

import asyncio

from gateway.demo.twilio_sim import HangUp, Press, Speak, TwilioSim, tone
from gateway.demo.twilio_sim.twiml import APP_ERROR
from tests.gateway.demo.twilio_sim.sample_gateway import PUBLIC, SampleGateway

START = "/voice/start"
TOKEN = "I-Twilio-Idempotency-Token"


async def test_a_wrong_signature_is_refused_and_the_caller_hears_the_error(sim: TwilioSim) -> None:
    sim.faults.bad_signature = True
    call = await sim.call(START, [Press("2")])
    assert (call.heard, sim.sent[0].status) == ([APP_ERROR], 403)


async def test_an_error_without_a_fallback_url_ends_the_call(sim: TwilioSim, gateway: SampleGateway) -> None:
    gateway.broken = "menu"
    call = await sim.call(START, [Press("2")])
    assert (call.heard[-1], call.ended_by) == (APP_ERROR, "application error 11200")


async def test_an_error_is_taken_to_the_fallback_url(sim: TwilioSim, gateway: SampleGateway) -> None:
    gateway.broken, sim.fallback_url = "menu", PUBLIC + "/voice/fallback"
    call = await sim.call(START, [Press("2"), Speak(tone(1)), HangUp()])
    assert gateway.got("fallback")[0]["ErrorCode"] == "11200"
    assert "[beep]" in call.heard


async def test_a_lost_reply_is_asked_for_again_with_the_same_token(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.lose_responses = 1
    await sim.call(START, [HangUp(at=0.5)])
    first, second = sim.sent
    assert first.headers[TOKEN] == second.headers[TOKEN]
    assert gateway.steps() == ["start", "start"]
    assert (first.error, second.status) == ("lost", 200)


async def test_connection_overrides_decide_what_is_tried_again(sim: TwilioSim, gateway: SampleGateway) -> None:
    gateway.broken = "start"
    await sim.call(START + "#rc=2&rp=5xx,rt&e=dublin", [])
    assert [hook.status for hook in sim.sent] == [500, 500, 500]
    await sim.call(START, [])  # by default only failed connections are tried again
    assert len(sim.sent) == 4


async def test_a_slow_reply_and_no_connection_are_told_apart(sim: TwilioSim) -> None:
    connected: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda reader, writer: connected.append(writer), "127.0.0.1", 0)
    await sim.deliver(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x#rt=100", {})
    await sim.deliver("http://127.0.0.1:9/x", {})
    assert [hook.error for hook in sim.sent] == ["rt", "ct", "ct"]
    server.close()
    for writer in connected:
        writer.close()


async def test_nothing_ever_leaves_this_machine(sim: TwilioSim) -> None:
    await sim._http.aclose()  # using the client at all would now be an error
    await sim.deliver("https://example.org/", {})
    assert [hook.error for hook in sim.sent] == ["ct", "ct"]


async def test_callbacks_come_late_twice_and_in_the_wrong_order(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.reverse_callbacks, sim.faults.duplicate_callbacks, sim.faults.callback_delay = True, 1, 0.1
    await gateway.text(status_callback=PUBLIC + "/sms/status")
    assert gateway.got("sms-status") == []
    await sim.settle()
    statuses = [p["MessageStatus"] for p in gateway.got("sms-status")]
    assert statuses == ["delivered", "delivered", "sent", "sent"]
    assert len({hook.headers[TOKEN] for hook in sim.sent}) == 4


async def test_an_earlier_webhook_can_be_replayed_byte_for_byte(sim: TwilioSim, gateway: SampleGateway) -> None:
    await sim.sms("/sms/in", "hello")
    reply = await sim.replay(sim.sent[0])
    assert reply is not None
    assert (reply.status_code, gateway.steps()) == (200, ["sms-in", "sms-in"])
    assert sim.sent[-1].headers == sim.sent[0].headers


async def test_a_json_webhook_is_protected_by_the_hash_of_its_body(sim: TwilioSim, gateway: SampleGateway) -> None:
    reply = await sim.send_json("/voice/event", {"a": 1})
    assert reply is not None
    assert (reply.status_code, gateway.got("event")[0]["json"]) == (200, '{"a": 1}')
    sim.sent[0].body = b'{"a": 2}'
    forged = await sim.replay(sim.sent[0])
    assert forged is not None
    assert forged.status_code == 403


async def test_leaving_after_an_error_sends_no_more_callbacks(gateway: SampleGateway) -> None:
    async def stop_early() -> TwilioSim:
        async with TwilioSim("http://127.0.0.1:9") as sim:
            sim.faults.callback_delay = 60.0
            sim.later(sim.callbacks([("/x", {})], "call"))
            await asyncio.sleep(0)
            raise KeyError(len(sim.sent))

    began = asyncio.get_running_loop().time()
    try:
        await stop_early()
    except KeyError as error:
        assert error.args == (0,)
    assert asyncio.get_running_loop().time() - began < 10

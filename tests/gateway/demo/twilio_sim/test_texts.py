"""Texts go in and out as the provider carries them, and are refused with its own codes."""

from __future__ import annotations

import httpx

from gateway.demo.twilio_sim import Press, Speak, Text, TwilioSim, tone
from gateway.demo.twilio_sim.segments import segments
from tests.gateway.demo.twilio_sim.sample_gateway import PUBLIC, SID, TOKEN, SampleGateway

PHONE = "+447700900123"


async def test_awkward_words_and_pictures_arrive_unchanged(sim: TwilioSim, gateway: SampleGateway) -> None:
    body = "He hit her \U0001f622\r\n& said \u201cno\u201d +1 100% \u00e9  "
    reply = await sim.sms("/sms/in", body, media=[("image/png", b"\x89PNG1"), ("audio/amr", b"#!AMR")])
    await sim.settle()
    assert reply is not None
    assert (reply.status_code, gateway.got("sms-in")[0]["Body"]) == (200, body)
    assert gateway.media == [b"\x89PNG1", b"#!AMR"]
    assert [text.body for text in sim.messages.values()] == ["Thanks"]


async def test_media_needs_credentials_and_the_storage_host_refuses_them(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    await sim.sms("/sms/in", "", media=[("image/png", b"\x89PNG1")])
    url = gateway.got("sms-in")[0]["MediaUrl0"]
    async with httpx.AsyncClient(trust_env=False) as http:
        first, second = await http.get(url), await http.get(url, auth=(SID, TOKEN))
        third = await http.get(second.headers["location"], auth=(SID, TOKEN))
    assert (first.status_code, second.status_code, third.status_code) == (401, 307, 400)


async def test_stop_blocks_replies_and_sends_until_start(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.advanced_opt_out = True
    await sim.sms("/sms/in", " stop ")
    assert (gateway.got("sms-in")[0]["OptOutType"], sim.messages) == ("STOP", {})
    assert await gateway.refusal(PHONE) == 21610
    await sim.sms("/sms/in", "START")
    assert await gateway.refusal(PHONE) == 0


async def test_wrong_requests_are_refused_with_the_providers_codes(sim: TwilioSim, gateway: SampleGateway) -> None:
    assert await gateway.refusal("07700900123") == 21211
    assert await gateway.refusal(PHONE, "x" * 1601) == 21617
    sim.faults.rest.extend(["429", "500"])
    assert [await gateway.refusal(PHONE) for _ in range(2)] == [20429, 20500]
    assert sim.messages == {}
    async with httpx.AsyncClient(trust_env=False, auth=("AC", "no")) as http:
        reply = await http.post(f"{sim.url}/2010-04-01/Accounts/{SID}/Messages.json")
    assert (reply.status_code, reply.json()["code"]) == (401, 20003)


async def test_a_text_may_be_accepted_without_the_client_learning_of_it(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.rest_hang = 1.0
    sim.faults.rest.extend(["drop", "timeout"])
    for _ in range(2):
        await sim.call("/voice/start", [Press("2"), Speak(tone(1)), Press("#")])
        await sim.settle()
    assert (len(gateway.got("sms-unknown")), len(sim.messages)) == (2, 2)
    assert [p["MessageStatus"] for p in gateway.got("sms-status")] == ["sent", "delivered"] * 2


async def test_undelivered_texts_say_why(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.outcomes = {"+441214960000": ("undelivered", 30006), "+447700900999": ("failed", 30003)}
    for to in sim.outcomes:
        await gateway.text(to, status_callback=PUBLIC + "/sms/status")
    await sim.settle()
    seen = sorted((p["To"], p["MessageStatus"], p.get("ErrorCode", "")) for p in gateway.got("sms-status"))
    assert seen == [
        ("+441214960000", "sent", ""),
        ("+441214960000", "undelivered", "30006"),
        ("+447700900999", "failed", "30003"),
    ]


async def test_a_share_of_texts_can_be_made_to_fail(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.failure_rate = 1.0
    sid = await gateway.text()
    await sim.settle()
    assert (await gateway.rest.messages(sid).fetch_async()).status == "undelivered"


async def test_whoever_watches_sees_each_text_a_phone_received(sim: TwilioSim, gateway: SampleGateway) -> None:
    received: list[Text] = []
    sim.on_message, sim.outcomes["+447700900999"] = received.append, ("undelivered", 30003)
    for to in (PHONE, "+447700900999"):
        await gateway.text(to, body="we have it")
    await sim.settle()
    assert [(text.recipient, text.body) for text in received] == [(PHONE, "we have it")]


def test_segments_are_counted_as_billed() -> None:
    texts = ["a" * 160, "a" * 161, "\u20ac" * 80, "\u20ac" * 81, "\u2019" * 70, "\u2019" * 71, "\U0001f622" * 36]
    assert [segments(text) for text in texts] == [1, 2, 1, 2, 1, 2, 2]

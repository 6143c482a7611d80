"""Each text can be given its fate, and news of it can be late, unheard or never come."""

from __future__ import annotations

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from gateway.demo.twilio_sim import DELIVERED, STUCK, UNHEARD, WAITING, Fate, TwilioSim, failing, refusing
from tests.gateway.demo.twilio_sim.sample_gateway import PUBLIC, SID, SampleGateway

BASE = f"/2010-04-01/Accounts/{SID}"
STATUS = PUBLIC + "/sms/status"
PHONE = "+447700900123"


async def status(gateway: SampleGateway, sid: str) -> str:
    return str((await gateway.rest.messages(sid).fetch_async()).status)


async def test_each_next_text_has_the_fate_it_was_given(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.fates.extend([failing("undelivered", 30003), failing("failed", 30036), WAITING, STUCK])
    sids = [await gateway.text(status_callback=STATUS) for _ in range(5)]
    await sim.settle()
    assert [await status(gateway, sid) for sid in sids] == ["undelivered", "failed", "queued", "sent", "delivered"]
    told = {
        sid: [one["MessageStatus"] for one in gateway.got("sms-status") if one["MessageSid"] == sid] for sid in sids
    }
    assert list(told.values()) == [["sent", "undelivered"], ["failed"], [], ["sent"], ["sent", "delivered"]]


async def test_a_refused_text_is_not_taken(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.fates.append(refusing(21635))
    assert [await gateway.refusal(PHONE) for _ in range(2)] == [21635, 0]
    assert len(sim.messages) == 1


async def test_what_nobody_was_told_the_api_still_knows(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.fates.append(UNHEARD)
    first = await gateway.text(status_callback=STATUS)
    sim.faults.lose_callbacks = True
    second = await gateway.text(status_callback=STATUS)
    await sim.settle()
    assert gateway.got("sms-status") == []
    assert [await status(gateway, sid) for sid in (first, second)] == ["delivered", "delivered"]


async def test_news_of_a_text_may_come_long_after(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.fates.append(STUCK)
    sid = await gateway.text(status_callback=STATUS)
    await sim.settle()
    await sim.becomes(sid, Fate(states=("undelivered",), code=30008))
    assert [fields["MessageStatus"] for fields in gateway.got("sms-status")] == ["sent", "undelivered"]
    fetched = await gateway.rest.messages(sid).fetch_async()
    assert (fetched.status, fetched.error_code) == ("undelivered", 30008)


async def test_a_callback_keeps_its_query_and_is_signed_with_it(sim: TwilioSim, gateway: SampleGateway) -> None:
    await gateway.text(status_callback=STATUS + "?notice=n%201&x=#rc=2&rp=5xx")
    await sim.settle()
    assert [(hook.url, hook.status) for hook in sim.sent] == [(STATUS + "?notice=n%201&x=", 200)] * 2
    sim.sent[0].url = STATUS + "?notice=n%202&x="
    forged = await sim.replay(sim.sent[0])
    assert forged is not None
    assert forged.status_code == 403


async def test_news_can_be_told_before_the_answer_to_the_post(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.rest.append("timeout")
    sim.faults.rest_hang = 0.3
    sid = await gateway.text(status_callback=STATUS)
    assert [fields["MessageSid"] for fields in gateway.got("sms-status")] == [sid, sid]


async def test_a_busy_provider_says_how_long_to_wait(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.rest.extend(["429", "429"])
    replies = []
    for seconds in (0, 120):
        sim.faults.retry_after = seconds
        replies.append(await gateway.http.post(f"{sim.url}{BASE}/Messages.json", data={"To": PHONE}))
    assert [(reply.status_code, reply.headers.get("retry-after")) for reply in replies] == [(429, None), (429, "120")]


async def test_one_text_can_be_asked_for_unless_the_provider_is_out_of_order(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    sid = await gateway.text()
    sim.faults.read_errors = 1
    with pytest.raises(TwilioRestException, match="503"):
        await status(gateway, sid)
    await sim.settle()
    assert await status(gateway, sid) == "delivered"
    with pytest.raises(TwilioRestException, match="404"):
        await status(gateway, "SM" + "0" * 32)


async def test_texts_are_found_by_both_numbers_and_how_long_they_are_good_for_is_known(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    sid = await gateway.text(validity_period="36000")
    await gateway.text("+447700900124")
    found = [text.sid async for text in await gateway.rest.messages.stream_async(to=PHONE, from_=sim.number)]
    assert (found, sim.messages[sid].validity) == ([sid], 36000)


async def test_every_request_to_the_api_is_remembered_as_it_came(sim: TwilioSim, gateway: SampleGateway) -> None:
    await gateway.text(body="We have it & more")
    async with httpx.AsyncClient(trust_env=False) as http:
        await http.get(f"{sim.url}{BASE}/Calls.json?To=%2B441632960000")
    post, get = sim.asked
    assert (post.method, post.path, post.form["Body"]) == ("POST", f"{BASE}/Messages.json", "We have it & more")
    assert (get.method, get.query, "authorization" in get.headers) == ("GET", "To=%2B441632960000", False)
    assert "authorization" in post.headers


def test_fates_say_what_they_are() -> None:
    assert (DELIVERED.states, failing("failed", 30006).states) == (("sent", "delivered"), ("failed",))
    assert refusing(21610).states == ()

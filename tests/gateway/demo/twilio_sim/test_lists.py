"""The lists show everything that came in and went out, also what no webhook delivered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.demo.twilio_sim import HangUp, Press, Speak, TwilioSim, tone
from tests.gateway.demo.twilio_sim.sample_gateway import SID, SampleGateway

BASE = f"/2010-04-01/Accounts/{SID}"
START = "/voice/start"
HOUR = timedelta(hours=1)


async def bodies(gateway: SampleGateway, **asked: object) -> list[str]:
    return [text.body async for text in await gateway.rest.messages.stream_async(**asked)]


async def test_texts_in_and_out_are_listed_newest_first(sim: TwilioSim, gateway: SampleGateway) -> None:
    await sim.sms("/sms/in", "first")
    await gateway.text(body="second")
    assert await bodies(gateway) == ["second", "Thanks", "first"]
    assert await bodies(gateway, to=sim.number) == ["first"]
    assert await bodies(gateway, from_=sim.number, to="+447700900123") == ["second", "Thanks"]


async def test_a_text_whose_webhook_was_lost_is_in_the_list_with_its_pictures(
    sim: TwilioSim, gateway: SampleGateway
) -> None:
    sim.gateway = "http://127.0.0.1:9"  # nobody listens
    await sim.sms("/sms/in", "help", media=[("image/png", b"1"), ("image/jpeg", b"2")])
    (text,) = [text async for text in await gateway.rest.messages.stream_async(to=sim.number)]
    media = [item async for item in await gateway.rest.messages(text.sid).media.stream_async()]
    assert (text.body, text.num_media, text.direction) == ("help", "2", "inbound")
    assert [item.content_type for item in media] == ["image/png", "image/jpeg"]
    assert {item.sid for item in media} == set(sim.media)


async def test_a_long_list_comes_in_pages_without_gaps_or_repeats(sim: TwilioSim, gateway: SampleGateway) -> None:
    for i in range(7):
        await gateway.text(body=str(i))
    assert await bodies(gateway, page_size=3) == [str(i) for i in reversed(range(7))]
    first = (await gateway.http.get(f"{sim.url}{BASE}/Messages.json?PageSize=3&To=%2B447700900123")).json()
    assert first["next_page_uri"] == f"{BASE}/Messages.json?To=%2B447700900123&PageSize=3&Page=1"
    last = (await gateway.http.get(f"{sim.url}{BASE}/Messages.json?PageSize=3&Page=2")).json()
    assert (len(last["messages"]), last["next_page_uri"], last["end"]) == (1, None, 6)


async def test_dates_narrow_a_list_and_what_has_none_is_left_out(sim: TwilioSim, gateway: SampleGateway) -> None:
    await sim.sms("/sms/in", "yesterday")
    for text in sim.incoming.values():
        text.sent_at = datetime.now(UTC) - timedelta(days=1)
    await sim.sms("/sms/in", "now")
    await sim.settle()
    for text in sim.messages.values():
        text.sent_at = None  # still in the queue
    now = datetime.now(UTC)
    assert await bodies(gateway, date_sent_after=now - HOUR) == ["now"]
    assert await bodies(gateway, date_sent_before=now - HOUR) == ["yesterday"]
    day = (await gateway.http.get(f"{sim.url}{BASE}/Messages.json?DateSent={now:%Y-%m-%d}")).json()
    assert [text["body"] for text in day["messages"]] == ["now"]


async def test_calls_are_listed_also_when_nobody_answered_the_webhook(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.gateway = "http://127.0.0.1:9"
    call = await sim.call(START, [HangUp(at=4)])
    asked = {"to": sim.number, "start_time_after": datetime.now(UTC) - HOUR}
    (listed,) = [one async for one in await gateway.rest.calls.stream_async(**asked)]
    assert (listed.sid, listed.direction, listed.status) == (call.sid, "inbound", "completed")
    assert [one async for one in await gateway.rest.calls.stream_async(to="+441632960999")] == []


async def test_recordings_are_listed_by_date_and_by_call(sim: TwilioSim, gateway: SampleGateway) -> None:
    calls = [await sim.call(START, [Press("2"), Speak(tone(1)), Press("#")]) for _ in range(2)]
    await sim.settle()
    since = datetime.now(UTC) - HOUR
    listed = [one async for one in await gateway.rest.recordings.stream_async(date_created_after=since)]
    assert [one.call_sid for one in listed] == [calls[1].sid, calls[0].sid]
    of_one = [one async for one in await gateway.rest.recordings.stream_async(call_sid=calls[0].sid)]
    same = [one async for one in await gateway.rest.calls(calls[0].sid).recordings.stream_async()]
    assert [one.sid for one in of_one] == [one.sid for one in same] == [listed[1].sid]


async def test_a_deleted_recording_is_gone(sim: TwilioSim, gateway: SampleGateway) -> None:
    await sim.call(START, [Press("2"), Speak(tone(1)), Press("#")])
    await sim.settle()
    (sid,) = sim.recordings
    assert (await gateway.rest.recordings(sid).fetch_async()).duration == "1"
    assert await gateway.rest.recordings(sid).delete_async()
    assert (await gateway.http.get(f"{sim.url}{BASE}/Recordings/{sid}.json")).status_code == 404


async def test_a_list_can_fail_for_a_while(sim: TwilioSim, gateway: SampleGateway) -> None:
    sim.faults.list_errors = 1
    replies = [await gateway.http.get(f"{sim.url}{BASE}/Calls.json") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [503, 200]

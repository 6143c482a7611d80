"""Only what our provider signed gets in, whatever else a request says of itself."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.channels.twilio_account.signed import (
    BODY,
    FIELDS,
    FORM,
    OLD_TOKEN,
    PUBLIC,
    Door,
    hashed,
    signature,
)

SMS = PUBLIC + "/twilio/sms"
GENUINE = signature(SMS, FIELDS)


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_genuine_webhook_is_handed_on_to_the_last_byte(door: Door) -> None:
    reply = await door.post(x_twilio_signature=GENUINE, i_twilio_idempotency_token="once")
    (taken,) = door.taken
    assert (reply.status_code, taken.raw, taken.url, taken.idempotency_token) == (200, BODY, SMS, "once")
    assert taken.form.multi_items() == list(FIELDS.items())
    assert (taken.value("CallSid"), taken.value("Digits"), taken.media_type) == ("CA1", "", FORM.split(";")[0])


async def test_a_missing_signature_is_403_and_not_an_error_of_ours(door: Door) -> None:
    assert [(await door.post()).status_code, (await door.post(x_twilio_signature="")).status_code] == [403, 403]
    assert door.taken == []


@pytest.mark.parametrize(
    "changed", [BODY + b"&x=", BODY.replace(b"%0D%0A", b"%0A"), BODY.replace(b"FromCity=&", b""), BODY + b"+", b""]
)
async def test_a_changed_body_is_403(door: Door, changed: bytes) -> None:
    assert (await door.post(body=changed, x_twilio_signature=GENUINE)).status_code == 403
    assert door.taken == []


async def test_a_signature_for_another_address_is_403(door: Door) -> None:
    for path in ("/twilio/voice", "/twilio/sms/", "/twilio/sms?x=1"):
        assert (await door.post(path, x_twilio_signature=GENUINE)).status_code == 403
    assert door.taken == []


async def test_a_signature_no_provider_would_write_is_403(door: Door) -> None:
    async with door.client() as http:
        for odd in (b"\xff\xfe", b"x" * 5000, GENUINE.encode() + b"=", GENUINE.lower().encode()):
            headers = [(b"x-twilio-signature", odd), (b"content-type", FORM.encode())]
            assert (await http.post("/twilio/sms", content=BODY, headers=headers)).status_code == 403
    assert door.taken == []


async def test_two_signatures_are_one_too_many(door: Door) -> None:
    headers = [("x-twilio-signature", GENUINE), ("x-twilio-signature", GENUINE), ("content-type", FORM)]
    async with door.client() as http:
        assert (await http.post("/twilio/sms", content=BODY, headers=headers)).status_code == 403


async def test_both_tokens_sign_while_the_token_is_changed_and_no_other_does(door: Door) -> None:
    for token, status in ((OLD_TOKEN, 200), ("wrong", 403)):
        reply = await door.post(x_twilio_signature=signature(SMS, FIELDS, token))
        assert reply.status_code == status
    alone = Door(auth_tokens=("new-token",))
    assert (await alone.post(x_twilio_signature=signature(SMS, FIELDS, OLD_TOKEN))).status_code == 403


async def test_the_request_does_not_say_who_we_are(door: Door) -> None:
    elsewhere = signature("https://evil.example.org/twilio/sms", FIELDS)
    for given, status in ((elsewhere, 403), (GENUINE, 200)):
        reply = await door.post(
            x_twilio_signature=given,
            host="evil.example.org",
            x_forwarded_host="evil.example.org",
            x_forwarded_proto="https",
            forwarded="host=evil.example.org;proto=https",
        )
        assert reply.status_code == status


async def test_the_request_does_not_choose_the_key_or_the_algorithm(door: Door) -> None:
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    strong = signature(SMS, FIELDS, digest="sha256")
    for given, status in ((strong, 403), (GENUINE, 200)):
        reply = await door.post(x_twilio_signature=given, x_twilio_webhooks_signature_settings=settings)
        assert reply.status_code == status


async def test_repeated_names_are_all_signed_and_all_kept(door: Door) -> None:
    body, signed = b"Event=a&Event=b", signature(SMS + "EventaEventb")
    assert (await door.post(body=body, x_twilio_signature=signed)).status_code == 200
    assert door.taken[0].form.getlist("Event") == ["a", "b"]
    assert (await door.post(body=b"Event=b", x_twilio_signature=signed)).status_code == 403


async def test_the_query_is_signed_as_it_stood_on_the_wire(door: Door) -> None:
    path = "/twilio/voice/step%201?ref=KMR%2D4729&x="
    assert (await door.post(path, x_twilio_signature=signature(PUBLIC + path, FIELDS))).status_code == 200
    assert door.taken[0].url == PUBLIC + path


async def test_a_port_in_the_signed_address_makes_no_difference() -> None:
    for public in (PUBLIC, PUBLIC + ":443", PUBLIC + "/"):
        door = Door(public_url=public)
        for url in (SMS, PUBLIC + ":443/twilio/sms"):
            assert (await door.post(x_twilio_signature=signature(url, FIELDS))).status_code == 200
    odd = Door(public_url=PUBLIC + ":8443")
    assert (await odd.post(x_twilio_signature=signature(PUBLIC + ":8443/twilio/sms", FIELDS))).status_code == 200
    assert (await odd.post(x_twilio_signature=signature(PUBLIC + ":9/twilio/sms", FIELDS))).status_code == 403


async def test_a_public_address_below_a_path_is_signed_with_it() -> None:
    door = Door(public_url=PUBLIC + "/frontdoor")
    url = PUBLIC + "/frontdoor/twilio/sms"
    assert (await door.post(x_twilio_signature=signature(url, FIELDS))).status_code == 200


async def test_json_is_genuine_only_with_the_hash_of_its_body(door: Door) -> None:
    body, path = b'{"a": "\xc3\xa9"}', hashed("/twilio/events", b'{"a": "\xc3\xa9"}')
    given = signature(PUBLIC + path)
    assert (await door.post(path, body, "application/json", x_twilio_signature=given)).status_code == 200
    assert (door.taken[0].raw, door.taken[0].form.multi_items()) == (body, [])
    for forged in (b'{"a": 2}', b"", body + b" "):
        assert (await door.post(path, forged, "application/json", x_twilio_signature=given)).status_code == 403


async def test_json_without_a_hash_is_403_and_not_an_error_of_ours(door: Door) -> None:
    given = signature(PUBLIC + "/twilio/events")
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        reply = await door.post("/twilio/events", b'{"a": 1}', kind, x_twilio_signature=given)
        assert reply.status_code == 403
    assert door.taken == []


async def test_two_hashes_do_not_let_a_forger_choose(door: Door) -> None:
    genuine, forged = hashed("", b"{}").removeprefix("?"), b'{"a": 2}'
    path = f"{hashed('/twilio/events', forged)}&{genuine}"
    given = signature(PUBLIC + path)
    assert (await door.post(path, forged, "application/json", x_twilio_signature=given)).status_code == 403


async def test_a_signature_over_the_address_alone_covers_no_body(door: Door) -> None:
    path = hashed("/twilio/events", b'{"a": 1}')
    given = signature(PUBLIC + path)
    assert (await door.post(path, b"&&&", x_twilio_signature=given)).status_code == 403
    bare = signature(SMS)
    assert (await door.post(body=b"&&&", x_twilio_signature=bare)).status_code == 403
    assert (await door.post(body=b"", x_twilio_signature=bare)).status_code == 200


async def test_bodies_beyond_all_measure_are_403_before_they_fill_the_memory(door: Door) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b"x" * 65536

    async def flow() -> object:
        for chunk in endless():
            yield chunk

    headers = {"content-type": FORM, "x-twilio-signature": GENUINE}
    transport = httpx.ASGITransport(door.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.1") as http:
        reply = await http.post("/twilio/sms", content=flow(), headers=headers)  # type: ignore[arg-type]
    assert reply.status_code == 403
    assert sent < 1_200_000
    many = b"&".join(b"a%d=" % i for i in range(1001))
    assert (await door.post(body=many, x_twilio_signature=GENUINE)).status_code == 403

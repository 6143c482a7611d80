"""Every request the gateway makes is one the provider's own OpenAPI description knows, wherever that is at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from channels.contract import Fetcher, NotReadyYet
from gateway.demo.twilio_sim import Asked, Silent, Speak, tone
from gateway.telephone_set_up import TelephoneSetUp, asks
from tests.channels.edge_cases.line import Line

ROOT = Path(__file__).parents[3]
DESCRIPTION = ROOT.parent / "shared" / "spec" / "twilio_api_v2010_subset.json"
HOST = "https://api.twilio.com"
MEDIA = re.compile(r"/Recordings/RE\w{32}\.wav|/Messages/\w{34}/Media/ME\w{32}|/cdn/ME\w{32}")
pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="the provider's OpenAPI description is not on this machine"
)


async def everything_asked(line: Line) -> list[Asked]:
    """One of each thing the gateway ever asks its provider; a file is no resource and is not described."""
    line.sim.faults.rest.append("drop")
    await line.sim.sms("/twilio/sms", "Look", media=[("image/png", b"\x89PNG")])
    await line.sim.call("/twilio/voice", [Speak(tone(2)), Silent(30)], frm="+447700900124")
    await line.later(minutes=1)
    gateway, line.sim.gateway = line.sim.gateway, "http://127.0.0.1:9"
    await line.sim.sms("/twilio/sms", "Look", media=[("image/png", b"\x89PNG")], frm="+447700900125")
    line.sim.gateway = gateway
    await line.recall()
    client = line.channels.twilio
    assert client is not None
    await client.rest.messages(next(iter(line.sim.messages))).fetch_async()
    await a_recording_that_is_not_ready(line)
    async with asks() as http:
        set_up = TelephoneSetUp(client, http, now=line.clock, fallback_url="http://127.0.0.2:9/fallback.xml")
        await set_up.put_right(await set_up.look())
    return [one for one in line.sim.asked if not MEDIA.search(one.path)]


async def a_recording_that_is_not_ready(line: Line) -> None:
    """Its state is asked for where its sound cannot be had."""
    line.sim.faults.recording_delay = 60
    late = line.sim.record("CA" + "1" * 32, b"", "RecordVerb")
    voicemail = line.channels.receivers["voicemail"]
    assert isinstance(voicemail, Fetcher)
    with pytest.raises(NotReadyYet):
        await voicemail.fetch(late.sid)
    line.sim.faults.recording_delay = 0


async def test_every_request_is_described_and_names_nothing_that_is_not(line: Line) -> None:
    openapi = pytest.importorskip("openapi_core", reason="openapi-core is not installed")
    testing = pytest.importorskip("openapi_core.testing", reason="openapi-core is not installed")
    description = json.loads(DESCRIPTION.read_text())
    api = openapi.OpenAPI.from_dict(description)
    asked = await everything_asked(line)
    for one in asked:
        given = {"args": dict(parse_qsl(one.query)), "headers": one.headers, "data": one.body}
        kind = one.headers.get("content-type", "")
        api.validate_request(testing.MockRequest(HOST, one.method.lower(), one.path, content_type=kind, **given))
        path, names = operation(description, one)
        assert {*dict(parse_qsl(one.query)), *one.form} <= names, path
    kinds = {(one.method, operation(description, one)[0].rpartition("{AccountSid}")[2]) for one in asked}
    assert kinds == {
        ("POST", "/Messages.json"), ("GET", "/Messages.json"), ("GET", "/Messages/{Sid}.json"),
        ("GET", "/Messages/{MessageSid}/Media.json"), ("GET", "/Calls.json"), ("GET", "/Recordings.json"),
        ("GET", "/Recordings/{Sid}.json"), ("GET", "/IncomingPhoneNumbers.json"),
        ("POST", "/IncomingPhoneNumbers/{Sid}.json"),
    }  # fmt: skip


async def test_a_request_that_is_not_described_would_be_found(line: Line) -> None:
    openapi = pytest.importorskip("openapi_core", reason="openapi-core is not installed")
    testing = pytest.importorskip("openapi_core.testing", reason="openapi-core is not installed")
    description = json.loads(DESCRIPTION.read_text())
    path = f"/2010-04-01/Accounts/{line.sim.account}/Messages.json"
    wrong = testing.MockRequest(HOST, "get", path, args={"PageSize": "many"}, headers={"Authorization": "Basic eA=="})
    with pytest.raises(openapi.exceptions.OpenAPIError):
        openapi.OpenAPI.from_dict(description).validate_request(wrong)


def test_no_other_resource_of_the_provider_is_asked_for_anywhere() -> None:
    """A new kind of request has to be added above before this passes."""
    sources = [
        path.read_text("utf-8")
        for room in ("channels", "gateway")
        for path in (ROOT / room).rglob("*.py")
        if "demo" not in path.parts
    ]
    asked = {name for source in sources for name in re.findall(r"\.rest\.(\w+)", source)}
    assert asked == {"messages", "calls", "recordings", "incoming_phone_numbers"}


def operation(description: dict[str, Any], one: Asked) -> tuple[str, set[str]]:
    """The described path of a request, and every query parameter and form field it may have."""
    path = next(path for path in description["paths"] if re.fullmatch(re.sub(r"\{\w+\}", r"[^/.]+", path), one.path))
    return path, set(names_of(description, description["paths"][path][one.method.lower()]))


def names_of(description: dict[str, Any], said: dict[str, Any]) -> Iterator[str]:
    """Query parameters, then form fields."""
    yield from (parameter["name"] for parameter in said.get("parameters", []))
    for body in said.get("requestBody", {}).get("content", {}).values():
        schema = body["schema"]
        if "$ref" in schema:
            schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        yield from schema["properties"]

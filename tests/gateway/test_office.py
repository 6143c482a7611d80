"""Addresses that are none: a page for people, a problem for programs."""

import httpx

from gateway.app import build_app
from gateway.core import Core
from gateway.wiring import wire_channels


async def test_a_wrong_address_shows_people_how_to_reach_us_and_programs_a_problem(core: Core) -> None:
    channels = wire_channels(core)
    transport = httpx.ASGITransport(build_app(core, channels))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as web:
        person, program = await web.get("/reprot"), await web.get("/api/v1/nothing")
        static = await web.get("/static/nothing.css")
    assert (person.status_code, program.status_code, static.status_code) == (404, 404, 404)
    assert 'href="/report"' in person.text
    assert "999" in person.text
    assert program.headers["content-type"] == "application/problem+json"
    assert "<html" not in static.text
    await channels.close()

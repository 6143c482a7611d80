"""A number's fallback is followed to its end as the provider would follow it, and found wanting where it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from channels.twilio_account.finding import Finding, State
from channels.twilio_account.our_number import OurNumber
from channels.twilio_account.outside import Outside
from channels.twilio_account.spare import Spare
from tests.channels.static_host import ByName, StaticHost, a_static_host
from tests.channels.twilio_account.signed import account

PUBLIC = "https://front.example.org"
FIRST = (
    "<Response><Say>Dial 9 9 9. Or speak after the tone.</Say>"
    '<Record action="after.xml" method="GET"/><Hangup/></Response>'
)
AFTER = "<Response><Say>Goodbye.</Say><Hangup/></Response>"


@pytest.fixture
async def static() -> AsyncIterator[StaticHost]:
    async with a_static_host() as host:
        host.files = {"fallback.xml": FIRST, "after.xml": AFTER}
        yield host


async def look(static: StaticHost, *, url: str = "", **settings: str) -> tuple[Finding, ...]:
    """What is found of a number with these settings whose fallback is to be at the static host, or elsewhere."""
    number = OurNumber(sid="PN" + "1" * 32, phone_number="+441632960000", **settings)  # type: ignore[arg-type]
    ours = account(public_url=PUBLIC)
    async with httpx.AsyncClient(transport=ByName({})) as http:
        return tuple(await Spare(Outside(ours, http), ours, number, url or f"{static.url}/fallback.xml").look())


def set_to(static: StaticHost, method: str = "GET") -> dict[str, str]:
    return {"voice_fallback_url": f"{static.url}/fallback.xml", "voice_fallback_method": method}


async def test_a_fallback_that_takes_a_message_and_ends_is_well(static: StaticHost) -> None:
    (found,) = await look(static, **set_to(static))
    assert found.state is State.OK
    assert static.asked == ["fallback.xml", "fallback.xml", "after.xml"]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"fallback.xml": FIRST}, "second document fails"),
        ({"fallback.xml": FIRST.replace(' action="after.xml"', ""), "after.xml": AFTER}, "begins again"),
        ({"fallback.xml": FIRST.replace("after.xml", "fallback.xml")}, "begins again"),
        ({"fallback.xml": FIRST.replace("after.xml", f"{PUBLIC}/twilio/voice/recorded")}, "after the message it asks"),
        ({"fallback.xml": FIRST, "after.xml": FIRST}, "does not end"),
        ({"fallback.xml": FIRST, "after.xml": "<Response><Redirect>fallback.xml</Redirect></Response>"}, "not end"),
        ({"fallback.xml": "<Response><Say>999</Say><Hangup/></Response>"}, "no Record"),
        ({"fallback.xml": FIRST.replace("9 9 9", "us"), "after.xml": AFTER}, "does not say 999"),
        ({"fallback.xml": FIRST.replace("<Record", "<Hangup/><Record"), "after.xml": AFTER}, "ends or goes elsewhere"),
        (
            {"fallback.xml": FIRST.replace("<Record", f'<Gather action="{PUBLIC}/x"/><Record'), "after.xml": AFTER},
            "asks our own host before",
        ),
        ({"fallback.xml": "Dial 9 9 9"}, "not well-formed"),
        ({"fallback.xml": "<html></html>"}, "does not begin with Response"),
        ({}, "answers 404"),
    ],
)
async def test_a_fallback_that_would_not_take_a_message_is_told(
    static: StaticHost, files: dict[str, str], says: str
) -> None:
    static.files = files
    (found,) = await look(static, **set_to(static))
    assert (found.state, says in found.what) == (State.WRONG, True), found.what


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
async def test_a_fallback_that_its_host_calls_something_else_is_told(static: StaticHost, media_type: str) -> None:
    static.media_type = media_type
    (found,) = await look(static, **set_to(static))
    assert f"calls it {media_type}" in found.what


async def test_a_fallback_on_our_own_host_or_none_at_all_is_wrong_and_nothing_can_be_set(static: StaticHost) -> None:
    (ours,) = await look(static, url=f"{PUBLIC}/fallback.xml")
    assert (ours.state, ours.changes, "the very host" in ours.what) == (State.WRONG, (), True)
    number = OurNumber(sid="PN" + "1" * 32, phone_number="+441632960000")
    async with httpx.AsyncClient(transport=ByName({})) as http:
        (none,) = await Spare(Outside(account(), http), account(), number).look()
    assert (none.state, none.changes, "none is set" in none.what) == (State.WRONG, (), True)


@pytest.mark.parametrize("url", ["https://handler.twilio.com/twiml/EH" + "1" * 32, "http://127.0.0.1:9/fallback.xml"])
async def test_a_fallback_that_cannot_be_looked_at_from_here_is_not_called_wrong(static: StaticHost, url: str) -> None:
    (found,) = await look(static, url=url, voice_fallback_url=url)
    assert (found.state, bool(found.to_do)) == (State.CANNOT_BE_SEEN, True)


@pytest.mark.parametrize(("words", "state"), [("Dial  9 9 9.\nOr speak", State.OK), ("Call us", State.CANNOT_BE_SEEN)])
async def test_a_fallback_that_says_other_words_than_ours_is_for_a_person_to_compare(
    static: StaticHost, words: str, state: State
) -> None:
    number = OurNumber(sid="PN" + "1" * 32, phone_number="+441632960000", **set_to(static))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=ByName({})) as http:
        (found,) = await Spare(Outside(account(), http), account(), number, words=(words, "Goodbye.")).look()
    assert found.state is state


async def test_a_fallback_that_is_not_https_or_does_not_work_is_not_offered_to_be_set(static: StaticHost) -> None:
    (plain,) = await look(static, url="http://static.example.org/fallback.xml")
    assert ("not https" in plain.what, plain.changes) == (True, ())
    static.files["fallback.xml"] = FIRST.replace("9 9 9", "us")
    (broken,) = await look(static)
    assert ("does not say 999" in broken.what, broken.changes) == (True, ())


async def test_a_fallback_on_a_host_that_does_not_exist_is_wrong(static: StaticHost) -> None:
    (found,) = await look(static, url="https://gone.example.org/fallback.xml")
    assert (found.state, "no such host" in found.what) == (State.WRONG, True)


@pytest.mark.parametrize(
    ("methods", "had", "wanted"),
    [(("GET",), "", "GET"), (("POST",), "", "POST"), (("GET", "POST"), "", "POST"), (("GET",), "POST", "GET")],
)
async def test_the_fallback_is_to_be_asked_by_a_method_its_host_answers_to(
    static: StaticHost, methods: tuple[str, ...], had: str, wanted: str
) -> None:
    static.methods = methods
    static.files["fallback.xml"] = FIRST.replace("GET", methods[0])
    found = await look(static, **(set_to(static, had) if had else {}))
    assert {one.name: one.after for finding in found for one in finding.changes}["voice_fallback_method"] == wanted


async def test_a_method_that_works_is_left_as_it_is(static: StaticHost) -> None:
    static.methods = ("GET", "POST")
    (found,) = await look(static, **set_to(static, "GET"))
    assert (found.state, found.changes) == (State.OK, ())

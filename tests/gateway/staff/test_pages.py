"""Addresses of staff pages that were typed wrongly: each is told on a page, and to programs as a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from gateway.core import Core
from gateway.staff.queue import FIELDS
from gateway.staff.routes import staff_router
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_call_page import a_call
from tests.gateway.staff.test_referral_page import with_part

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NONSENSE = ("x\0", "9" * 30)
READ_BY_HAND = ("q", "only", "channel", "since", "until", "after", "done", "new", "who", "words", "order", "views")
"""Names that pages read themselves from their address, beside those of the queue's filters."""

OURS = dict.fromkeys((*READ_BY_HAND, *FIELDS), "x")
ENDLESS = {"has"}
"""What is right whatever it says, of a stream that then begins."""


def asked_by_get(routes: Iterable[object]) -> Iterator[APIRoute]:
    """Every route of staff that answers GET, under every router that was taken in."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from [route] if "GET" in (route.methods or ()) else []
        else:
            yield from asked_by_get(getattr(getattr(route, "original_router", None), "routes", ()))


def names_asked(dependant: Dependant) -> set[str]:
    """The names a route declares, its dependencies' included."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*(names_asked(each) for each in dependant.dependencies))


async def filled_in(core: Core, browser: Browser) -> dict[str, str]:
    """Something that is there for as many addresses as one referral and one call give."""
    row = await a_referral(core, "A letter by hand")
    part = with_part(core, row, media_type="image/png", name="letter.png")
    call = await a_call(browser)
    return {"reference": row.reference, "part_id": part, "call_id": call.rpartition("/")[2], "page": "1"}


async def test_no_address_that_was_typed_wrongly_is_answered_with_json_or_breaks(core: Core, office: Office) -> None:
    robin = await office.browser(Role.MANAGER, name="robin")
    there, seen, wrong = await filled_in(core, robin), 0, []
    for route in asked_by_get(staff_router(core).routes):
        path = re.sub(r"{(\w+)}", lambda found: there.get(found[1], "1"), route.path)
        asked = [{name: value} for name in names_asked(route.dependant) - ENDLESS for value in NONSENSE]
        for each in asked if route.path == "/queue/news" else [*asked, OURS]:
            answer = await robin.client.get(f"{path}?{urlencode(each)}")
            seen += 1
            if answer.status_code >= 500 or "json" in answer.headers.get("content-type", ""):
                wrong.append(f"{path}?{urlencode(each)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert seen > 100


async def test_a_page_asked_for_wrongly_says_so_and_leads_back(office: Office) -> None:
    robin = await office.browser(Role.MANAGER, name="robin")
    for path, asked in (("/queue", "page=0"), ("/queue", "shows=x"), ("/oversight/load", "days=3")):
        answer = await robin.client.get(f"{path}?{asked}")
        assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
        assert "This address cannot be read" in words_of(answer)
        assert f'href="{path}"' in answer.text and 'href="/queue"' in answer.text


async def test_a_null_in_an_address_is_told_on_a_page_and_not_looked_for(office: Office) -> None:
    robin = await office.browser(Role.MANAGER, name="robin")
    for path, status in (("/calls/%00", 404), ("/parts/a%00", 404), ("/post/returned?letter=%00", 400)):
        answer = await robin.client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


async def test_a_page_and_a_step_that_cannot_be_meant_are_not_there(core: Core, office: Office) -> None:
    sam, row = await office.browser(name="sam"), await a_referral(core)
    mark = (await sam.see("/calls")).css_first("input[name=mark]")
    assert mark is not None
    step = await sam.client.post(f"/referrals/{row.reference}/paint", data={"mark": mark.attributes["value"] or ""})
    runs = [await sam.client.get(f"/post/runs/{number}") for number in ("seven", "9" * 30, "-" + "9" * 30)]
    for answer in (step, *runs):
        assert answer.status_code == 404 and "There is nothing here" in words_of(answer)


async def test_strangers_are_led_to_sign_in_and_programs_are_told_a_problem_as_before(office: Office) -> None:
    async with office.stranger() as nobody, office.program() as program:
        answer, problem = await nobody.get("/queue?page=0"), await program.get("/api/v1/referrals?limit=x")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
    assert problem.status_code == 422 and problem.headers["content-type"] == "application/problem+json"

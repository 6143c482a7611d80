"""The public form through its real addresses, as browsers post it."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from html import escape

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from channels.contract import RawMessage, Receipt
from channels.web_form import Confirmation, Trouble, WebForm
from tests.channels.keeping import Keeping


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def form_page(request: Request, *, token: str, typed: Mapping[str, str], trouble: Trouble | None) -> Response:
    shown = json.dumps({"typed": dict(typed), "trouble": trouble})
    return HTMLResponse(f'<input name="token" value="{token}"><pre>{escape(shown)}</pre>')


def receipt_page(request: Request, confirmation: Confirmation | None) -> Response:
    if confirmation is None:
        return PlainTextResponse("too old")
    named = "named" if confirmation.named else "not named"
    return PlainTextResponse(f"{confirmation.reference} {confirmation.look_by} {confirmation.answer_by} {named}")


class Site:
    """One gateway with only the form's door open, and a browser in front of it."""

    def __init__(self, *, most_bytes: int = 100_000, most_forms: int = 60, accept: Keeping | None = None) -> None:
        self.keeping, self.clock = accept or Keeping(), Clock()
        self.form = WebForm(
            form_page=form_page,
            receipt_page=receipt_page,
            link_key=b"a secret",
            most_bytes=most_bytes,
            most_forms=most_forms,
            clock=self.clock,
        )
        app = FastAPI()
        app.include_router(self.form.door(self.keeping))
        self.browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://form.example.org")

    async def token(self) -> str:
        return (await self.browser.get("/report")).text.split('value="')[1].split('"')[0]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = Site()
    async with made.browser:
        yield made


async def test_one_sentence_is_enough_and_the_exact_body_is_kept(site: Site) -> None:
    answer = await site.browser.post("/report", data={"concern": "please check on the kids next door"})
    assert answer.status_code == 303
    (raw,) = site.keeping.kept
    assert raw.body == b"concern=please+check+on+the+kids+next+door"
    assert site.form.parse(raw).text == "please check on the kids next door"


async def test_an_empty_form_is_taken_too(site: Site) -> None:
    answer = await site.browser.post("/report", data={"concern": ""})
    assert answer.status_code == 303
    assert site.form.parse(site.keeping.kept[0]).text == ""


async def test_after_sending_a_page_shows_the_reference_and_reloading_it_posts_nothing(site: Site) -> None:
    answer = await site.browser.post("/report", data={"concern": "words", "name": "Jo Example"})
    for _ in range(2):
        page = await site.browser.get(answer.headers["location"])
        assert page.text == "KMR-4729-HX 2026-11-24 10:15:00+00:00 none named"
    assert len(site.keeping.kept) == 1


async def test_the_address_of_that_page_shows_nothing_and_is_soon_worthless(site: Site) -> None:
    where = (await site.browser.post("/report", data={"concern": "words"})).headers["location"]
    assert "KMR" not in where
    site.clock.at += timedelta(minutes=31)
    assert (await site.browser.get(where)).text == "too old"
    assert (await site.browser.get("/report/received?k=forged")).text == "too old"
    assert (await site.browser.get("/report/received")).text == "too old"


async def test_pressing_the_button_twice_makes_one_report(site: Site) -> None:
    token = await site.token()
    for _ in range(2):
        files = {"files": ("photo.jpg", b"\xff\xd8\xff picture", "image/jpeg")}
        boundary = uuid.uuid4().hex  # a browser makes a new one at each press
        answer = await site.browser.post(
            "/report",
            data={"token": token, "concern": "words"},
            files=files,
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        assert answer.status_code == 303
    assert (site.keeping.asked, len(site.keeping.kept)) == (2, 1)


async def test_going_back_and_changing_the_words_makes_another_report(site: Site) -> None:
    token = await site.token()
    for words in ("first words", "better words"):
        await site.browser.post("/report", data={"token": token, "concern": words})
    assert len(site.keeping.kept) == 2


async def test_the_same_words_on_another_day_are_another_report(site: Site) -> None:
    for _ in range(2):
        await site.browser.post("/report", data={"token": await site.token(), "concern": "it happened again"})
    assert len(site.keeping.kept) == 2
    for _ in range(2):
        await site.browser.post("/report", data={"concern": "sent without our page"})
    assert len(site.keeping.kept) == 4


class Broken(Keeping):
    async def __call__(self, raw: RawMessage) -> Receipt:
        raise RuntimeError("concern: words of the sender")


@pytest.mark.parametrize("broken", [False, True])
async def test_what_could_not_be_kept_is_never_called_received(broken: bool, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(accept=Broken() if broken else None)
    site.keeping.failing = True
    async with site.browser:
        answer = await site.browser.post("/report", data={"concern": "my long words", "child": "Ann"})
    assert answer.status_code == 503
    assert Trouble.NOT_KEPT in answer.text
    assert "my long words" in answer.text and "Ann" in answer.text
    assert "words" not in caplog.text


async def test_after_a_failure_the_second_try_is_the_same_report(site: Site) -> None:
    token = await site.token()
    site.keeping.failing = True
    again = await site.browser.post("/report", data={"token": token, "concern": "words"})
    assert f'value="{token}"' in again.text
    site.keeping.failing = False
    assert (await site.browser.post("/report", data={"token": token, "concern": "words"})).status_code == 303


async def test_a_file_too_large_is_said_and_what_was_typed_is_kept(site: Site) -> None:
    answer = await site.browser.post(
        "/report",
        data={"concern": "my long words", "child": "Ann"},
        files={"files": ("film.mp4", bytes(300_000), "video/mp4")},
    )
    assert answer.status_code == 413
    assert Trouble.TOO_LARGE in answer.text and "my long words" in answer.text and "Ann" in answer.text
    assert not site.keeping.kept


async def test_a_form_of_exactly_the_limit_is_taken() -> None:
    site = Site(most_bytes=20)
    async with site.browser:
        assert (await site.browser.post("/report", data={"concern": "a" * 12})).status_code == 303
        assert (await site.browser.post("/report", data={"concern": "a" * 13})).status_code == 413
    assert len(site.keeping.kept[0].body) == 20


async def test_one_sender_may_send_many_forms_but_not_endlessly() -> None:
    site = Site(most_forms=3)
    async with site.browser:
        answers = [await site.browser.post("/report", data={"concern": f"words {n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert "words 3" in answers[3].text
    assert len(site.keeping.kept) == 3


async def test_a_form_of_any_kind_is_kept_and_a_person_sees_what_cannot_be_read(site: Site) -> None:
    for kind in ("application/json", "multipart/form-data", "", "text/plain; charset=utf-8"):
        answer = await site.browser.post("/report", content=b"\xff\x00 anything", headers={"Content-Type": kind})
        assert answer.status_code == 303
    assert [raw.body for raw in site.keeping.kept] == [b"\xff\x00 anything"] * 4


def test_the_form_announces_itself() -> None:
    (way,) = Site().form.ways_in()
    assert way.href == "/report"

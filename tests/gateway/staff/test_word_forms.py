"""The words of a part on its page: each with its time, doubt always said in words, and staff may put them right."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway import versions
from gateway.core import Core
from storage import transcript, work
from storage.attachment import Attachment, TextState
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_referral_page import with_part
from transcription.contract import Segment, Transcript, Word

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEASE = timedelta(minutes=1)
HEARD = Segment(
    text="the boy has a bruise",
    start=12.0,
    end=14.0,
    confidence=0.8,
    words=tuple(
        Word(text=text, start=12.0 + number / 4, end=12.2 + number / 4, confidence=sure)
        for number, (text, sure) in enumerate([("the", 0.9), ("boy", 0.4), ("has", 0.9), ("a", 0.9), ("bruise", 0.9)])
    ),
)


def heard(core: Core, part: str, **given: object) -> None:
    """A reading by machine of a part."""
    values = {"text": HEARD.text, "segments": (HEARD,), "engine": "pretend-whisper 1 small", "language": "en",
              "confidence": 0.8} | given  # fmt: skip
    with core.database.transaction() as session:
        versions.add_read(session, part, Transcript(**values), at=core.clock())  # type: ignore[arg-type]


async def a_heard_part(core: Core, **given: object) -> tuple[Referral, str]:
    row = await a_referral(core)
    part = with_part(core, row, text_state=TextState.WAITING)
    heard(core, part, **given)
    return row, part


async def opened(office: Office, row: Referral, role: Role = Role.SOCIAL_WORKER) -> tuple[Browser, LexborHTMLParser]:
    browser = await office.browser(role)
    return browser, await browser.see(f"/referrals/{row.reference}")


async def test_each_word_says_where_in_the_recording_it_is(core: Core, office: Office) -> None:
    row, part = await a_heard_part(core)
    _, page = await opened(office, row)
    words = page.css(f'[data-plays="sound-{part}"] .staff-word')
    assert [word.attributes["data-start"] for word in words] == ["12.0", "12.25", "12.5", "12.75", "13.0"]
    line = page.css_first(".staff-segments li")
    assert line and " ".join(line.text().split()) == "0:12the boy? unclear has a bruise"


async def test_an_unclear_word_is_marked_by_a_sign_and_in_words_not_by_colour_alone(core: Core, office: Office) -> None:
    row, _ = await a_heard_part(core)
    _, page = await opened(office, row)
    [unclear] = page.css(".staff-word--unclear")
    assert unclear.text() == "boy? unclear"


async def test_the_language_and_how_sure_it_is_stand_below_the_words(core: Core, office: Office) -> None:
    row, _ = await a_heard_part(core, language="pl", language_confidence=0.62, note="The language is not certain.")
    _, page = await opened(office, row)
    assert "Language: Polish, 62 in 100 sure. " in words_of(page)
    assert "The language is not certain." in words_of(page)
    stretch = page.css_first(".staff-segments")
    assert stretch and stretch.attributes["lang"] == "pl"


async def test_a_translation_stands_under_the_original_and_says_that_a_machine_made_it(
    core: Core, office: Office
) -> None:
    row, _ = await a_heard_part(core, language="pl", translation="0:12 the boy has a bruise, it seems")
    _, page = await opened(office, row)
    words = words_of(page)
    assert words.index("In English, translated by machine 0:12 the boy has a bruise, it seems") > words.index("0:12")
    assert "the boy ? unclear has a bruise" in words


async def test_how_far_a_recording_is_heard_is_shown_with_the_words_so_far(core: Core, office: Office) -> None:
    row = await a_referral(core)
    segments = json.dumps([["He waits", 0.0, 3.2, None, 0.96, False]])
    with_part(core, row, text_state=TextState.WAITING, progress=0.4, segments=segments, note="Being heard.")
    _, page = await opened(office, row)
    bar = page.css_first("progress")
    assert bar and bar.attributes["value"] == "0.4"
    assert "Heard 40 %" in words_of(page) and "He waits" in words_of(page)
    assert page.css_first("[hx-get$='/words']")


async def test_words_typed_by_a_person_are_shown_and_the_machines_stay(core: Core, office: Office) -> None:
    row, part = await a_heard_part(core)
    browser, page = await opened(office, row)
    answer = await browser.send(page, f"/parts/{part}/words", text="The boy has a bruise, says Siobhan.")
    assert answer.headers["location"] == f"/referrals/{row.reference}?done=words#words-{part}"
    words = words_of(await browser.see(f"/referrals/{row.reference}?done=words"))
    assert "The words are saved" in words
    assert f"Typed by {browser.name}" in words
    assert "Version 1. Read by machine (small)" in words and "the [unclear" not in words
    with core.database.reading() as session:
        assert session.get_one(Attachment, part).text == "The boy has a bruise, says Siobhan."


async def test_nothing_typed_is_nothing_saved(core: Core, office: Office) -> None:
    row, part = await a_heard_part(core)
    browser, page = await opened(office, row)
    answer = await browser.send(page, f"/parts/{part}/words", text="  \n")
    assert "Nothing was saved: no words were typed." in words_of(await browser.see(answer.headers["location"]))
    with core.database.reading() as session:
        assert len(transcript.of_parts(session, [part])) == 1


async def test_a_version_that_was_checked_says_by_whom(core: Core, office: Office) -> None:
    row, part = await a_heard_part(core)
    heard(core, part, text="the buoy has a bruise", engine="pretend-whisper 2 tiny")
    browser, page = await opened(office, row)
    answer = await browser.client.post(
        f"/parts/{part}/checked", data={"mark": page.css("input[name=mark]")[0].attributes["value"], "version": "1"}
    )
    assert answer.status_code == 303
    words = words_of(await browser.see(f"/referrals/{row.reference}"))
    assert f"Checked by {browser.name}" in words and "Version 1, shown." in words
    with core.database.reading() as session:
        assert session.get_one(Attachment, part).text == "the boy has a bruise"


@pytest.mark.parametrize("version", ["7", "", "one", "-1"])
async def test_a_version_that_is_not_there_cannot_be_checked(core: Core, office: Office, version: str) -> None:
    row, part = await a_heard_part(core)
    browser, page = await opened(office, row)
    answer = await browser.send(page, f"/parts/{part}/checked", version=version)
    assert answer.status_code == 404


async def test_reading_again_is_asked_for_once(core: Core, office: Office) -> None:
    row, part = await a_heard_part(core)
    browser, page = await opened(office, row)
    for _ in range(2):
        assert (await browser.send(page, f"/parts/{part}/again")).status_code == 303
    with core.database.transaction() as session:
        due = work.claim(session, "transcribing", owner="test", now=core.clock(), lease=LEASE, limit=9)
    assert [one.subject for one in due] == [part]


async def test_reading_again_can_be_asked_for_after_it_failed(core: Core) -> None:
    _, part = await a_heard_part(core)
    for _ in range(2):
        with core.database.transaction() as session:
            versions.ask_again(session, part, who="casey", at=core.clock())
        with core.database.transaction() as session:
            [held] = work.claim(session, "transcribing", owner="test", now=core.clock(), lease=LEASE, limit=9)
            work.bury(session, held, "the engine failed")


@pytest.mark.parametrize("role", [Role.CALL_TAKER, Role.READONLY])
async def test_who_may_not_open_the_original_may_not_type_its_words(core: Core, office: Office, role: Role) -> None:
    row, part = await a_heard_part(core)
    browser, page = await opened(office, row, role)
    assert page.css_first(f'form[action="/parts/{part}/words"]') is None
    mark = (await browser.see("/queue")).css("input[name=mark]")[0].attributes["value"]
    for what in ("words", "checked", "again"):
        answer = await browser.client.post(f"/parts/{part}/{what}", data={"mark": mark, "text": "x", "version": "1"})
        assert answer.status_code == 403


async def test_a_form_of_another_site_changes_nothing(core: Core, office: Office) -> None:
    row, part = await a_heard_part(core)
    browser, _ = await opened(office, row)
    answer = await browser.client.post(f"/parts/{part}/words", data={"text": "nothing happened", "mark": "guessed"})
    assert answer.status_code == 403
    with core.database.reading() as session:
        assert len(transcript.of_parts(session, [part])) == 1

"""Pages say their words in another language where somebody wrote a catalogue of it, and English where it has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from gateway.pages import draw, environment
from gateway.translating import COOKIE, PageWords, own_name, said

WELSH = """msgid ""
msgstr ""
"Language: cy\\n"
"Plural-Forms: nplurals=6; plural=(n==0) ? 0 : (n==1) ? 1 : (n==2) ? 2 : (n==3) ? 3 : (n==6) ? 4 : 5;\\n"

msgid "Queue"
msgstr "Ciw"

msgid "Keys"
msgstr ""

#, fuzzy
msgid "Tasks"
msgstr "Tasgau efallai"

msgid "%(num)s report"
msgid_plural "%(num)s reports"
msgstr[0] "%(num)s adroddiadau"
msgstr[1] "%(num)s adroddiad"
msgstr[2] "%(num)s adroddiad (dau)"
msgstr[3] "%(num)s adroddiad (tri)"
msgstr[4] "%(num)s adroddiad (chwech)"
msgstr[5] "%(num)s adroddiad (mwy)"
"""
PAGE = '{{ _("Queue") }}, {{ _("Keys") }}, {{ _("Tasks") }}, {{ ngettext("%(num)s report", "%(num)s reports", 3) }}'


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    """Asks for one page, drawn with a catalogue of Welsh beside it."""
    (tmp_path / "cy.po").write_text(WELSH, "utf-8")
    (tmp_path / "notes.po").write_text("not a language", "utf-8")
    templates = environment(organisation="Northshire Council", phone="01632 960001", words=PageWords(tmp_path))
    templates.env.loader = None
    app = FastAPI()

    @app.get("/")
    def page(request: Request) -> Response:
        name = templates.env.from_string('<html lang="{{ language }}">' + PAGE)
        return draw(templates, request, name)  # type: ignore[arg-type]

    return TestClient(app)


def test_a_page_is_english_until_somebody_chooses(browser: TestClient) -> None:
    assert browser.get("/").text == '<html lang="en">Queue, Keys, Tasks, 3 reports'


def test_a_page_is_welsh_where_it_is_chosen_and_english_where_the_catalogue_has_nothing_sure(
    browser: TestClient,
) -> None:
    browser.cookies.set(COOKIE, "cy")
    assert browser.get("/").text == '<html lang="cy">Ciw, Keys, Tasks, 3 adroddiad (tri)'
    assert "Queue" in TestClient(browser.app).get("/").text, "nobody else's page is"


def test_a_language_there_is_no_catalogue_of_is_english(browser: TestClient) -> None:
    browser.cookies.set(COOKIE, "../../cy")
    assert browser.get("/").text.startswith('<html lang="en">Queue')


def test_languages_call_themselves_by_their_own_name(tmp_path: Path) -> None:
    (tmp_path / "cy.po").write_text(WELSH, "utf-8")
    assert PageWords(tmp_path).languages == {"en": "English", "cy": "Cymraeg"}
    assert own_name("notes") == ""


def test_words_that_could_not_be_filled_in_stay_english(tmp_path: Path) -> None:
    said_so = (("%(n)s new", "%(m)s newydd"), ("Open", "50% ar agor"), ("%(n)s late", "%(n)s yn hwyr"))
    written = "\n\n".join(f'msgid "{english}"\nmsgstr "{welsh}"' for english, welsh in (("", ""), *said_so))
    (tmp_path / "cy.po").write_text(written, "utf-8")
    words = PageWords(tmp_path)
    page = environment(organisation="Northshire Council", phone="01632 960001", words=words).env.from_string(
        '{{ _("Open") }}, {{ _("%(n)s new", n=2) }}'
    )
    with words.spoken("cy"):
        assert (page.render(), said("%(n)s new", n=2), said("%(n)s late", n=2)) == ("Open, 2 new", "2 new", "2 yn hwyr")


def test_a_catalogue_that_cannot_be_read_leaves_the_pages_english_and_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cy.po").write_bytes(b'msgid "Queue"\nmsgstr "\xff"\n')
    (tmp_path / "ga.po").write_text('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=((;\\n"\n', "utf-8")
    assert PageWords(tmp_path).languages == {"en": "English"}
    assert "the page words in cy cannot be read" in caplog.text

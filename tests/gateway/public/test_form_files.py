"""The form to fill in elsewhere: the same questions as Word, as PDF, as JSON and on the web."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pypdfium2 as pdfium
import pytest
from docx import Document
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from channels.web_form.fields import TEXT_FIELDS
from gateway.core import Core
from gateway.standard_form import questions
from gateway.standard_form.questions import MARK, Part, the_form
from tests.gateway.office import Office
from tests.gateway.public.site import PublicSite, words_of
from transcription.documents.word import read_word

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAMES = {field.name for field in the_form().fields()}


async def test_everybody_is_asked_the_same_and_professionals_a_part_more(core: Core) -> None:
    browser = PublicSite(core).browser
    public = (await browser.get("/form/schema.json?as=public")).json()
    professional = (await browser.get("/form/schema.json?as=professional")).json()
    assert public["core_hash"] == professional["core_hash"]
    assert professional["sections"][: len(public["sections"])] == public["sections"]
    assert {section["part"] for section in professional["sections"][len(public["sections"]) :]} == {"work"}
    assert not any(question["required"] for section in professional["sections"] for question in section["questions"])


async def test_a_program_gets_the_same_questions(core: Core) -> None:
    office = Office(core)
    answer = await office.program().get("/api/v1/form")
    assert answer.json()["core_hash"] == questions.core_hash(the_form())
    assert (await office.stranger().get("/api/v1/form")).status_code == 401


async def test_the_web_form_asks_the_same_in_the_same_words(core: Core) -> None:
    page = await PublicSite(core).get("/report")
    asked = {
        question.web: question for section in the_form().sections for question in section.questions if question.web
    }
    assert set(asked) == set(TEXT_FIELDS)
    for name, question in asked.items():
        field = page.css_first(f'[name="{name}"]')
        assert field is not None, name
        label = page.css_first(f'label[for="{field.attributes["id"]}"]')
        assert label is not None and label.text(strip=True) == question.label
        assert question.hint in words_of(page)
    titles = [each.text(strip=True) for each in page.css("main h2")]
    about, reach = (section.title for section in the_form().part(Part.EVERYBODY)[1:3])
    assert titles[:2] == [about, reach]


async def test_the_contact_page_offers_the_form_and_says_where_it_goes(core: Core) -> None:
    page = await PublicSite(core).get("/")
    assert {"/form.docx", "/form.pdf", "mailto:referrals@northshire.example"} <= {
        link.attributes["href"] for link in page.css("main a")
    }


async def test_the_word_form_has_a_control_for_every_question_and_heads_a_screen_reader_can_follow(core: Core) -> None:
    answer = await PublicSite(core).browser.get("/form.docx")
    document = Document(io.BytesIO(answer.content))
    controls = document.element.body.findall(".//{*}sdt")
    tags = [control.find("{*}sdtPr/{*}tag").values()[0] for control in controls]
    assert set(tags) == NAMES | {MARK} and len(tags) == len(set(tags))
    assert document.core_properties.title == the_form().title and document.core_properties.language == "en-GB"
    for table in document.tables:
        assert table._tbl.find("{*}tr/{*}trPr/{*}tblHeader") is not None
        assert table._tbl.tblPr.find("{*}tblCaption") is not None
    heads = [p.text for p in document.paragraphs if p.style is not None and (p.style.name or "").startswith("Heading")]
    assert [section.title for section in the_form().sections] == [h for h in heads if not h[-1].isdigit()]
    assert '<w:lang w:val="en-GB"' in ZipFile(io.BytesIO(answer.content)).read("word/styles.xml").decode()


async def test_the_first_words_of_the_form_say_that_nothing_must_be_answered(core: Core) -> None:
    browser = PublicSite(core).browser
    word = read_word((await browser.get("/form.docx")).content).text
    pdf = pdfium.PdfDocument((await browser.get("/form.pdf")).content)[0].get_textpage().get_text_range()
    for text in (word, pdf.replace("\r\n", " ")):
        assert "You do not have to answer every question" in text[:200]
        assert "You can also just write to us" in text
        assert "referrals@northshire.example" in text and "1 County Square" in text


async def test_the_pdf_form_has_a_named_field_with_a_spoken_label_for_every_question(core: Core) -> None:
    reader = PdfReader(io.BytesIO((await PublicSite(core).browser.get("/form.pdf")).content))
    fields = reader.get_fields() or {}
    leaves = {name for name, field in fields.items() if field.get("/FT")}
    assert leaves == NAMES | {MARK}
    assert all(fields[name].get("/TU") for name in NAMES)
    root = reader.root_object
    shown = root["/ViewerPreferences"].get_object()
    assert str(root["/Lang"]) == "en-GB" and isinstance(shown, DictionaryObject) and "/DisplayDocTitle" in shown
    assert {str(page["/Tabs"]) for page in reader.pages} == {"/R"}


async def test_every_sheet_of_the_paper_form_says_which_form_it_is_and_whose(core: Core) -> None:
    document = pdfium.PdfDocument((await PublicSite(core).browser.get("/form.pdf")).content)
    for number in range(len(document)):
        text = document[number].get_textpage().get_text_range()
        assert f"form {the_form().version} · Northshire Council" in text
        assert f"Page {number + 1} of {len(document)}" in text

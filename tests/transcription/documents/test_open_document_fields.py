"""What was filled into the content controls of LibreOffice texts."""

from __future__ import annotations

import io
import zipfile

from transcription.contract import FormField, Transcript
from transcription.documents.open_document import read_open_document

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
LOEXT = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
NAMES = f'xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:loext="{LOEXT}"'


def read(*paragraphs: str) -> Transcript:
    """A text of these paragraphs."""
    body = "".join(f"<text:p>{each}</text:p>" for each in paragraphs)
    content = f"<office:document {NAMES}><office:body><office:text>{body}</office:text></office:body></office:document>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("content.xml", content)
    return read_open_document(packed.getvalue())


def control(words: str, *, tag: str = "a.name", more: str = "", items: str = "") -> str:
    given = f'loext:tag="{tag}" loext:alias="Name" {more}'
    return f"<loext:content-control {given}>{items}{words}</loext:content-control>"


def test_text_choices_ticks_and_dates_give_their_values() -> None:
    items = '<loext:list-item loext:display-text="Yes, often" loext:value="often"/>'
    found = read(
        control("<text:span>Al</text:span>fie"),
        control("Yes, often", tag="b", items=items, more='loext:dropdown="true"'),
        control("☒", tag="c", more='loext:checkbox="true" loext:checked="true"'),
        control("3 May", tag="d", more='loext:date="true"'),
    ).fields
    assert [(each.name, each.kind, each.value, each.words) for each in found] == [
        ("a.name", "text", "Alfie", "Alfie"), ("b", "choice", "often", "Yes, often"), ("c", "tick", "yes", "yes"),
        ("d", "date", "3 May", "3 May"),
    ]  # fmt: skip
    assert found[0] == FormField(name="a.name", value="Alfie", kind="text", label="Name", words="Alfie")


def test_a_prompt_an_empty_box_and_a_control_without_a_name_are_no_answers() -> None:
    prompt = control("Write here", more='loext:showing-place-holder="true"')
    box = control("☐", more='loext:checkbox="true" loext:checked="false"')
    assert read(prompt, box, control(" "), control("words", tag="")).fields == ()


def test_an_answer_of_several_paragraphs_is_one() -> None:
    assert [each.value for each in read(control("one<text:line-break/>two"), control("three")).fields] == [
        "one\ntwo\nthree"
    ]


def test_the_text_has_the_answers_and_the_text_beside_them_has_not() -> None:
    transcript = read("Printed", f"{control('Alfie')} typed beside")
    assert transcript.text.split() == ["Printed", "Alfie", "typed", "beside"]
    assert transcript.beside_fields.split() == ["Printed", "typed", "beside"]

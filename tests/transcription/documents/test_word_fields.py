"""What was filled into Word documents' content controls, and what stands beside them."""

from __future__ import annotations

import io
import zipfile

import pytest

from transcription.contract import FormField, Transcript
from transcription.documents.word import read_word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def read(body: str) -> Transcript:
    """A document with this body."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}" xmlns:w14="{W14}"><w:body>{body}</w:body></w:document>'
        )
    return read_word(packed.getvalue())


def control(kind: str = "<w:text/>", words: str = "Alfie", tag: str = "a.name") -> str:
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="Name"/><w:tag w:val="{tag}"/>{kind}</w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{words}</w:t></w:r></w:sdtContent></w:sdt>"
    )


LIST = '<w:dropDownList><w:listItem w:displayText="Yes, often" w:value="often"/></w:dropDownList>'


@pytest.mark.parametrize(
    ("written", "kind", "value", "words"),
    [
        (control(), "text", "Alfie", "Alfie"),
        (control(LIST, "Yes, often"), "choice", "often", "Yes, often"),
        (control(LIST, "typed over"), "choice", "typed over", "typed over"),
        (control("<w:date/>", "3 May"), "date", "3 May", "3 May"),
        (control('<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>', "☒"), "tick", "yes", "yes"),
    ],
)
def test_each_kind_of_control_gives_its_value(written: str, kind: str, value: str, words: str) -> None:
    wanted = FormField(name="a.name", value=value, kind=kind, label="Name", words=words)
    assert read(f"<w:p>{written}</w:p>").fields == (wanted,)


@pytest.mark.parametrize(
    "empty",
    [
        control("<w:showingPlcHdr/><w:text/>", "Write here"),
        control('<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>', "☐"),
        control(words="  "),
        control(tag=""),
    ],
)
def test_a_prompt_an_empty_box_and_a_control_without_a_name_are_no_answers(empty: str) -> None:
    assert read(f"<w:p><w:r><w:t>Words</w:t></w:r>{empty}</w:p>").fields == ()


def test_lines_and_paragraphs_of_an_answer_stay_lines() -> None:
    lines = "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r></w:p><w:p><w:r><w:t>three</w:t></w:r></w:p>"
    body = f'<w:sdt><w:sdtPr><w:tag w:val="a.words"/></w:sdtPr><w:sdtContent>{lines}</w:sdtContent></w:sdt>'
    assert [field.value for field in read(body).fields] == ["one\ntwo\nthree"]


def test_the_text_beside_the_answers_has_everything_but_the_answers() -> None:
    kept = "<w:p><w:r><w:t>Printed</w:t></w:r></w:p>"
    gone = '<w:del w:author="A" w:id="9"><w:r><w:delText>Quillfeather</w:delText></w:r></w:del>'
    changed = control().replace("<w:sdtContent>", f"<w:sdtContent>{gone}")
    transcript = read(f"{kept}<w:p>{changed}<w:r><w:t> typed beside</w:t></w:r></w:p>")
    assert transcript.beside_fields.split() == ["Printed", "typed", "beside"]
    assert "Alfie typed beside" in transcript.text
    assert read(kept).beside_fields == ""

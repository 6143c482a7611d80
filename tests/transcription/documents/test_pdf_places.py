"""The words of a text layer have their places, also on turned pages and in forms."""

import io

import pytest
import typst
from pypdf import PdfReader, PdfWriter

from tests.transcription.documents.test_pdf import never
from tests.transcription.paper import form_pdf
from transcription.contract import Transcript
from transcription.documents.pdf import read_pdf

PAGE = (
    b'#set page(width: 400pt, height: 200pt, margin: 0pt)\n#set text(font: "Libertinus Serif", size: 20pt)\n'
    b"#place(dx: 200pt, dy: 100pt)[Thornmere]#place(dx: 40pt, dy: 20pt)[re-\nferral]"
)


def turned(data: bytes, degrees: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.pages[0].rotate(degrees)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def places(transcript: Transcript) -> dict[str, tuple[float, ...]]:
    return {word.text: word.box for segment in transcript.segments for word in segment.written}


def test_words_stand_where_they_were_set() -> None:
    transcript = read_pdf(typst.compile(PAGE), never)
    (shape,) = transcript.pages
    assert (shape.number, shape.turn, shape.width, shape.height) == (1, 0, 400, 200)
    left, top, right, bottom = places(transcript)["Thornmere"]
    assert left == pytest.approx(0.5, abs=0.01) and 0.48 < top < bottom < 0.6 and 0.7 < right < 0.75


@pytest.mark.parametrize(("degrees", "width"), [(90, 200), (180, 400), (270, 200)])
def test_words_of_a_page_that_is_shown_turned_stand_where_they_are_shown(degrees: int, width: float) -> None:
    left, top, right, bottom = places(read_pdf(typst.compile(PAGE), never))["Thornmere"]
    shown = {90: (1 - bottom, left), 180: (1 - right, 1 - bottom), 270: (top, 1 - right)}[degrees]
    transcript = read_pdf(turned(typst.compile(PAGE), degrees), never)
    assert places(transcript)["Thornmere"][:2] == pytest.approx(shown, abs=0.001)
    assert transcript.pages[0].width == width


def test_what_was_typed_into_a_form_stands_in_its_field() -> None:
    found = places(read_pdf(form_pdf({"School": "Thornmere", "Telephone": "01632"}), never))
    assert list(found) == ["School", "Thornmere", "Telephone", "01632"]
    assert found["School"][2] < 222 / 595 < found["Thornmere"][0]
    assert found["Thornmere"][3] < found["01632"][1]


def test_every_word_of_a_paragraph_has_a_place_and_the_paragraph_goes_around_them() -> None:
    for segment in read_pdf(typst.compile(PAGE), never).segments:
        assert [word.text for word in segment.written] == segment.text.split()
        assert segment.box is not None
        assert all(segment.box[0] <= word.box[0] and word.box[2] <= segment.box[2] for word in segment.written)

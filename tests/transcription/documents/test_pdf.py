"""A PDF's text layer is used where it can be trusted; pages without one are read as pictures."""

import os
from pathlib import Path

import pytest
import typst

from tests.transcription.paper import DOCUMENTS, form_pdf, letter, letter_image, pictures_pdf, saved, truth_of
from transcription.accuracy import character_error_rate
from transcription.contract import CannotRead
from transcription.documents.pdf import MOST_PAGES, Look, read_pdf
from transcription.documents.pdf_layer import holds, is_trustworthy
from transcription.scans.detector import Picture
from transcription.scans.page import PageRead, PageReader


def never() -> Look:
    raise AssertionError("no page had to be read as a picture")


def test_a_born_digital_letter_is_read_from_its_text_layer_alone() -> None:
    transcript = read_pdf(letter("dig_01.pdf"), never)
    assert transcript.text.split() == truth_of("dig_01.pdf").split()
    assert transcript.confidence is None and transcript.note == ""


def test_what_was_typed_into_a_form_stands_beside_its_label() -> None:
    form = form_pdf({"Name of child": "Jaydon Pellworth", "School": "Thornmere Primary", "Telephone": "01632 960118"})
    lines = read_pdf(form, never).text.split("\n")
    assert [" ".join(line.split()) for line in lines if line] == [
        "Name of child Jaydon Pellworth", "School Thornmere Primary", "Telephone 01632 960118",
    ]  # fmt: skip


def test_a_scanned_page_is_read_as_a_picture(page_reader: PageReader) -> None:
    transcript = read_pdf(pictures_pdf(letter_image("jpg_03.jpg")), lambda: page_reader.read)
    assert character_error_rate(transcript.text, truth_of("jpg_03.jpg")) <= 0.003
    assert {segment.page for segment in transcript.segments} == {1}
    assert transcript.confidence is not None and transcript.confidence > 0.9
    assert "rapidocr" in transcript.engine


def test_a_header_stamped_by_the_scanner_does_not_pass_for_the_letter(tmp_path: Path) -> None:
    def look(picture: Picture, number: int) -> PageRead:
        return PageRead(text=f"Scanned by MFP-2\nDear team, please ring (page {number})", segments=())

    (tmp_path / "page.png").write_bytes(saved(letter_image("jpg_03.jpg"), "PNG"))
    (tmp_path / "scan.typ").write_text(
        '#set page(width: 300pt, height: 400pt)\nScanned by MFP-2\n#image("page.png", height: 200pt)'
    )
    scan = typst.compile(tmp_path / "scan.typ")
    assert read_pdf(scan, lambda: look).text == "Scanned by MFP-2\nDear team, please ring (page 1)"


@pytest.mark.parametrize(
    ("layer", "seen", "trusted"),
    [
        ("Dear team, the boy is cold", "Dear team, the boy is cold", True),
        ("Dear team, the boy is cold and he is hungry", "Dear tearn, the boy is cold and he is hungry", True),
        ("Scanned by MFP-2", "Dear team, the boy is cold", False),
        ("Dear team", "", True),
    ],
)
def test_a_layer_is_trusted_when_it_has_the_words_that_can_be_seen(layer: str, seen: str, *, trusted: bool) -> None:
    assert holds(layer, seen) is trusted


@pytest.mark.parametrize("layer", ["", " . ", "\ue001\ue002 \ue003\ue004\ue005", "ab\ufffd\ufffd\ufffd"])
def test_a_layer_of_code_points_without_meaning_is_not_trusted(layer: str) -> None:
    assert not is_trustworthy(layer)


def test_a_document_that_needs_a_password_is_encrypted() -> None:
    with pytest.raises(CannotRead) as refused:
        read_pdf((DOCUMENTS / "locked.pdf").read_bytes(), never)
    assert refused.value.reason == "encrypted"


def test_a_document_that_only_forbids_printing_is_read() -> None:
    assert "little boy next door" in read_pdf((DOCUMENTS / "no_printing.pdf").read_bytes(), never).text


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-" + os.urandom(3000), letter("dig_01.pdf")[:300]])
def test_a_broken_document_says_so(data: bytes) -> None:
    with pytest.raises(CannotRead) as refused:
        read_pdf(data, never)
    assert refused.value.reason == "broken"


def test_ten_thousand_pages_are_too_many() -> None:
    pages = typst.compile(b"#set page(width: 20pt, height: 20pt)\n" + b"#pagebreak()" * MOST_PAGES)
    with pytest.raises(CannotRead) as refused:
        read_pdf(pages, never)
    assert refused.value.reason == "too_large"


def test_a_page_without_words_in_its_layer_is_looked_at(page_reader: PageReader) -> None:
    both = typst.compile(
        b"#set page(width: 595pt, height: 842pt)\nReferral from Thornmere Primary School\n#pagebreak()\n"
        b"#text(size: 1pt, fill: white)[.]"
    )
    transcript = read_pdf(both, lambda: page_reader.read)
    assert transcript.text == "Referral from Thornmere Primary School"

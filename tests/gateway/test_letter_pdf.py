"""A letter can be read by people and screen readers, and its window gives nothing away."""

from datetime import UTC, date, datetime

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from pypdfium2.raw import FPDFText_GetFontSize

from channels.letter.codes import Code, OnPaper
from channels.letter.codes import read as read_code
from gateway.letter_pdf import CannotPrint, address_lines, in_the_window, render_letter
from gateway.words import NoticeFields, Words

MM = 72 / 25.4
PAGE_HEIGHT = 297
NOTICE = "019ab0c1d2e3" + "5" * 20
DRAWN = 8  # pixels a millimetre
RECIPIENT = "A Example\nFlat 2\n3 High Street\nNorthtown\nNT1 2AB"


def a_notice() -> str:
    words = Words(
        organisation="Northshire Council",
        phone="01632 960001",
        address="PO Box 1, Northtown, NT1 1AA",
        complaint_url="northshire.example/complain",
    )
    at = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
    told = NoticeFields(reference="KMR-4729-HX", received=at, read_by=at, next_notice_by=at)
    return words.render("receipt", "letter", told).text


def a_letter(
    text: str = "", *, recipient: str = RECIPIENT, large_print: bool = False, ours: str = "PO Box 1, Northtown, NT1 1AA"
) -> bytes:
    return render_letter(
        text or a_notice(),
        organisation="Northshire Council",
        return_address=ours,
        recipient=recipient,
        reference="KMR-4729-HX",
        date=date(2026, 11, 24),
        notice_id=NOTICE,
        large_print=large_print,
    )


def read(pdf: bytes) -> str:
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return " ".join(" ".join(pages).split())


def seen_between(pdf: bytes, *, across: tuple[float, float], down: tuple[float, float]) -> str:
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    return str(
        page.get_text_bounded(
            left=across[0] * MM,
            right=across[1] * MM,
            top=(PAGE_HEIGHT - down[0]) * MM,
            bottom=(PAGE_HEIGHT - down[1]) * MM,
        )
    )


def drawn(pdf: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Where there is ink on the first page."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return np.asarray(page.render(scale=DRAWN * 25.4 / 72, grayscale=True).to_numpy() < 200)


def each_corner(position: zxingcpp.Position) -> list[zxingcpp.Point]:
    return [position.top_left, position.top_right, position.bottom_right, position.bottom_left]


def places(pdf: bytes, words: list[str]) -> dict[str, float]:
    """How far down the first page each word begins, in millimetres."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    starts = {word: text.get_text_range().index(word) for word in words}
    return {word: PAGE_HEIGHT - text.get_charbox(at)[3] / MM for word, at in starts.items()}


def letter_sizes(pdf: bytes) -> list[float]:
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    start = page.get_text_range().index("Hello.")
    return [FPDFText_GetFontSize(page.raw, start + n) for n in range(len("Hello."))]


def test_every_word_of_the_notice_stands_in_the_letter() -> None:
    said = read(a_letter())

    assert "Your reference is KMR-4729-HX." in said
    assert "They must read it by 10:15am on Tuesday 24 November." in said
    assert "Dial 18001 and then 01632 960 001." in said
    assert "24 November 2026" in said
    assert "-----" not in said


def test_it_is_tagged_for_screen_readers_in_english() -> None:
    pdf = a_letter()

    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid" in pdf
    assert b"/Lang(en-GB)" in pdf.replace(b"/Lang (", b"/Lang(")
    assert pypdfium2.PdfDocument(pdf).get_metadata_dict()["Title"] == "Letter KMR-4729-HX"


@pytest.mark.parametrize("lines", [3, 5, 6, 9])
def test_all_the_window_could_ever_show_is_the_address(lines: int) -> None:
    recipient = "\n".join([*(f"Line {n}" for n in range(1, lines)), "NT1 2AB"])
    pdf = a_letter(recipient=recipient)
    always = seen_between(pdf, across=(20, 100), down=(57, 81))
    ever = seen_between(pdf, across=(10, 110), down=(46, 92))

    assert always.split() == ever.split() == " ".join(in_the_window(recipient)).split()


@pytest.mark.parametrize("large_print", [False, True])
def test_no_ink_stands_where_the_window_could_show_it_but_the_address_nor_where_printers_cannot_print(
    large_print: bool,
) -> None:
    ink = drawn(a_letter(large_print=large_print))
    assert ink[57 * DRAWN : 81 * DRAWN, 20 * DRAWN : 100 * DRAWN].any()
    ink[57 * DRAWN : 81 * DRAWN, 20 * DRAWN : 100 * DRAWN] = False
    assert not ink[46 * DRAWN : 92 * DRAWN, 10 * DRAWN : 110 * DRAWN].any()
    edge = 7 * DRAWN
    ink[edge:-edge, edge:-edge] = False
    assert not ink.any()


@pytest.mark.parametrize("large_print", [False, True])
def test_the_code_stands_at_the_foot_of_the_first_page_and_on_no_other(large_print: bool) -> None:
    pages = pypdfium2.PdfDocument(a_letter(a_notice() * 2, large_print=large_print))
    first, *others = [zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil()) for page in pages]
    (found,) = first
    assert read_code(found.text) == Code(says=OnPaper.LETTER, notice_id=NOTICE)
    corners = [(corner.x * 25.4 / 200, corner.y * 25.4 / 200) for corner in each_corner(found.position)]
    assert all(20 <= across <= 33.5 and 274 <= down <= 287.5 for across, down in corners)
    assert others and not any(others)


@pytest.mark.parametrize("large_print", [False, True])
def test_a_long_address_of_ours_never_runs_into_the_words(large_print: bool) -> None:
    lines = [f"Line {n} of our address" for n in range(1, 10)]
    said = read(a_letter("Hello.", ours="\n".join(lines), large_print=large_print))
    assert said.index("Reference KMR-4729-HX") < said.index("Hello.")
    boxes = places(a_letter("Hello.", ours="\n".join(lines), large_print=large_print), ["Reference", "Hello."])
    assert boxes["Reference"] < boxes["Hello."]


def test_a_long_address_keeps_its_name_and_its_postcode() -> None:
    assert in_the_window("A Example\n \n1\n2\n3\n4\n5\nNorthtown\nNT1 2AB") == [
        "A Example",
        "1",
        "2",
        "3, 4, 5",
        "Northtown",
        "NT1 2AB",
    ]


@pytest.mark.parametrize("address", ["Flat 2, 3 High Street, NT1 2AB", "Flat 2,\r\n3 High Street\r\n\r\nNT1 2AB\r\n"])
def test_an_address_is_taken_in_lines_or_with_commas(address: str) -> None:
    assert address_lines(address) == ["Flat 2", "3 High Street", "NT1 2AB"]


def test_large_print_has_eighteen_point_letters_instead_of_twelve() -> None:
    assert {round(size) for size in letter_sizes(a_letter("Hello."))} == {12}
    assert {round(size) for size in letter_sizes(a_letter("Hello.", large_print=True))} == {18}


def test_the_usual_letter_is_one_sheet_with_room_to_fold() -> None:
    pdf = a_letter()

    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert "Thank you" in seen_between(pdf, across=(15, 195), down=(95, 105))


def test_every_page_says_which_of_how_many_it_is() -> None:
    pages = pypdfium2.PdfDocument(a_letter(a_notice() * 3, large_print=True))

    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"KMR-4729-HX, page {number} of {len(pages)}" in page.get_textpage().get_text_range()


def test_what_a_sender_or_worker_wrote_is_never_markup() -> None:
    said = read(a_letter('#panic("x") *bold* $x$ = heading @cite https://example.org <label> \\ `raw`'))

    assert '#panic("x") *bold* $x$ = heading @cite https://example.org <label> \\ `raw`' in said


def test_lists_and_headings_are_set_as_such() -> None:
    pdf = a_letter("Do you know\n-----------\n\n* the street\n* the school")

    assert b"/H1" in pdf
    assert b"/LI" in pdf
    assert "• the street" in read(pdf)


def test_welsh_polish_arabic_and_cyrillic_can_be_printed() -> None:
    assert "Łódź ŵŷ £5 – Привет" in read(a_letter("Łódź ŵŷ £5 – Привет"))


def test_a_character_no_font_can_show_is_not_printed_as_a_box() -> None:
    with pytest.raises(CannotPrint):
        a_letter("\U0010fffd")


def test_a_stray_control_character_does_not_stop_the_post() -> None:
    assert "one two" in read(a_letter("one\x00two\x07"))
    assert "A Example" in read(a_letter(recipient="A\x00Example, NT1 2AB"))


def test_the_same_letter_is_the_same_bytes() -> None:
    assert a_letter() == a_letter()

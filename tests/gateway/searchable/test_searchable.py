"""A searchable copy says what was read, where it was read, and is what PDF/A-2b asks for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageCms, ImageFont

from gateway.searchable import NotSearchable, searchable
from gateway.searchable.behind import Signs
from gateway.searchable.sheets import Behind, Sheet, Wanted
from gateway.searchable.srgb import srgb_profile
from gateway.searchable.unseen_font import WHOLE, unseen_font
from gateway.staff.page_places import page_seen
from tests.gateway.pages_read import a_line
from transcription.contract import PageShape, Segment

AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
LINES = (
    a_line("The boy has a bruise"), a_line("O’Hara, Siân, Jūratė 🙂 محمد", row=1), a_line("Yours faithfully", page=2),
    Segment(text="Please come\nsoon", page=2, is_typed=True),
)  # fmt: skip
SHAPES = (
    PageShape(number=1, width=1000, height=1400),
    PageShape(number=2, turn=90, width=1000, height=1400, slant=2.0),
)


def a_scan() -> bytes:
    """Three pages of a TIFF: upright in grey, on its side in red, and an empty one that nothing is known of."""
    pages = [
        Image.new("RGB", size, ink) for size, ink in (((100, 140), "grey"), ((140, 100), "red"), ((100, 140), "white"))
    ]
    pages[1].paste("white", (0, 0, 70, 50))
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def a_copy(
    content: bytes,
    media_type: str = "image/tiff",
    lines: Sequence[Segment] = LINES,
    shapes: Sequence[PageShape] = SHAPES,
) -> bytes:
    pages = [page_seen(shape.number, lines, shapes) for shape in shapes]
    return searchable(content, media_type, pages, title="Referral KMR-4729-HX, part 1", language="cy", made_at=AT)


@pytest.fixture(scope="module")
def copy() -> bytes:
    """A copy of the scan."""
    return a_copy(a_scan())


@pytest.fixture
def opened(copy: bytes) -> Iterator[pikepdf.Pdf]:
    """The copy as its objects."""
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        yield pdf


def words_and_boxes(page: pdfium.PdfPage, words: Sequence[str]) -> Iterator[tuple[float, float, float, float]]:
    """Where a reader finds each word, as parts of the page."""
    found, at = page.get_textpage(), 0
    wide, high = page.get_size()
    for word in words:
        at = found.get_text_range().index(word, at)
        sides = [found.get_charbox(number) for number in range(at, at + len(word))]
        lefts, bottoms, rights, tops = zip(*sides, strict=True)
        yield min(lefts) / wide, 1 - max(tops) / high, max(rights) / wide, 1 - min(bottoms) / high
        at += len(word)


def test_a_reader_finds_every_word_of_every_page(copy: bytes) -> None:
    first, second, third = (page.get_textpage().get_text_range() for page in pdfium.PdfDocument(copy))
    assert first.split()[:5] == LINES[0].text.split()
    assert set(first.split()[5:8]) == {"O’Hara,", "Siân,", "Jūratė"} and "🙂" in first
    assert sorted("محمد") == sorted(sign for sign in first if "\u0600" <= sign <= "\u06ff")
    assert second.split() == ["Yours", "faithfully", "Please", "come", "soon"] and third == ""


def test_each_word_stands_where_it_was_read(copy: bytes) -> None:
    words = LINES[0].written
    found = words_and_boxes(pdfium.PdfDocument(copy)[0], [word.text for word in words])
    for word, box in zip(words, found, strict=True):
        assert box == pytest.approx(word.box, abs=0.002)


def test_slanted_words_stand_on_their_slant(copy: bytes) -> None:
    words = LINES[2].written
    found = words_and_boxes(pdfium.PdfDocument(copy)[1], [word.text for word in words])
    for word, box in zip(words, found, strict=True):
        assert box == pytest.approx(word.box, abs=0.02)


def test_a_page_on_its_side_is_turned_upright_and_keeps_its_colours(copy: bytes) -> None:
    page = pdfium.PdfDocument(copy)[1]
    picture = page.render(scale=0.5).to_pil().convert("RGB")
    assert picture.height > picture.width
    red, green, blue = picture.getpixel((5, 5))
    assert red > 200 and max(green, blue) < 60
    assert min(picture.getpixel((picture.width - 5, 5))) > 200


def test_nothing_of_the_words_is_seen(copy: bytes) -> None:
    page = pdfium.PdfDocument(copy)[2]
    assert page.render(scale=0.5).to_pil().convert("L").getextrema() == (255, 255)
    first = pdfium.PdfDocument(copy)[0].render(scale=0.5).to_pil().convert("L").getextrema()
    assert first[1] - first[0] < 4


def test_it_says_that_it_is_an_archive_file_and_what_it_is(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "B")
        assert told["dc:title"] == "Referral KMR-4729-HX, part 1"
        assert (
            str(opened.docinfo["/Title"]) == told["dc:title"]
            and str(opened.docinfo["/Producer"]) == told["pdf:Producer"]
        )
        assert told["dc:language"] == {"cy"}
        assert told["xmp:CreateDate"] == "2026-11-23T10:15:00+00:00"
    assert str(opened.Root.Lang) == "cy" and opened.Root.ViewerPreferences.DisplayDocTitle
    assert opened.pdf_version >= "1.7" and opened.trailer.ID and not opened.is_encrypted


def test_its_colours_are_told_by_a_profile_of_its_own(opened: pikepdf.Pdf) -> None:
    [intent] = opened.Root.OutputIntents
    assert intent.S == pikepdf.Name.GTS_PDFA1 and intent.DestOutputProfile.N == 3
    profile = ImageCms.ImageCmsProfile(io.BytesIO(intent.DestOutputProfile.read_bytes()))
    colours = Image.merge("RGB", [Image.effect_noise((32, 32), 90) for _ in range(3)])
    same = ImageCms.profileToProfile(colours, profile, ImageCms.createProfile("sRGB"))
    assert same is not None
    assert all(abs(one - other) <= 2 for one, other in zip(colours.tobytes(), same.tobytes(), strict=True))
    assert len(srgb_profile()) == int.from_bytes(srgb_profile()[:4], "big")


def test_its_font_is_embedded_with_the_widths_and_signs_it_is_used_with(opened: pikepdf.Pdf) -> None:
    fonts = [page.resources.Font.Words for page in opened.pages]
    [below] = fonts[0].DescendantFonts
    assert len({font.objgen for font in fonts}) == 1
    program = below.FontDescriptor.FontFile2.read_bytes()
    assert program == unseen_font() and below.DW == 500 and set(below.CIDToGIDMap.read_bytes()[1::2]) == {1}
    assert ImageFont.truetype(io.BytesIO(program), 100).getlength("x") >= 0
    whole = sum(int.from_bytes(program[at : at + 4], "big") for at in range(0, len(program), 4)) & 0xFFFFFFFF
    assert whole == WHOLE
    assert b"D83DDE42" in fonts[0].ToUnicode.read_bytes()


def test_it_holds_nothing_that_an_archive_file_may_not(opened: pikepdf.Pdf) -> None:
    forbidden = {
        "/SMask",
        "/JavaScript",
        "/JS",
        "/AA",
        "/OpenAction",
        "/EmbeddedFiles",
        "/Encrypt",
        "/ExtGState",
        "/Group",
    }
    objects = (each for each in opened.objects if isinstance(each, pikepdf.Dictionary | pikepdf.Stream))
    found = {str(key) for each in objects for key in dict(each.items())}
    assert not found & forbidden
    kinds = {page.resources.XObject.Page.ColorSpace for page in opened.pages}
    assert kinds == {pikepdf.Name.DeviceGray, pikepdf.Name.DeviceRGB}


def test_the_same_words_make_the_same_bytes(copy: bytes) -> None:
    assert a_copy(a_scan()) == copy


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"no picture", "image/png"), (b"%PDF-1.7 broken", "application/pdf"), (b"RIFF", "audio/wav")],
)
def test_what_cannot_be_drawn_gives_no_copy(content: bytes, media_type: str) -> None:
    with pytest.raises(NotSearchable):
        a_copy(content, media_type)


def test_a_map_of_many_signs_is_cut_into_blocks() -> None:
    signs = Signs()
    signs.written("".join(chr(0x4E00 + number) for number in range(150)))
    assert signs.to_unicode().count(b"beginbfchar") == 2 and len(signs) == 150


def test_a_sheet_goes_to_the_child_and_comes_back() -> None:
    word = Behind(text="Siân", x=1.5, y=2, width=3, height=4, slant=-1.25, middle=(5, 6))
    sheet = Sheet(number=1, turn=90, width=10, height=20, lines=((word,), ()))
    wanted = Wanted(
        title="t", language="en", made_at="2026-11-23T10:15:00+00:00", media_type="image/png", sheets=(sheet,)
    )
    assert Wanted.from_json(wanted.as_json()) == wanted

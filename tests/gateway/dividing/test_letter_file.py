"""The file of a letter: pages of scans in any order and turn, with their text, and the same bytes each time."""

from __future__ import annotations

import hashlib
import io

import pikepdf
import pillow_heif
import pypdfium2
import pytest
from PIL import Image

from gateway.dividing.letter_file import CannotMake, PageRef, letter_file, letter_files
from gateway.dividing.picture_pages import as_pdf
from tests.gateway.dividing.scans import pdf_of
from tests.transcription.sheets import made_pages as made

pillow_heif.register_heif_opener()
TYPED = pdf_of("First", "Second", "Third")
PICTURE = Image.fromarray(made.written_on(made.paper(), lines=3)[:600])


def saved(*pictures: Image.Image, form: str = "TIFF", **how: object) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if len(pictures) > 1 else {}
    pictures[0].save(out, form, **more, **how)
    return out.getvalue()


def ref(content: bytes, number: int, media_type: str = "application/pdf", turned: int = 0) -> PageRef:
    return PageRef(sha256=hashlib.sha256(content).hexdigest(), media_type=media_type, number=number, turned=turned)


def first_words(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded()[:6].strip() for page in pypdfium2.PdfDocument(pdf)]


def test_pages_of_several_files_are_put_together_as_asked_with_their_text_and_always_the_same() -> None:
    photo = saved(PICTURE, form="JPEG")
    files = {hashlib.sha256(each).hexdigest(): each for each in (TYPED, photo)}
    pages = [ref(TYPED, 3), ref(photo, 1, "image/jpeg", turned=90), ref(TYPED, 1, turned=270)]
    made_file = letter_file(files, pages)
    assert first_words(made_file) == ["Third", "", "First"]
    with pikepdf.open(io.BytesIO(made_file)) as document:
        assert [int(page.get("/Rotate", 0)) for page in document.pages] == [0, 90, 270]
        (kept,) = document.pages[1].get_images().values()
        assert kept.read_raw_bytes() == photo
    assert letter_file(files, pages) == made_file


async def test_many_letters_are_heard_one_after_another() -> None:
    heard: list[list[str]] = []

    async def hear(file: bytes) -> None:
        heard.append(first_words(file))

    files = {hashlib.sha256(TYPED).hexdigest(): TYPED}
    await letter_files(files, [[ref(TYPED, 1)], [ref(TYPED, 2), ref(TYPED, 3)]], hear)
    assert heard == [["First"], ["Second", "Third"]]
    with pytest.raises(CannotMake):
        await letter_files(files, [[ref(TYPED, 1)], [ref(TYPED, 4)]], hear)
    assert heard[2:] == [["First"]]


def test_a_page_that_is_not_there_or_cannot_be_opened_makes_no_letter() -> None:
    for content in (TYPED, b"%PDF-1.4 and no more"):
        with pytest.raises(CannotMake):
            letter_file({hashlib.sha256(content).hexdigest(): content}, [ref(content, 4)])


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (saved(PICTURE.convert("1"), PICTURE.convert("1"), compression="group4", dpi=(150, 150)), 2),
        (saved(PICTURE.convert("RGB"), PICTURE.convert("RGB"), compression="tiff_lzw"), 2),
        (saved(PICTURE.convert("RGB"), compression="jpeg"), 1),
        (saved(PICTURE.convert("RGBA"), form="PNG"), 1),
        (saved(PICTURE.convert("CMYK"), PICTURE.convert("CMYK")), 2),
        (saved(PICTURE, form="HEIF"), 1),
    ],
    ids=["fax", "lzw", "jpeg in tiff", "transparent", "cmyk", "heic"],
)
def test_a_picture_of_any_kind_becomes_a_page_that_looks_the_same(content: bytes, number: int) -> None:
    page = pypdfium2.PdfDocument(as_pdf(content, number))[0]
    seen = page.render(scale=PICTURE.width / page.get_width(), grayscale=True).to_pil().convert("L").resize((62, 30))
    wanted = PICTURE.resize((62, 30))
    differences = [abs(a - b) for a, b in zip(seen.tobytes(), wanted.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 12
    assert 0.45 < page.get_height() / page.get_width() < 0.5

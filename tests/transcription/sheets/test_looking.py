"""A scan is looked at page by page, and what cannot be looked at says why."""

import io
import struct
import zlib

import numpy as np
import pikepdf
import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from tests.gateway.dividing.scans import BLANK, NEXT, locked, of_many_pages, pdf_of
from tests.transcription.sheets import made_pages as made
from transcription.sheets.contract import MOST_PAGES, NotLookedAt, Seen, SeenPage
from transcription.sheets.looking import look_at

PDF, TIFF = "application/pdf", "image/tiff"
SIZE = struct.pack(">4sIIBBBBB", b"IHDR", 30_000, 30_000, 8, 2, 0, 0, 0)
A_BOMB = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + SIZE + struct.pack(">I", zlib.crc32(SIZE)) + b"\0\0\0\0IDAT"
"""The head of a picture that would take 2.7 GB."""


def test_every_page_of_a_pdf_is_seen_with_its_code_and_its_size() -> None:
    counted: list[int] = []
    seen = look_at(pdf_of("A letter", BLANK, NEXT, "Another"), PDF, counted=counted.append)
    assert [(page.number, page.is_blank, page.codes) for page in seen.pages] == [
        (1, False, ()), (2, True, ()), (3, False, (NEXT,)), (4, False, ())
    ]  # fmt: skip
    assert (round(seen.pages[0].width), round(seen.pages[0].height)) == (595, 842)
    assert counted == [4]


def test_every_picture_of_a_tiff_is_seen() -> None:
    frames = [made.written_on(made.paper(), lines=4), made.paper(), made.coded(made.paper(), NEXT)]
    pictures, out = [Image.fromarray(frame).convert("1", dither=Image.Dither.NONE) for frame in frames], io.BytesIO()
    pictures[0].save(out, "TIFF", compression="group4", save_all=True, append_images=pictures[1:])
    seen = look_at(out.getvalue(), TIFF)
    assert [(page.is_blank, page.codes) for page in seen.pages] == [(False, ()), (True, ()), (False, (NEXT,))]
    assert (seen.pages[0].width, seen.pages[0].height) == (1240, 1100)


@pytest.mark.parametrize("mode", ["RGBA", "P", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_are_seen(mode: str) -> None:
    out, page = io.BytesIO(), Image.fromarray(made.written_on(made.paper(), lines=4)[:600])
    picture = (
        Image.fromarray(np.asarray(page, np.uint16) * 257) if mode == "I;16" else page.convert("RGB").convert(mode)
    )
    picture.save(out, "TIFF")
    seen = look_at(out.getvalue(), TIFF)
    assert [page.is_blank for page in seen.pages] == [False]


def test_what_a_person_typed_into_a_field_or_wrote_as_a_comment_is_on_the_page() -> None:
    made_pdf, out = pikepdf.new(), io.BytesIO()
    made_pdf.add_blank_page()
    look = made_pdf.make_stream(b"0 0 0 rg 0 0 200 20 re f", Type=pikepdf.Name.XObject,
                                Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 20])  # fmt: skip
    comment = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[100, 500, 300, 520], F=4,
        AP=pikepdf.Dictionary(N=look), Contents="Ring me",
    )  # fmt: skip
    made_pdf.pages[0].Annots = made_pdf.make_indirect(pikepdf.Array([made_pdf.make_indirect(comment)]))
    made_pdf.save(out)
    assert [page.is_blank for page in look_at(out.getvalue(), PDF).pages] == [False]


def test_a_file_of_more_pages_than_any_post_is_not_looked_at() -> None:
    assert look_at(of_many_pages(MOST_PAGES + 1), PDF) == Seen(why_not=NotLookedAt.TOO_MANY_PAGES, count=MOST_PAGES + 1)


def test_what_is_locked_damaged_empty_or_a_bomb_cannot_be_opened() -> None:
    for content, media_type in ((locked(), PDF), (b"%PDF-1.4 and no more", PDF), (b"", PDF), (b"II*\0", TIFF),
                                (A_BOMB, "image/png")):  # fmt: skip
        assert look_at(content, media_type).why_not is NotLookedAt.CANNOT_OPEN


def test_a_page_that_cannot_be_drawn_among_others_holds_something_and_hides_none_of_them() -> None:
    frames, out = [Image.fromarray(made.written_on(made.paper(), lines=4)[:300]) for _ in range(3)], io.BytesIO()
    frames[0].save(out, "TIFF", compression="tiff_lzw", save_all=True, append_images=frames[1:])
    with TiffImageFile(io.BytesIO(out.getvalue())) as image:
        image.seek(1)
        (begin, *_), (size, *_) = image.tag_v2[273], image.tag_v2[279]
    damaged = out.getvalue()[:begin] + b"\xff" * size + out.getvalue()[begin + size :]
    seen = look_at(damaged, TIFF)
    assert [page.is_blank for page in seen.pages] == [False, False, False]
    assert seen.pages[2].width == 1240


def test_paper_of_which_a_part_was_lost_on_its_way_is_not_blank() -> None:
    out = io.BytesIO()
    Image.fromarray(made.paper()[:300]).save(out, "JPEG")
    assert [page.is_blank for page in look_at(out.getvalue(), "image/jpeg").pages] == [True]
    assert [page.is_blank for page in look_at(out.getvalue()[:-900], "image/jpeg").pages] == [False]


def test_what_has_no_pages_is_not_looked_at() -> None:
    assert look_at(b"Dear Sir", "text/plain").why_not is NotLookedAt.NO_PAGES


def test_what_is_seen_is_told_to_another_process_without_loss() -> None:
    page = SeenPage(number=1, width=595.3, height=841.9, is_blank=False, codes=(NEXT, "ä"))
    for seen in (Seen(pages=(page,), count=1), Seen(why_not=NotLookedAt.TOO_MANY_PAGES, count=4000)):
        assert Seen.from_json(seen.as_json()) == seen

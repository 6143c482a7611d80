"""The pages of a file as upright pictures for a searchable copy, each let go of before the next is drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import pypdfium2 as pdfium
from PIL import Image, ImageChops

from gateway.searchable.sheets import MOST_PAGES, Sheet
from transcription.scans.pictures import pages

DOTS, POINTS = 200, 72  # an inch
LONGEST = 2400  # pixels of a page's long side: A4 at 200 dots an inch
A4 = 842.0  # points: the long side of a page whose true size nobody knows
LONGEST_SIDE = 14400.0  # points: the largest page there is (ISO 19005-2, 6.1.13)
QUALITY = 75
NEARLY_GREY = 12  # of 255: colours of a scanner that stray from grey by less are none
CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, kw_only=True)
class Pictured:
    """A page as JPEG: its pixels, how large it is in points, and whether it has colours."""

    jpeg: bytes
    pixels: tuple[int, int]
    size: tuple[float, float]
    is_coloured: bool
    sheet: Sheet


def pictured(content: bytes, media_type: str, sheets: Sequence[Sheet]) -> Iterator[Pictured]:
    """Every page of the file, also those of which nothing is known; raises ``ValueError`` at more than 400."""
    known = {sheet.number: sheet for sheet in sheets}
    draw = _of_pdf if media_type == "application/pdf" else _of_pictures
    for sheet, picture, size in draw(content, known):
        if sheet.number > MOST_PAGES:
            raise ValueError("too many pages")
        yield _compressed(picture, size, sheet)


Drawn = Iterator[tuple[Sheet, Image.Image, tuple[float, float]]]


def _of_pdf(content: bytes, known: Mapping[int, Sheet]) -> Drawn:
    document = pdfium.PdfDocument(content)
    document.init_forms()
    for number in range(1, len(document) + 1):
        sheet, page = known.get(number, _blank(number)), document[number - 1]
        wide, high = page.get_size()
        scale = min(DOTS / POINTS, LONGEST / max(wide, high, 1.0))
        picture = page.render(scale=scale, rotation=sheet.turn).to_pil().convert("RGB")
        page.close()
        yield sheet, picture, (high, wide) if sheet.turn in (90, 270) else (wide, high)


def _of_pictures(content: bytes, known: Mapping[int, Sheet]) -> Drawn:
    for number, found in enumerate(pages(content), start=1):
        sheet = known.get(number, _blank(number))
        picture = Image.fromarray(cv2.cvtColor(found.picture, cv2.COLOR_BGR2RGB))
        picture = picture.transpose(CLOCKWISE[sheet.turn]) if sheet.turn else picture
        picture.thumbnail((LONGEST, LONGEST))
        longest = max(picture.size)
        yield sheet, picture, (picture.width * A4 / longest, picture.height * A4 / longest)


def _blank(number: int) -> Sheet:
    return Sheet(number=number, turn=0, width=1, height=1, lines=())


def _compressed(picture: Image.Image, size: tuple[float, float], sheet: Sheet) -> Pictured:
    fits, is_coloured = min(1.0, LONGEST_SIDE / max(size)), _has_colours(picture)
    out = io.BytesIO()
    picture.convert("RGB" if is_coloured else "L").save(out, "JPEG", quality=QUALITY)
    return Pictured(
        jpeg=out.getvalue(),
        pixels=picture.size,
        size=(size[0] * fits, size[1] * fits),
        is_coloured=is_coloured,
        sheet=sheet,
    )


def _has_colours(picture: Image.Image) -> bool:
    small = picture.resize((200, 200), Image.Resampling.BOX)
    red, green, blue = small.split()
    return any(
        max(ImageChops.difference(one, other).tobytes()) > NEARLY_GREY for one, other in ((red, green), (green, blue))
    )

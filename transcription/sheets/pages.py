"""Draws the pages of a scan one at a time, in grey and no finer than a first look needs."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pillow_heif
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from transcription.file_types.beginnings import PDF
from transcription.scans.unpacking import loads_whole
from transcription.sheets.contract import MOST_PAGES, NotLookedAt

Grey = NDArray[np.uint8]
"""Height x width, 0 is black."""

DOTS_PER_INCH = 150
POINTS_PER_INCH = 72
LONG_SIDE = 1754
"""Pixels of an A4 page at ``DOTS_PER_INCH``."""

MOST_PIXELS = 120_000_000
"""A picture with more is refused before it is unpacked: an A3 page at 600 dots per inch has 70 million."""


class CannotLook(Exception):
    """The pages cannot be drawn; ``why`` says why."""

    def __init__(self, why: NotLookedAt, count: int = 0) -> None:
        self.why, self.count = why, count
        super().__init__(why.value)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A page as drawn; ``width`` and ``height`` are its own. ``grey`` is None where it cannot be drawn.

    ``is_whole``: nothing of it was lost on its way.
    """

    grey: Grey | None
    width: float = 0
    height: float = 0
    is_whole: bool = True


NOT_DRAWN = Drawn(grey=None)


@contextmanager
def pages_of(content: bytes, media_type: str) -> Iterator[tuple[int, Iterator[Drawn]]]:
    """How many pages a file has, and each as it is asked for; raises ``CannotLook``."""
    if media_type == PDF:
        with _pdf(content) as opened:
            yield opened
    elif media_type.startswith("image/"):
        with _pictures(content) as opened:
            yield opened
    else:
        raise CannotLook(NotLookedAt.NO_PAGES)


@contextmanager
def _pdf(content: bytes) -> Iterator[tuple[int, Iterator[Drawn]]]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        raise CannotLook(NotLookedAt.CANNOT_OPEN) from None
    try:
        yield _few(len(document)), (_drawn(document, number) for number in range(len(document)))
    finally:
        document.close()


def _few(count: int) -> int:
    if count == 0:
        raise CannotLook(NotLookedAt.CANNOT_OPEN)
    if count > MOST_PAGES:
        raise CannotLook(NotLookedAt.TOO_MANY_PAGES, count)
    return count


def _drawn(document: pdfium.PdfDocument, number: int) -> Drawn:
    """What stands in fields and comments is drawn too."""
    try:
        page = document[number]
        width, height = page.get_size()
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONG_SIDE / max(width, height, 1.0))
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
        grey = np.array(bitmap.to_numpy()).reshape(bitmap.height, -1)[:, : bitmap.width]
        bitmap.close()
        page.close()
    except (pdfium.PdfiumError, ValueError):
        return NOT_DRAWN
    return Drawn(grey=np.ascontiguousarray(grey, np.uint8), width=width, height=height)


@contextmanager
def _pictures(content: bytes) -> Iterator[tuple[int, Iterator[Drawn]]]:
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(content))
            count = _few(getattr(image, "n_frames", 1) if image.format == "TIFF" else 1)
        except CannotLook:
            raise
        except Exception:  # readers of pictures raise whatever their formats make them stumble over
            raise CannotLook(NotLookedAt.CANNOT_OPEN) from None
        yield count, (_frame(image, number) for number in range(count))


def _frame(image: Image.Image, number: int) -> Drawn:
    try:
        if number:
            image.seek(number)
        width, height = image.size
        if width * height > MOST_PIXELS:
            return NOT_DRAWN
        if image.format == "JPEG":
            image.draft("L", (LONG_SIDE, LONG_SIDE))
        is_whole = loads_whole(image)
        seen = _small(image)
    except Exception:
        return NOT_DRAWN
    return Drawn(grey=np.asarray(seen, np.uint8), width=width, height=height, is_whole=is_whole)


def _small(image: Image.Image) -> Image.Image:
    """In grey, on white paper where it is transparent, upright or not."""
    if image.mode in {"I;16", "I;16B", "I"}:
        image = Image.fromarray((np.asarray(image).astype(np.float64) / 257).clip(0, 255).astype(np.uint8))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    grey = image.convert("L")
    by = max(1, round(max(grey.size) / LONG_SIDE))
    return grey.reduce(by) if by > 1 else grey

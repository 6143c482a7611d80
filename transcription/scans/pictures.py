"""Opens pictures of pages, whatever wrote them: JPEG, PNG, HEIC from phones, TIFF from scanners and fax machines."""

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from transcription.contract import CannotRead, Unreadable
from transcription.scans.detector import Picture
from transcription.scans.unpacking import loads_whole

LARGEST_PIXELS = 120_000_000
"""A picture with more is refused before it is unpacked: an A3 page at 600 dots per inch has 70 million."""

MOST_PAGES = 300
"""Pictures in one file; more is no letter."""

WORKING_SIDE = 3600
"""Pixels on the long side that are kept for reading: an A4 page at 300 dots per inch."""

UNEQUAL = 1.2
"""Fax machines scan fewer lines than dots; from this ratio on the page is stretched to its true shape."""

DAMAGE = (
    OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, SyntaxError, EOFError, struct.error,
    Image.DecompressionBombError,
)  # fmt: skip
"""What the readers of pictures raise on damaged files; a CannotRead of our own passes through."""

pillow_heif.register_heif_opener()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One picture of a file, and whether part of it was lost on its way (that part is grey)."""

    picture: Picture
    is_cut_off: bool


def pages(data: bytes) -> Iterator[Sheet]:
    """Each picture of a file, upright as its camera says, in its true shape, at most `WORKING_SIDE` pixels long.

    Raises CannotRead: broken for bytes that are no picture, too_large for a bomb or too many pages.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = _opened(data)
        count = getattr(image, "n_frames", 1) if image.format in {"TIFF", "HEIF", "MPO"} else 1
        count = 1 if image.format in {"HEIF", "MPO"} else count
        if count > MOST_PAGES:
            raise CannotRead(Unreadable.TOO_LARGE, f"more than {MOST_PAGES} pages")
        for number in range(count):
            yield _page(image, number)


def as_picture(image: Image.Image) -> Picture:
    """An opened image in the shape and order of colours the models read, transparent parts as white paper."""
    image = _in_true_shape(_on_paper(image))
    longest = max(image.size)
    if longest > WORKING_SIDE:
        size = (max(image.width * WORKING_SIDE // longest, 1), max(image.height * WORKING_SIDE // longest, 1))
        image = image.resize(size, Image.Resampling.BOX if longest > 2 * WORKING_SIDE else Image.Resampling.LANCZOS)
    return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)


def refuse_bomb(width: float, height: float) -> None:
    """Raises CannotRead(too_large) for a picture of more than `LARGEST_PIXELS`."""
    if width * height > LARGEST_PIXELS:
        raise CannotRead(Unreadable.TOO_LARGE, f"more than {LARGEST_PIXELS // 1_000_000} million pixels")


def _opened(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError:
        raise CannotRead(Unreadable.TOO_LARGE, f"more than {LARGEST_PIXELS // 1_000_000} million pixels") from None
    except DAMAGE as problem:
        raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None
    return image


def _page(image: Image.Image, number: int) -> Sheet:
    try:
        if number:
            image.seek(number)
        refuse_bomb(*image.size)
        if image.format == "JPEG":
            image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
        is_cut_off = not loads_whole(image)
        return Sheet(picture=as_picture(ImageOps.exif_transpose(image)), is_cut_off=is_cut_off)
    except DAMAGE as problem:
        raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    if image.mode in {"I;16", "I;16B", "I"}:
        return Image.fromarray((np.asarray(image).astype(np.float64) / 257).clip(0, 255).astype(np.uint8))
    return image


def _in_true_shape(image: Image.Image) -> Image.Image:
    across, down = (float(dots) for dots in image.info.get("dpi", (1, 1)))
    if min(across, down) <= 0 or max(across, down) / min(across, down) < UNEQUAL:
        return image
    if across > down:
        size = (image.width, round(image.height * across / down))
    else:
        size = (round(image.width * down / across), image.height)
    refuse_bomb(*size)
    return image.convert("L" if image.mode == "1" else image.mode).resize(size, Image.Resampling.BICUBIC)

"""Puts a picture of a page on a page of a PDF, as it is where a PDF can hold it."""

from __future__ import annotations

import io
import warnings

import img2pdf
import pillow_heif
from PIL import Image, ImageOps

MOST_PIXELS = 120_000_000
A4_LONG, LARGEST_SIDE = 842.0, 17 * 72.0
"""Points: a side that would be longer than a scanner's glass says that the picture does not know its size."""

QUALITY = 95
LOSSY = frozenset({"jpeg", "tiff_jpeg", "webp"})
"""Compressions in a TIFF whose dots are not what was scanned any more: kept to the dot they would grow tenfold."""


def as_pdf(content: bytes, number: int) -> bytes:
    """A PDF of one page with picture ``number`` (from 1) of a file; raises what the readers of pictures raise."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    pillow_heif.register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(content))
        if image.format == "TIFF" and (getattr(image, "n_frames", 1) > 1 or _is_lossy(image)):
            return _put(_one_of(image, number))
        if image.format == "HEIF":
            return _put(_redrawn(image))
        try:
            return _put(content)
        except (img2pdf.ImageOpenError, img2pdf.AlphaChannelError, ValueError, TypeError, NotImplementedError):
            return _put(_redrawn(image))


def _put(picture: bytes) -> bytes:
    return bytes(
        img2pdf.convert(
            picture, layout_fun=_on_paper, rotation=img2pdf.Rotation.ifvalid, nodate=True, producer="",
            engine=img2pdf.Engine.pikepdf,
        )
    )  # fmt: skip


def _on_paper(width: int, height: int, dots: tuple[float, float]) -> tuple[float, float, float, float]:
    """Points of page and picture: its own size, or that of a sheet where it says none that can be."""
    across, down = width * 72 / max(dots[0], 1), height * 72 / max(dots[1], 1)
    if max(across, down) > LARGEST_SIDE:
        scale = A4_LONG / max(across, down)
        across, down = across * scale, down * scale
    return across, down, across, down


def _one_of(image: Image.Image, number: int) -> bytes:
    """One picture of several: a PDF's own reader would unpack them all."""
    image.seek(number - 1)
    out = io.BytesIO()
    dots = image.info.get("dpi", (96, 96))
    if image.mode == "1":
        image.save(out, "TIFF", compression="group4", dpi=dots)
    elif _is_lossy(image) or image.mode not in {"L", "RGB", "P"}:
        return _redrawn(image)
    else:
        image.save(out, "PNG", dpi=dots, compress_level=3)
    return out.getvalue()


def _is_lossy(image: Image.Image) -> bool:
    return image.info.get("compression", "") in LOSSY


def _redrawn(image: Image.Image) -> bytes:
    """On white paper where it is transparent, upright as its camera says."""
    picture, out = ImageOps.exif_transpose(image), io.BytesIO()
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    grey = picture.mode in {"L", "1", "LA"}
    dots = image.info.get("dpi", (96, 96))
    picture.convert("L" if grey else "RGB").save(out, "JPEG", quality=QUALITY, subsampling=0, dpi=dots)
    return out.getvalue()

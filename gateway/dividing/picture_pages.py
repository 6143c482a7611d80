"""Puts the pictures of a file on the pages of a PDF, as they are where a PDF can hold them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import img2pdf
import pillow_heif
from PIL import Image, ImageOps

MOST_PIXELS = 120_000_000
MOST_FRAMES = 1000
A4_LONG, LARGEST_SIDE = 842.0, 17 * 72.0
"""Points: a side that would be longer than a scanner's glass says that the picture does not know its size."""

QUALITY = 92


def as_pdf(content: bytes) -> bytes:
    """A PDF with a page for every picture of a file; raises what the readers of pictures raise."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    pillow_heif.register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _put(content)
        except (img2pdf.ImageOpenError, img2pdf.AlphaChannelError, ValueError, TypeError, NotImplementedError):
            return _put(*_redrawn(content))


def _put(*pictures: bytes) -> bytes:
    return bytes(
        img2pdf.convert(
            list(pictures), layout_fun=_on_paper, rotation=img2pdf.Rotation.ifvalid, nodate=True, producer="",
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


def _redrawn(content: bytes) -> Iterator[bytes]:
    image = Image.open(io.BytesIO(content))
    frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if frames > MOST_FRAMES:
        raise ValueError("more pictures than a letter has pages")
    for number in range(frames):
        image.seek(number)
        picture, out = ImageOps.exif_transpose(image), io.BytesIO()
        seen = picture.convert("RGBA")
        paper = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
        paper.save(out, "JPEG", quality=QUALITY, dpi=image.info.get("dpi", (96, 96)))
        yield out.getvalue()

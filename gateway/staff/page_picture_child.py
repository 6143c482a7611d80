"""The child of ``page_pictures``: a file on standard input, a JPEG of one of its pages on standard output."""

from __future__ import annotations

import io
import resource
import sys

import pillow_heif
import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageSequence

WIDEST = 1400
MOST_PIXELS = 120_000_000
SECONDS, OCTETS = 15, 2 * 1024**3


def main() -> None:
    """Any failure ends the child with an error; nothing of the file is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    media_type, page = sys.argv[1], int(sys.argv[2])
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    content = sys.stdin.buffer.read()
    picture = _of_pdf(content, page) if media_type == "application/pdf" else _of_image(content, page)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80)
    sys.stdout.buffer.write(out.getvalue())


def _of_pdf(content: bytes, page: int) -> Image.Image:
    sheet = pdfium.PdfDocument(content)[page - 1]
    scale = min(3.0, WIDEST / max(1.0, sheet.get_width()))
    drawn: Image.Image = sheet.render(scale=scale).to_pil()
    return drawn


def _of_image(content: bytes, page: int) -> Image.Image:
    pillow_heif.register_heif_opener()
    frames = ImageSequence.Iterator(Image.open(io.BytesIO(content)))
    picture = ImageOps.exif_transpose(frames[page - 1])
    picture.thumbnail((WIDEST, WIDEST * 2))
    return picture


if __name__ == "__main__":
    main()

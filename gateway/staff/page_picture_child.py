"""The child of ``page_pictures``: a file on standard input, a JPEG of one of its pages on standard output."""

from __future__ import annotations

import io
import resource
import sys

import pillow_heif
import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageSequence

MOST_PIXELS = 120_000_000
SECONDS, OCTETS = 15, 2 * 1024**3
CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def main() -> None:
    """Any failure ends the child with an error; nothing of the file is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    media_type, page, turn, widest = sys.argv[1], *map(int, sys.argv[2:5])
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    content = sys.stdin.buffer.read()
    sys.stdout.buffer.write(drawn(content, media_type, page, turn=turn, widest=widest))


def drawn(content: bytes, media_type: str, page: int, *, turn: int, widest: int, quality: int = 80) -> bytes:
    """A JPEG of one page, from 1; raises whatever the libraries raise."""
    draw = _of_pdf if media_type == "application/pdf" else _of_image
    out = io.BytesIO()
    draw(content, page, turn, widest).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def _of_pdf(content: bytes, page: int, turn: int, widest: int) -> Image.Image:
    document = pdfium.PdfDocument(content)
    document.init_forms()
    sheet = document[page - 1]
    across = sheet.get_height() if turn in (90, 270) else sheet.get_width()
    scale = min(3.0, widest / max(1.0, across))
    drawn: Image.Image = sheet.render(scale=scale, rotation=turn).to_pil()
    return drawn


def _of_image(content: bytes, page: int, turn: int, widest: int) -> Image.Image:
    pillow_heif.register_heif_opener()
    frames = ImageSequence.Iterator(Image.open(io.BytesIO(content)))
    picture = ImageOps.exif_transpose(frames[page - 1])
    picture = picture.transpose(CLOCKWISE[turn]) if turn else picture
    picture.thumbnail((widest, widest * 2))
    return _on_paper(picture)


def _on_paper(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture
    seen = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)


if __name__ == "__main__":
    main()

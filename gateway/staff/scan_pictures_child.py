"""The child of ``scan_pictures``: a file on standard input, small pictures of a run of its pages on standard output."""

from __future__ import annotations

import resource
import sys

from PIL import Image

from gateway.in_a_child import Lengths
from gateway.staff.page_picture_child import MOST_PIXELS, OCTETS, drawn

SECONDS = 40
QUALITY = 60


def main() -> None:
    """A page that cannot be drawn is an empty piece; nothing of the file is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    media_type, first, last, wide = sys.argv[1], *map(int, sys.argv[2:5])
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    content = sys.stdin.buffer.read()
    for page in range(first, last + 1):
        sys.stdout.buffer.write(Lengths.before(_picture(content, media_type, page, wide)))
        sys.stdout.buffer.flush()


def _picture(content: bytes, media_type: str, page: int, wide: int) -> bytes:
    """One bad page does not take the others with it."""
    try:
        return drawn(content, media_type, page, turn=0, widest=wide, quality=QUALITY)
    except Exception:
        return b""


if __name__ == "__main__":
    main()

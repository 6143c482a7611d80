"""The child that makes a searchable copy: words and a file on standard input, the copy on standard output."""

from __future__ import annotations

import io
import resource
import struct
import sys
from datetime import datetime

from PIL import Image

from gateway.searchable.archive import Copy
from gateway.searchable.pictured import pictured
from gateway.searchable.sheets import LENGTH, Wanted

OCTETS = 3 * 1024**3
MOST_PIXELS = 120_000_000


def main() -> None:
    """Any failure ends the child with an error; nothing of the file is printed."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    wanted, content = _heard()
    copy = Copy()
    for page in pictured(content, wanted.media_type, wanted.sheets):
        copy.add(page)
    made_at = datetime.fromisoformat(wanted.made_at)
    out = io.BytesIO()
    copy.finished(title=wanted.title, language=wanted.language, made_at=made_at).save(
        out, deterministic_id=True, min_version="1.7", compress_streams=True
    )
    sys.stdout.buffer.write(out.getbuffer())


def _heard() -> tuple[Wanted, bytes]:
    heard = sys.stdin.buffer
    (length,) = struct.unpack(LENGTH, heard.read(struct.calcsize(LENGTH)))
    return Wanted.from_json(heard.read(length)), heard.read()


if __name__ == "__main__":
    main()

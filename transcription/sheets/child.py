"""The process in which strangers' scans are looked at: a file on standard input, what is seen on standard output."""

from __future__ import annotations

import os
import resource
import struct
import sys

from transcription.sheets.looking import look_at

SECONDS_TO_OPEN, SECONDS_A_PAGE = 20, 2
OCTETS = 1200 * 1024**2
"""Addresses; engines reserve far more of them than they touch, and the file itself is in them too."""


def main() -> None:
    """Any failure ends it with an error; nothing of the file is printed."""
    content = sys.stdin.buffer.read()
    most = OCTETS + 2 * len(content)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.nice(5)
    _allow_seconds(0)
    seen = look_at(content, sys.argv[1], counted=_allow_seconds).as_json().encode()
    sys.stdout.buffer.write(struct.pack(">Q", len(seen)) + seen)


def _allow_seconds(pages: int) -> None:
    seconds = SECONDS_TO_OPEN + SECONDS_A_PAGE * pages
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()

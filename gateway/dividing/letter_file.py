"""Makes the file of a letter out of pages of scans, without loss where that can be: in a child process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from gateway.in_a_child import ChildFailed, Heard, Lengths, hear_a_child, in_a_child

CHILD = "gateway.dividing.letter_file_child"
SECONDS = 120.0
MEDIA_TYPE = "application/pdf"


class CannotMake(Exception):
    """No file can be made of these pages: they cannot be opened, or take too long."""


@dataclass(frozen=True, kw_only=True)
class PageRef:
    """Page ``number`` (from 1) of the file with this sha256, turned by so many degrees clockwise (0, 90, 180, 270)."""

    sha256: str
    media_type: str
    number: int
    turned: int = 0


def letter_file(files: Mapping[str, bytes], pages: Sequence[PageRef]) -> bytes:
    """A PDF of these pages in this order, their text layers kept; the same pages give the same bytes.

    ``files`` are the bytes by their sha256. Raises ``CannotMake``. Blocks.
    """
    try:
        told = in_a_child(CHILD, content=b"".join(_asked(files, [pages])), seconds=SECONDS)
        return Lengths.first_of(told)
    except ChildFailed:
        raise CannotMake("the pages could not be put together") from None


async def letter_files(files: Mapping[str, bytes], letters: Sequence[Sequence[PageRef]], heard: Heard) -> None:
    """The same for many letters: ``heard`` is awaited with each in turn, so that no more than one is in memory.

    Raises ``CannotMake``.
    """
    made = 0

    async def count(file: bytes) -> None:
        nonlocal made
        made += 1
        await heard(file)

    try:
        await hear_a_child(CHILD, content=_asked(files, letters), heard=count, seconds=SECONDS)
    except ChildFailed:
        raise CannotMake("the pages could not be put together") from None
    if made != len(letters):
        raise CannotMake("some letters could not be put together")


def _asked(files: Mapping[str, bytes], letters: Sequence[Sequence[PageRef]]) -> list[bytes]:
    asked = {
        "files": [{"sha256": sha256, "size": len(content)} for sha256, content in files.items()],
        "letters": [[asdict(page) for page in pages] for pages in letters],
    }
    return [Lengths.before(json.dumps(asked).encode()), *files.values()]

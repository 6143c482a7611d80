"""Has a scan looked at, page by page, in a process of its own."""

from __future__ import annotations

from gateway.in_a_child import ChildFailed, hear_a_child
from transcription.sheets.contract import NotLookedAt, Seen

CHILD = "transcription.sheets.child"
SECONDS = 3600.0
"""The process ends itself long before: by how many pages there are."""

TRIES = 2
"""A process may end because the machine was short of memory, and not for what is in the file."""


async def seen_of(content: bytes, media_type: str) -> Seen:
    """What is on its pages; a file that ends the process each time, or takes it too long, cannot be opened."""
    if media_type != "application/pdf" and not media_type.startswith("image/"):
        return Seen(why_not=NotLookedAt.NO_PAGES)
    for _ in range(TRIES):
        try:
            return Seen.from_json(await _told(content, media_type))
        except (ChildFailed, LookupError, ValueError, TypeError):
            continue
    return Seen(why_not=NotLookedAt.CANNOT_OPEN)


async def _told(content: bytes, media_type: str) -> bytes:
    told: list[bytes] = []

    async def hear(piece: bytes) -> None:
        told.append(piece)

    await hear_a_child(CHILD, media_type, content=[content], heard=hear, seconds=SECONDS)
    return told[0]

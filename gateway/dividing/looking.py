"""Has a scan looked at, page by page, in a process of its own."""

from __future__ import annotations

from gateway.in_a_child import ChildFailed, hear_a_child
from transcription.sheets.contract import NotLookedAt, Seen

CHILD = "transcription.sheets.child"
SECONDS = 3600.0
"""The process ends itself long before: by how many pages there are."""


async def seen_of(content: bytes, media_type: str) -> Seen:
    """What is on its pages; a file that ends the process, or takes it too long, cannot be opened."""
    if media_type != "application/pdf" and not media_type.startswith("image/"):
        return Seen(why_not=NotLookedAt.NO_PAGES)
    told: list[bytes] = []

    async def hear(piece: bytes) -> None:
        told.append(piece)

    try:
        await hear_a_child(CHILD, media_type, content=[content], heard=hear, seconds=SECONDS)
        return Seen.from_json(told[0])
    except (ChildFailed, LookupError, ValueError, TypeError):
        return Seen(why_not=NotLookedAt.CANNOT_OPEN)

"""Files handed in by a person: each becomes the message its channel would have received."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import puremagic

from channels.contract import RawMessage

CHANNELS = ("letter", "voicemail", "email")
SOUND = "audio/wav"


def as_message(file: Path, channel: str) -> RawMessage:
    """The file's exact bytes; handing in the same file again is a repeat. Blocks on the disk."""
    body = file.read_bytes()
    digest = hashlib.sha256(body).hexdigest()
    modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return RawMessage(
        channel=channel, source_key=f"ingest:{digest}:{file.name}"[:200], body=body,
        media_type=_type(body, file, channel),
        envelope={"name": file.name, "modified": modified.isoformat()}, received_at=modified,
    )  # fmt: skip


def _type(body: bytes, file: Path, channel: str) -> str:
    if channel == "email" or file.suffix.lower() == ".eml":
        return "message/rfc822"
    try:
        guessed = puremagic.from_string(body, mime=True, filename=file.name)
    except (puremagic.PureError, ValueError):
        guessed = ""
    if channel == "voicemail":
        return guessed if guessed.startswith("audio/") else SOUND
    return guessed or "application/octet-stream"

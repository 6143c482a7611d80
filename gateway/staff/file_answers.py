"""Gives kept bytes to a browser or program: never run as a page, whole or a range, so that a player can seek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from channels.active_content import active_in
from storage.attachment import Active

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True, kw_only=True)
class File:
    """Bytes with the name and media type they came under."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Original:
    """What was received, a piece at a time; ``size`` is of all of it."""

    pieces: Iterator[bytes]
    size: int
    name: str
    media_type: str


def is_shown(media_type: str) -> bool:
    """Whether a browser may show this kind; everything else is only saved, under no type of its own."""
    plain = media_type.partition(";")[0].strip().lower()
    return plain in SHOWN or re.fullmatch(r"(?:audio|video)/[a-z0-9.+-]+", plain) is not None


def file_answer(request: Request, file: File, *, is_only_saved: bool = False) -> Response:
    """The bytes, or the range of them that was asked for (RFC 9110, one range); what could run is only saved."""
    shown = is_shown(file.media_type) and not is_only_saved and not _could_run(file)
    headers = NO_STORE | {
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition("inline" if shown else "attachment", file.name),
        "Content-Security-Policy": _policy(file.media_type) if shown else f"{SANDBOX}; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Media-Type": _header_text(file.media_type),
    }
    media_type = file.media_type.partition(";")[0].strip().lower() if shown else "application/octet-stream"
    asked = RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or not any(asked.groups()):
        return Response(file.content, media_type=media_type, headers=headers)
    size = len(file.content)
    first, last = _ends(asked[1], asked[2], size)
    if first > last:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(file.content[first : last + 1], status_code=206, media_type=media_type, headers=headers)


def _could_run(file: File) -> bool:
    """Sound and film are played by the browser's own player, which runs nothing of theirs."""
    if file.media_type.startswith(("audio/", "video/")):
        return False
    return active_in(file.content, name=file.name, media_type=file.media_type) is not Active.NONE


def original_answer(file: Original) -> Response:
    """The exact bytes received, to be saved: never shown, never guessed at. A large one is sent as it is read."""
    headers = NO_STORE | {
        "Content-Disposition": disposition("attachment", file.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Length": str(file.size),
        "X-Media-Type": _header_text(file.media_type),
    }
    return StreamingResponse(file.pieces, media_type="application/octet-stream", headers=headers)


def disposition(how: str, name: str) -> str:
    """RFC 6266, so that any name arrives whole and none can break out of the header."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)[:100] or "file"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name[:200], safe='')}"


def _policy(media_type: str) -> str:
    """Browsers do not open their PDF viewer inside a sandbox; it is walled off by the browser itself."""
    return SANDBOX if media_type.startswith("application/pdf") else f"{SANDBOX}; sandbox"


def _ends(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _header_text(text: str) -> str:
    return re.sub(r"[^\x21-\x7e ]", "", text)[:200]

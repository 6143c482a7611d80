"""The pictures of a mail that its page may show: those that came with it, in a form that any browser only draws."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_to_bytes

MOST_BYTES = 12 * 1024 * 1024
_STARTS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
_DATA = re.compile(r"(?is)\s*data:image/[\w.+-]{1,40}(;[^,]{0,100})?,(.*)")
ELSEWHERE = "picture on another server, not loaded"
NOT_HERE = "picture that did not come with the mail"
NOT_SHOWN = "picture that is not shown here: open it as a file"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One that came with the mail, by its bytes."""

    content: bytes


def shown_as(content: bytes) -> str:
    """The media type that its bytes show; empty for what is not shown: SVG holds scripts, others few browsers know."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _STARTS if content.startswith(start)), "")


@dataclass(kw_only=True)
class Pictures:
    """Those of one page. ``by_id`` are the mail's own by content id, lower case, without brackets."""

    by_id: Mapping[str, Picture]
    _given: list[str] = field(default_factory=list)
    _size: int = 0

    def take(self, source: str) -> tuple[str, str]:
        """An address of ours for a picture of the page, or an empty one and why it is not shown."""
        written = source.strip()
        if written[:4].lower() == "cid:":
            wanted = unquote(written[4:]).strip(" <>").lower()
            found = self.by_id.get(wanted)
            return self._keep(found.content) if found else ("", NOT_HERE)
        if inline := _DATA.fullmatch(written[: 2 * MOST_BYTES]):
            return self._keep(_decoded(inline[1] or "", inline[2]))
        return "", ELSEWHERE

    def address(self, ours: str) -> str | None:
        """The picture itself for an address that ``take`` gave; None for any other."""
        number = ours.removeprefix("cid:")
        return self._given[int(number)] if number.isdecimal() and int(number) < len(self._given) else None

    def _keep(self, content: bytes) -> tuple[str, str]:
        kind = shown_as(content)
        if not kind or self._size + len(content) > MOST_BYTES:
            return "", NOT_SHOWN
        self._size += len(content)
        self._given.append(f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}")
        return f"cid:{len(self._given) - 1}", ""


def _decoded(how: str, written: str) -> bytes:
    plain = unquote_to_bytes(written)
    if "base64" not in how.lower():
        return plain
    try:
        return base64.b64decode(plain, validate=False)
    except (binascii.Error, ValueError):
        return b""

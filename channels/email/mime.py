"""Parses the form of a mail with the standard library, guarded against the mails that would make it slow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from email.parser import BytesFeedParser, BytesHeaderParser
from email.policy import Compat32
from typing import Any

LONGEST_FORM_FIELD = 4000
MOST_PARTS = 2000
DEEPEST = 100
_BLOCK = 16 * 1024
_MOST_LINES = 10_000
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_OF_FORM = frozenset({"content-type", "content-disposition"})


class Part(Message):
    """A mail or a part of one whose fields are found by an index: headers may have a hundred thousand fields.

    ``unparsed`` is what of a whole mail was left as it is because so many parts came before it.
    """

    unparsed: bytes = b""
    _index: tuple[int, dict[str, list[tuple[str, str]]]] = 0, {}

    def get_all(self, name: str, failobj: Any = None) -> Any:
        """Every value of a field as the parser left it."""
        values = [self.policy.header_fetch_parse(key, value) for key, value in self._fields(name)]
        return values or failobj

    def get(self, name: str, failobj: Any = None) -> Any:
        """The first value of a field."""
        first = self._fields(name)[:1]
        return self.policy.header_fetch_parse(*first[0]) if first else failobj

    def get_payload(self, i: int | None = None, decode: bool = False) -> Any:
        """The library's, except that a charset which cannot be applied leaves the payload as it came."""
        try:
            return super().get_payload(i, decode)  # type: ignore[call-overload]
        except (UnicodeError, LookupError, ValueError, TypeError):
            return self._payload  # type: ignore[attr-defined]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._fields(name))

    def _fields(self, name: str) -> Sequence[tuple[str, str]]:
        fields: list[tuple[str, str]] = self._headers  # type: ignore[attr-defined]
        count, index = self._index
        if count != len(fields):
            index = {}
            for key, value in fields:
                index.setdefault(key.lower(), []).append((key, value))
            self._index = len(fields), index
        return index.get(name.lower(), ())


class _Guarded(Compat32):
    """Looking for parameters takes the square of a field's length: fields of form longer than any real one are cut."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of one field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_FORM_FIELD] if name.strip().lower() in _OF_FORM else value


_POLICY = _Guarded(linesep="\r\n", max_line_length=0, mangle_from_=False, message_factory=Part)


def parsed(content: bytes) -> Part:
    """The mail with all its parts. Raises RecursionError where they are nested deeper than a hundred.

    For every line the library asks of each multipart around it whether it ends there.
    """
    made: list[None] = []
    parser: BytesFeedParser[Part] | None = None  # which calls for its first part to see how it is to call

    def a_part(policy: Any = None) -> Part:
        made.append(None)
        if parser is not None and len(getattr(parser, "_msgstack", ())) > DEEPEST:
            raise RecursionError
        return Part(policy or _POLICY)

    parser = BytesFeedParser(a_part, policy=_POLICY)  # type: ignore[arg-type]
    content, at = _with_bearable_header(content), 0
    while at < len(content) and len(made) < MOST_PARTS:
        parser.feed(content[at : at + _BLOCK])
        at += _BLOCK
    mail = parser.close()
    mail.unparsed = content[at:]
    return mail


def parsed_anyhow(content: bytes) -> Message:
    """The mail with all its parts, or in one piece where they are nested too deep."""
    try:
        return parsed(content)
    except RecursionError:
        return header_parsed(content)


def header_parsed(content: bytes) -> Message:
    """The mail with everything below its header as one piece."""
    return BytesHeaderParser(policy=_POLICY).parsebytes(_with_bearable_header(content))


def _with_bearable_header(content: bytes) -> bytes:
    """Of a header of more lines than any real one has, the beginning and the end."""
    end = _HEADER_END.search(content)
    header = content[: end.start()] if end else content
    if header.count(b"\n") <= 2 * _MOST_LINES:
        return content
    lines = header.split(b"\n")
    return b"\n".join([*lines[:_MOST_LINES], *lines[-_MOST_LINES:]]) + content[len(header) :]

"""Takes a posted form apart: what was typed, by field, and the files that came with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from channels.contract import Enclosure
from channels.media_type import media_type_of
from channels.web_form.fields import CONCERN

MOST_PARTS = 1000


class NotAForm(Exception):
    """Nothing in the body can be read as a form of the kind its content type claims."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What was filled in: ``typed`` without empty fields, a field given twice joined by a line break.

    ``whole`` is False when the body is cut short or broken: then these are the parts that could be read.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Enclosure, ...] = ()
    whole: bool = True


def take_apart(body: bytes, content_type: str) -> Filled:
    """The fields and files of a form body, as much as can be read; raises ``NotAForm`` when that is nothing."""
    kind, options = parse_options_header(content_type)
    if kind == b"multipart/form-data" and options.get(b"boundary"):
        return _Parts().read(body, options[b"boundary"])
    if kind == b"application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=MOST_PARTS, errors="replace")
        except ValueError:
            raise NotAForm from None
        return Filled(typed=_joined(pairs))
    if kind == b"text/plain":
        return Filled(typed=_joined([(CONCERN, body.decode("utf-8", "replace"))]))
    raise NotAForm


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for name, value in pairs:
        words = value.replace("\r\n", "\n").strip()
        if words:
            typed[name] = f"{typed[name]}\n{words}" if name in typed else words
    return typed


class _Parts:
    """Collects the parts of one multipart body as the parser meets them."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, str]] = []
        self._files: list[Enclosure] = []
        self._headers: dict[bytes, bytes] = {}
        self._header_name, self._header_value, self._content = bytearray(), bytearray(), bytearray()
        self._part_is_open = self._ended = False

    def read(self, body: bytes, boundary: bytes) -> Filled:
        """Feed the body through; what was read before it broke is kept, the broken part included."""
        try:
            self._parser(boundary).write(body)
        except (FormParserError, _TooManyParts):
            self._ended = False
        if self._part_is_open:
            self._end_part()
        if not self._ended and not self._pairs and not self._files:
            raise NotAForm
        return Filled(typed=_joined(self._pairs), files=tuple(self._files), whole=self._ended)

    def _parser(self, boundary: bytes) -> MultipartParser:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_part_data": lambda data, start, end: self._content.extend(data[start:end]),
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def _begin_part(self) -> None:
        if len(self._pairs) + len(self._files) >= MOST_PARTS:
            raise _TooManyParts
        self._headers.clear()
        self._content.clear()
        self._part_is_open = True

    def _end_header(self) -> None:
        self._headers[bytes(self._header_name).lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _end_part(self) -> None:
        self._part_is_open = False
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"filename" in options:
            self._add_file(options[b"filename"].decode("utf-8", "replace"))
        else:
            name = options.get(b"name", b"").decode("utf-8", "replace")
            self._pairs.append((name, self._content.decode("utf-8", "replace")))

    def _end(self) -> None:
        self._ended = True

    def _add_file(self, name: str) -> None:
        """A file; a file question that was left alone arrives without a name and without bytes."""
        content = bytes(self._content)
        if name or content:
            claimed = self._headers.get(b"content-type", b"").decode("latin-1")
            kind = media_type_of(content, name=name, claimed=claimed)
            self._files.append(Enclosure(name=name, media_type=kind, content=content))


class _TooManyParts(Exception):
    """More parts than any person fills in."""

"""Reads a posted form while it comes in: short fields whole, files in blocks as they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MOST_PARTS = 2000
LONGEST_FIELD = 64 * 1024
LONGEST_HEADER = 16 * 1024


class BrokenForm(Exception):
    """It is no form, it breaks off, or it holds more than anybody fills in."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field as it was typed."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class FileBegins:
    """The next blocks are of the file with this name; the name is without the folder it lay in."""

    name: str


@dataclass(frozen=True, kw_only=True)
class FileEnds:
    """The file that began last is whole."""


Event = Field | FileBegins | bytes | FileEnds
"""Of a file the bytes themselves, in order, between its beginning and its end."""


class FormStream:
    """Fed with the body of a request; raises ``BrokenForm`` for one that is no multipart form."""

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise BrokenForm
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._extend(self._header_name, data[start:end]),
                "on_header_value": lambda data, start, end: self._extend(self._header_value, data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._all_is_here,
            },
        )
        self._events: list[Event] = []
        self._parts, self._is_whole, self._in_file = 0, False, False
        self._headers: dict[bytes, bytes] = {}
        self._header_name, self._header_value, self._value = bytearray(), bytearray(), bytearray()
        self._field = ""

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """What came with it, in order; raises ``BrokenForm``."""
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise BrokenForm from None
        events, self._events = self._events, []
        yield from events

    def end(self) -> None:
        """The request is over; raises ``BrokenForm`` if the form is not."""
        if not self._is_whole:
            raise BrokenForm

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise BrokenForm
        self._headers.clear()
        self._value.clear()

    def _extend(self, header: bytearray, data: bytes) -> None:
        header += data
        if len(header) > LONGEST_HEADER:
            raise BrokenForm

    def _end_header(self) -> None:
        self._headers[bytes(self._header_name).lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = b"filename" in options
        if self._in_file:
            name = options[b"filename"].decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
            self._events.append(FileBegins(name=name.replace("\0", "")))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._events.append(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > LONGEST_FIELD:
            raise BrokenForm

    def _end(self) -> None:
        if self._in_file:
            self._events.append(FileEnds())
        else:
            self._events.append(Field(name=self._field, value=self._value.decode("utf-8", "replace")))

    def _all_is_here(self) -> None:
        self._is_whole = True

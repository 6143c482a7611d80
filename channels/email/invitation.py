"""Reads invitations (iCalendar, RFC 5545) into the words a person would want: what, when, where, and who asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]{1,40})(?P<parameters>(?:;[^:;\"]{0,200}(?:\"[^\"]{0,300}\")?){0,20}):(?P<value>.*)"
)
_COMMON_NAME = re.compile(r";CN=(?:\"([^\"]*)\"|([^;:]*))", re.IGNORECASE)
_ZONE = re.compile(r";TZID=\"?([^\";:]*)", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_SHOWN = {
    "METHOD": "Calendar", "SUMMARY": "What", "DTSTART": "Begins", "DTEND": "Ends", "DUE": "Due", "LOCATION": "Where",
    "ORGANIZER": "Asked by", "ATTENDEE": "Asked", "DESCRIPTION": "Words", "COMMENT": "Words", "STATUS": "State",
}  # fmt: skip
_MOST_LINES = 400
_NOT_SHOWN_IN = frozenset({"VALARM", "VTIMEZONE", "STANDARD", "DAYLIGHT"})


@dataclass(frozen=True, kw_only=True)
class _Line:
    name: str
    parameters: str
    value: str


def invitation_text(source: str) -> str:
    """One line for each thing said; empty when it says nothing."""
    shown: list[str] = []
    within: list[str] = []
    for line in _lines(source):
        if line.name == "BEGIN":
            within.append(line.value.strip().upper())
        elif line.name == "END" and within:
            within.pop()
        elif line.name in _SHOWN and within and within[-1] not in _NOT_SHOWN_IN and (words := _words(line)):
            shown.append(f"{_SHOWN[line.name]}: {words}")
        if len(shown) == _MOST_LINES:
            shown.append("[The calendar says more; it is kept as a file.]")
            break
    return "\n".join(shown)


def _lines(source: str) -> list[_Line]:
    unfolded = _FOLD.sub("", source)
    found = (_LINE.fullmatch(line) for line in unfolded.split("\n"))
    return [
        _Line(name=each["name"].upper(), parameters=each["parameters"], value=each["value"]) for each in found if each
    ]


def _words(line: _Line) -> str:
    value = _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], line.value).strip()
    if line.name in {"ORGANIZER", "ATTENDEE"}:
        return _person(line, value)
    if line.name in {"DTSTART", "DTEND", "DUE"}:
        return _moment(line, value)
    return value


def _person(line: _Line, value: str) -> str:
    address = value[7:] if value.lower().startswith("mailto:") else value
    named = _COMMON_NAME.search(line.parameters)
    name = (named[1] or named[2] or "").strip() if named else ""
    return f"{name} <{address}>" if name and name != address else address


def _moment(line: _Line, value: str) -> str:
    """As it is written there, in the zone it names; nothing is converted."""
    found = _TIME.fullmatch(value)
    if found is None:
        return value
    year, month, day, hour, minute, utc = found.groups()
    zone = _ZONE.search(line.parameters)
    clock = f" {hour}:{minute}" if hour else ""
    where = " UTC" if utc else f" ({zone[1]})" if zone and clock else ""
    return f"{day}/{month}/{year}{clock}{where}"

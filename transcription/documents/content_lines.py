"""Reads visiting cards (.vcf) and calendars (.ics), which are both written as lines of a name and a value."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from transcription.contract import Transcript
from transcription.documents.plain import decoded, tidied
from transcription.documents.written import written

ON_A_CARD = {
    "FN": "Name", "ORG": "Organisation", "TITLE": "Role", "ROLE": "Role", "TEL": "Telephone", "EMAIL": "Email",
    "ADR": "Address", "LABEL": "Address", "BDAY": "Born", "URL": "Web", "NOTE": "Note",
}  # fmt: skip
IN_A_CALENDAR = {
    "METHOD": "Kind", "SUMMARY": "Event", "DTSTART": "Begins", "DTEND": "Ends", "DUE": "Due", "DURATION": "Lasts",
    "RRULE": "Repeats", "LOCATION": "Place", "ORGANIZER": "Organised by", "ATTENDEE": "Invited", "STATUS": "State",
    "DESCRIPTION": "Description", "COMMENT": "Comment",
}  # fmt: skip

LINE = re.compile(r'(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^";:])*)*):(.*)', re.DOTALL)
ESCAPED = re.compile(r"\\([nN,;:\\])")
MOMENT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2})(?::?\d{2})?(Z?))?")
PARTED = frozenset({"ADR", "ORG", "N"})
TIMES = frozenset({"DTSTART", "DTEND", "DUE", "BDAY"})
PEOPLE = frozenset({"ORGANIZER", "ATTENDEE"})


@dataclass(frozen=True, kw_only=True)
class _Line:
    name: str
    parameters: str
    value: str


def read_card(data: bytes) -> Transcript:
    """Name, numbers and addresses of each person, one field on a line."""
    return written(_entries(data, ON_A_CARD, ends={"END"}), "fields of the visiting card")


def read_calendar(data: bytes) -> Transcript:
    """What, when, where and with whom, one field on a line, for each event."""
    return written(_entries(data, IN_A_CALENDAR, ends={"END"}), "fields of the calendar")


def _entries(data: bytes, shown: dict[str, str], *, ends: set[str]) -> Iterator[str]:
    entry: list[str] = []
    silent = 0
    for line in _lines(data):
        if line.name in {"BEGIN", "END"} and line.value.upper() in {"VTIMEZONE", "VALARM"}:
            silent += 1 if line.name == "BEGIN" else -1
        elif line.name in shown and not silent:
            entry.append(f"{shown[line.name]}: {_as_shown(line)}")
        elif line.name in ends and entry:
            yield "\n".join(dict.fromkeys(entry))
            entry = []
    if entry:
        yield "\n".join(dict.fromkeys(entry))


def _lines(data: bytes) -> Iterator[_Line]:
    """The lines put together again that were folded (RFC 5545 3.1) or broken by quoted-printable (vCard 2.1)."""
    text = re.sub(r"\n[ \t]", "", decoded(data).replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(
        r"(?im)^([^:\n]*QUOTED-PRINTABLE[^:\n]*:.*(?:=\n.*)+)$", lambda found: found[1].replace("=\n", ""), text
    )
    for line in text.split("\n"):
        if found := LINE.fullmatch(line):
            yield _Line(name=found[1].upper(), parameters=found[2], value=found[3])


def _as_shown(line: _Line) -> str:
    value = line.value
    if "QUOTED-PRINTABLE" in line.parameters.upper():
        value = decoded(quopri.decodestring(value.encode("utf-8")))
    if line.name in TIMES and (moment := MOMENT.fullmatch(value)):
        return _moment(moment, line.parameters)
    if line.name in PEOPLE:
        named = re.search(r';CN="?([^";:]+)', line.parameters, re.IGNORECASE)
        address = re.sub(r"(?i)^mailto:", "", value)
        return f"{named[1]} <{address}>" if named else address
    if line.name in PARTED:
        value = ", ".join(part.strip() for part in re.split(r"(?<!\\);", value) if part.strip())
    return tidied(ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value))


def _moment(found: "re.Match[str]", parameters: str) -> str:
    year, month, day, hour, minute, is_utc = found.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    zone = re.search(r';TZID="?([^";:]+)', parameters, re.IGNORECASE)
    suffix = " UTC" if is_utc else f" ({zone[1]})" if zone else ""
    return f"{year}-{month}-{day} {hour}:{minute}{suffix}"

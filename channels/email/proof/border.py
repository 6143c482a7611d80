"""Reads what our own border server found out about the sender (Authentication-Results, RFC 8601), and nobody else's."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message

from channels.email.fields import raw_fields

MICROSOFT = "microsoft365"
LONGEST = 4_000
MOST_FIELDS = 50
_FIELD = "authentication-results"
_RESULT = re.compile(r"\s*([A-Za-z][\w-]*)\s*(?:/\s*\d+\s*)?=\s*([A-Za-z]+)(.*)", re.DOTALL)
_PROPERTY = re.compile(r"(?<![\w-])([A-Za-z][\w-]*)\s*\.\s*([A-Za-z][\w-]*)\s*=\s*(\"[^\"]*\"|[^\s;]+)")
_POLICY = re.compile(r"\bdmarc\s*=\s*[a-z]+\s*\([^()]*?\bp=(none|quarantine|reject)\b", re.IGNORECASE)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing it found: ``dkim``, ``pass``, and the properties it names (``header.d``)."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Border:
    """The server all our mail comes in by. ``name`` is how it signs its results, ``microsoft365`` for results without
    a name; mail from outside ``networks``, where any are given, did not come by it.
    """

    name: str
    networks: tuple[Network, ...] = ()

    def brought(self, envelope: Mapping[str, str]) -> bool:
        """Whether a mail came by it, as far as that can be told.

        What lay in a mailbox of ours did, and what a program on this host handed over; a file that somebody handed in
        may have been written by anybody.
        """
        if "name" in envelope:
            return False
        peer = address_of(envelope.get("peer", ""))
        return peer is None or not self.networks or any(peer in network for network in self.networks)

    def found(self, header: Message) -> tuple[Found, ...]:
        """What it says of a mail: its topmost results, and those it set right below them, each method from one field.

        Anybody can write such a field. Ours are on top: what stands under a server's trace or another's results is not
        believed, whatever name it bears (RFC 8601 5); of results without a name only the topmost.
        """
        found: list[Found] = []
        for value in self._topmost(header):
            known = {each.method for each in found}
            found += [each for each in _results(value) if each.method not in known]
        return tuple(found)

    def _topmost(self, header: Message) -> Iterable[str]:
        own, has_begun = iter(raw_fields(header, _FIELD)[:MOST_FIELDS]), False
        for name in header.keys():  # noqa: SIM118 - a mail's header is no mapping: it may hold a name many times
            if name.lower() == _FIELD:
                value = next(own, "")
                if self._is_its(value):
                    yield value
                    if self.name == MICROSOFT:
                        return
                    has_begun = True
                elif has_begun:
                    return
            elif has_begun and name.lower() == "received":
                return

    def _is_its(self, value: str) -> bool:
        first = _without_remarks(value[:LONGEST]).partition(";")[0].split()
        if self.name == MICROSOFT:
            return bool(first) and "=" in first[0]
        return bool(first) and first[0].rstrip(".").lower() == self.name


def border_of(setting: str, networks: str = "") -> Border | None:
    """From the settings; None where there is none. Raises ValueError that says what is wrong."""
    name = setting.strip().rstrip(".").lower()
    if not name:
        return None
    if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", name):
        raise ValueError("must be the name that stands first in the border server's results, or microsoft365")
    given = (part.strip() for part in networks.split(",") if part.strip())
    return Border(name=name, networks=tuple(ipaddress.ip_network(part, strict=False) for part in given))


def address_of(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address in ``address:port``, as the door writes it down; None where a mail came another way."""
    try:
        found = ipaddress.ip_address(peer.rpartition(":")[0].strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found


def _results(value: str) -> Iterable[Found]:
    asked = _POLICY.search(value[:LONGEST])
    for part in _parts(_without_remarks(value[:LONGEST])):
        if read := _RESULT.match(part):
            properties = {
                f"{kind}.{name}".lower(): value.strip('"') for kind, name, value in _PROPERTY.findall(read[3])
            }
            if asked and read[1].lower() == "dmarc":
                properties.setdefault("policy.dmarc", asked[1].lower())
            yield Found(method=read[1].lower(), result=read[2].lower(), properties=properties)


def _parts(value: str) -> list[str]:
    """What stands between semicolons that are not in quotes."""
    parts, is_quoted = [""], False
    for letter in value:
        is_quoted ^= letter == '"'
        if letter == ";" and not is_quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _without_remarks(value: str) -> str:
    """Without what stands in brackets, which may hold brackets; quotes are kept as they are."""
    kept, depth, is_quoted = [], 0, False
    for letter in value:
        if letter == '"' and depth == 0:
            is_quoted = not is_quoted
        if letter == "(" and not is_quoted:
            depth += 1
        elif letter == ")" and depth and not is_quoted:
            depth -= 1
        elif depth == 0:
            kept.append(letter)
    return "".join(kept)

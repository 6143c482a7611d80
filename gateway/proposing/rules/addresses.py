"""Finds addresses: a house and its street, as far as the postcode where there is one, or a street alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.proposing.rules.layout import Layout
from gateway.proposing.rules.postcodes import Postcode
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.taken import Taken
from gateway.proposing.rules.vocabulary import ORDINARY, STREETS

_STREET = "|".join(STREETS.split())
_CAP = r"[A-ZÀ-Þ][\w'’\-]{0,20}"
_FLAT = r"(?:(?:Flat|FLAT|flat|Apartment|Apt|Unit|Room) \d{0,4}[A-Za-z]?,? )?"
_HOUSE = r"\d{1,4}[A-Za-z]?(?:[-/]\d{1,4})?,? "
_TOWN = rf"(?P<town>(?:,? {_CAP}(?: {_CAP}){{0,2}}){{0,2}})"
_WITH_STREET = re.compile(
    rf"(?<![\w£.:/])(?P<street>{_FLAT}{_HOUSE}(?:{_CAP} ){{1,4}}?(?i:{_STREET})\b(?!['’])){_TOWN}"
)
_WITH_POSTCODE = re.compile(rf"(?<![\w£.:/])(?P<street>{_FLAT}{_HOUSE}{_CAP}(?: {_CAP}){{0,3}}),?{_TOWN},? $")
_SMALL = re.compile(
    rf"(?<![\w£.:/])(?P<street>(?:flat \d{{1,4}}[a-z]?,? )?\d{{1,4}}[a-z]? (?:[a-z][a-z'’\-]{{1,20}} ){{1,3}}?"
    rf"(?:{_STREET})\b)", re.IGNORECASE,
)  # fmt: skip
_SMALL_ALONE = re.compile(
    r"\b(?:on|in|at|down) (?P<street>[a-z][a-z'’\-]{1,20} (?:road|street|lane|avenue|close|drive))\b"
)
_ALONE = frozenset(("road", "street", "lane", "avenue", "close", "crescent", "drive", "terrace", "gardens", "grove"))
_MINE = re.compile(
    r"\b(?:(?:i|we) (?:live|stay|am) (?:at|in|on)|(?:my|our) (?:own )?address(?: is)?:?)\W*$", re.IGNORECASE
)
_HOME = re.compile(
    r"\b(?:li(?:ve|ves|ved|ving) (?:with \w+ )?(?:at|in|on)|stay(?:s|ing)? at|address (?:\w+ ){0,6}(?:is|as)|"
    r"(?:child['’]?s?|their|his|her|family) address:?|"
    r"resides? at|the family (?:home|lives?) (?:is|at)|,? of|house at|property at|tenancy:|flat at|"
    r"inspection,|attended|letters to|leave|overnight at|tenant at)\W*$", re.IGNORECASE,
)  # fmt: skip
WHOLE, STREET, ALONE, SMALL = 0.9, 0.8, 0.5, 0.6
_NEAR, _CUE = 60, 60


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address at a place, with the postcode that ends it. ``is_ours_told``: that of who told us."""

    start: int
    end: int
    postcode: Postcode | None
    sure: float
    is_referrers: bool = False
    is_childs: bool = False


def addresses_in(ready: Prepared, layout: Layout, postcodes: Sequence[Postcode]) -> list[Address]:
    """Every address but that of the council itself."""
    found, taken = list[Address](), Taken()
    for address in (*_at_the_top(ready, layout, postcodes), *_in_the_text(ready, postcodes)):
        if layout.ours.holds(address.start):
            continue
        if taken.take(address.start, address.end):
            found.append(address)
    return sorted(found, key=lambda address: address.start)


def _at_the_top(ready: Prepared, layout: Layout, postcodes: Sequence[Postcode]) -> Iterator[Address]:
    """The sender's lines from the house or street to the postcode."""
    code = next((code for code in postcodes if layout.sender.holds(code.start)), None)
    if code is None:
        return
    until = next(place for place, line in enumerate(layout.sender.lines) if line.start <= code.start <= line.end)
    lines = [line for line in layout.sender.lines[: until + 1] if line.start < code.start]
    streets = [
        place for place, line in enumerate(lines)
        if re.match(r"\d{1,4}[A-Za-z]?\b|flat\b|c/o\b", line.words, re.I) or _STREET_LINE.search(line.words)
    ]  # fmt: skip
    first = lines[streets[0]] if streets else lines[1] if len(lines) > 1 else lines[0] if lines else None
    if first is None:
        return
    end = len(ready.said.text[: code.start].rstrip(" ,\n"))
    if end > first.start:
        yield Address(start=first.start, end=end, postcode=code, sure=STREET, is_referrers=True)


def _in_the_text(ready: Prepared, postcodes: Sequence[Postcode]) -> Iterator[Address]:
    text = ready.flowing
    for code in postcodes:
        since = max(0, code.start - 110)
        ended = _WITH_POSTCODE.search(text[since : code.start])
        if ended is not None and not ready.is_capitals:
            yield _address(ready, since + ended.start(), since + ended.end(), code, WHOLE)
    for match in _WITH_STREET.finditer(text):
        code_after = _next_code(text, match.end(), postcodes)
        end = match.end() if code_after and not ready.is_capitals else match.end("street")
        yield _address(ready, match.start(), end, code_after, WHOLE if code_after else STREET)
    for match in _SMALL.finditer(text):
        yield _address(ready, match.start(), match.end("street"), _next_code(text, match.end(), postcodes), SMALL)
    for match in _SMALL_ALONE.finditer(text):
        if match["street"].partition(" ")[0] not in ORDINARY:
            yield _address(ready, match.start("street"), match.end("street"), None, ALONE)
    yield from _streets_alone(ready)


def _streets_alone(ready: Prepared) -> Iterator[Address]:
    """A street without a number: at most three words with capitals before "Street"."""
    for place, word in enumerate(ready.words):
        if word.plain not in _ALONE or not ready.flowing[word.start].isupper():
            continue
        first, after = None, word
        for before in ready.words[max(0, place - 3) : place][::-1]:
            is_next = ready.flowing[before.end : after.start] == " "
            if not is_next or not ready.flowing[before.start].isupper() or before.plain in ORDINARY:
                break
            first = after = before
        if first is not None:
            yield _address(ready, first.start, word.end, None, ALONE)


def _next_code(text: str, end: int, postcodes: Sequence[Postcode]) -> Postcode | None:
    code = next((code for code in postcodes if 0 <= code.start - end <= _NEAR), None)
    return code if code and re.fullmatch(r"[\w ,'’.\-\n]*", text[end : code.start]) else None


def _address(ready: Prepared, start: int, end: int, code: Postcode | None, sure: float) -> Address:
    end = start + len(ready.flowing[start:end].rstrip(" ,"))
    before = ready.before(start, _CUE)
    is_referrers = _MINE.search(before) is not None
    is_childs = not is_referrers and _HOME.search(before) is not None
    return Address(start=start, end=end, postcode=code, sure=sure, is_referrers=is_referrers, is_childs=is_childs)


_STREET_LINE = re.compile(rf"\b(?:{_STREET})\b(?:,|$)", re.IGNORECASE)

"""Finds schools, nurseries and doctors' surgeries by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.vocabulary import ORDINARY

_CAP = r"[A-ZÀ-Þ][\w'’\-]{0,20}\.?"
_KIND = (
    "(?:(?:Primary|Junior|Infants?|Secondary|High|Grammar|Community|Comprehensive|Nursery|Middle|Upper|Lower|Special|"
    "Boys['’]?|Girls['’]?) ){0,3}(?P<last>School|Academy|College|Nursery|Pre-?[Ss]chool|Playgroup|Juniors|Infants|Primary|"
    "Sixth Form|Children['’]s Centre)"
)
_DOCTOR_KIND = (
    "(?:(?:Family|Medical|Group|Health|Doctors['’]?) ){0,2}(?P<last>Surgery|Medical Centre|Health Centre|Practice)"
)
_SCHOOL = re.compile(rf"(?<![\w'’])(?P<own>(?:{_CAP} (?:(?:of|and|the|&) )?){{1,5}}){_KIND}(?![\w'’])", re.IGNORECASE)
_SMALL_SCHOOL = re.compile(
    r"\b(?:goes to|attends|at|pupil at|in year \d{1,2} at) (?P<own>(?:[a-z][a-z'’.\-]{1,20} ){1,3})"
    r"(?P<last>(?:primary|junior|infant|secondary|high)? ?(?:school|academy|nursery|primary))\b"
)
_DOCTOR = re.compile(rf"(?<![\w'’])(?P<own>(?:{_CAP} ){{1,4}}){_DOCTOR_KIND}(?![\w'’])")
_NO_OWN = ORDINARY | frozenset(
    "school attended pupil class year at in of to by near "
    "from sent notification head teacher deputy assistant".split()
)
_OF_THE_KIND = frozenset(
    "primary junior infant infants secondary high grammar community comprehensive nursery middle upper lower special "
    "boys girls family medical group health".split()
)
SURE, SMALL = 0.85, 0.55


@dataclass(frozen=True, kw_only=True)
class Place:
    """The name of a school or of a doctor's surgery at a place."""

    start: int
    end: int
    sure: float
    is_doctor: bool = False


def schools_in(ready: Prepared) -> list[Place]:
    """Schools and surgeries in the order they stand."""
    found: list[Place] = []
    for place in (*_named(ready, _SCHOOL, is_doctor=False), *_named(ready, _DOCTOR, is_doctor=True), *_small(ready)):
        if not any(place.start < other.end and other.start < place.end for other in found):
            found.append(place)
    return sorted(found, key=lambda place: place.start)


def _named(ready: Prepared, rule: re.Pattern[str], *, is_doctor: bool) -> Iterator[Place]:
    for match in rule.finditer(ready.flowing):
        start = _own_name(match, in_capitals=ready.is_capitals)
        if start is not None:
            yield Place(start=start, end=match.end(), sure=SURE, is_doctor=is_doctor)


def _own_name(match: re.Match[str], *, in_capitals: bool) -> int | None:
    """Where its own name begins: after the last ordinary word, such as "at" or "the"."""
    first, has_own = None, False
    for word in reversed(list(re.finditer(r"\S+", match["own"]))):
        plain = word[0].casefold().rstrip(".")
        is_link = plain in ("of", "and", "the", "&")
        if word[0][0].islower() and not is_link:
            break
        if first is None and plain in _OF_THE_KIND:
            continue
        if plain in _NO_OWN and not is_link:
            break
        if is_link and (in_capitals or first is None):
            break
        if not is_link:
            first, has_own = match.start("own") + word.start(), True
    return first if has_own else None


def _small(ready: Prepared) -> Iterator[Place]:
    """In texts, where nobody writes capitals."""
    for match in _SMALL_SCHOOL.finditer(ready.flowing):
        words = match["own"].split()
        kept = [word for word in words if word not in _NO_OWN]
        if kept and words[-1] in kept:
            start = match.start("own") + match["own"].rfind(kept[0])
            yield Place(start=start, end=match.end(), sure=SMALL)

"""Finds ages and days of birth beside names, which tell children from adults better than anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.proposing.rules.dates import Day, age_on
from gateway.proposing.rules.people import GROWN_UP, People, Person
from gateway.proposing.rules.person_names import name_before
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.taken import Taken
from gateway.proposing.rules.vocabulary import NUMBERS
from storage.claim import Entity

_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(list(NUMBERS)[1:])})"
_SPAN = r"(?P<unit>[ -]?(?:months?|weeks?|days?|mths?)(?:[ -]old)?|[ -]?(?:years?|yrs?|yo|y/o)\b(?:[ -]old)?)?"
_AGE = rf"(?P<age>{_NUMBER}(?: or {_NUMBER})?)\b{_SPAN}"
_AGED = re.compile(
    rf"(?P<by>[,( –-]{{1,3}})(?:who (?:is|was) )?(?:now )?(?:aged?|age:) (?:about |around |only )?{_AGE}", re.I
)
_BRACKET = re.compile(rf"(?P<by> ?\()(?:aged |age )?(?P<age>\d{{1,2}}){_SPAN}(?=[),])", re.I)
_COMMA = re.compile(rf"(?P<by>,) (?:now |only |about |around )?{_AGE}(?=[,.;:!?\n]|$| or )", re.I)
_IS = re.compile(
    rf"(?P<by>,? (?:who )?(?:is|was|am|turned)) (?:only |about |around |now |just )?{_AGE}"
    rf"(?=[,.;:!?)(\n]|$| \(| and | years| yrs| but | in | this | who | at the)", re.I,
)  # fmt: skip
_OLD = re.compile(
    rf"\b(?:about |around )?(?P<age>{_NUMBER}|\d{{1,2}})[ -](?P<unit>(?:years?|months?|weeks?|yrs?)[ -]olds?)\b", re.I
)
_LOOSE = re.compile(rf"\b(?:aged|about|age:?) {_AGE}", re.I)
_SHORT = re.compile(
    rf"\b(?P<who>i|he|she)(?P<by>['’]?[ms]) (?:only |about |around |nearly |just )?{_AGE}"
    rf"(?=[.,;!?\n]|$| and | but | years| yrs)", re.IGNORECASE,
)  # fmt: skip
_BORN = re.compile(
    r"(?P<by>[,( .–-]{0,3})(?P<cue>\bd\.?o\.?b\.?|\bdate of birth|\bborn(?: on)?|\bb\.|\bbirthday(?: is)?|"
    r"\b(?:child['’]s )?birth ?date)[ :\-–]{0,3}(?:is |on |the ){0,2}$", re.IGNORECASE,
)  # fmt: skip
_PEOPLE = re.compile(r"\b(?:girls?|boys?|lads?|child|children|looks?|kids?|s?he(?:['’]?s)?)\b", re.IGNORECASE)
SURE, LIKELY, GUESS = 0.95, 0.85, 0.6


@dataclass(frozen=True, kw_only=True)
class Age:
    """An age or a day of birth at a place, and whose it is where that can be told; ``years`` as far as known."""

    start: int
    end: int
    norm: str
    years: int | None
    sure: float
    person: Person | None = None
    is_birth: bool = False
    is_own: bool = False


def ages_in(ready: Prepared, days: Sequence[Day], people: People) -> list[Age]:
    """Every one, and with it those people who are only known by it."""
    taken = Taken()
    every = (*_births(ready, days, people), *_beside_names(ready, people), *_shortly(ready, people))
    return [age for age in every if taken.take(age.start, age.end)]


def ages_alone_in(ready: Prepared, people: People, known: Sequence[Age]) -> list[Age]:
    """All of them in order, with those that stand beside no name; ``people`` are all that are known by then."""
    taken = Taken()
    found = [age for age in (*known, *_others(ready, people)) if taken.take(age.start, age.end)]
    return sorted(found, key=lambda age: age.start)


def _births(ready: Prepared, days: Sequence[Day], people: People) -> Iterator[Age]:
    for day in days:
        cue = _BORN.search(ready.before(day.start, 40))
        if cue is None:
            continue
        years = age_on(day.on, ready.said.on) if day.on else None
        at = day.start - len(ready.before(day.start, 40)) + cue.start()
        is_own = ready.before(at, 12).casefold().rstrip().endswith("my")
        person = None if is_own else _named(ready, people, at, years, LIKELY) or people.before(at, 60, ready.flowing)
        yield Age(
            start=day.start, end=day.end, norm=day.norm, years=years, sure=day.sure, person=person, is_birth=True,
            is_own=is_own,
        )  # fmt: skip


def _beside_names(ready: Prepared, people: People) -> Iterator[Age]:
    for rule, sure in ((_AGED, SURE), (_BRACKET, LIKELY), (_COMMA, LIKELY), (_IS, LIKELY)):
        for match in rule.finditer(ready.flowing):
            years = _years(match)
            if years is None or years > 110 or (rule is not _AGED and _is_no_age(match, years)):
                continue
            person = _named(ready, people, match.start(), years, sure)
            pronoun = re.search(r"\b(he|she|i)$", ready.before(match.start(), 6), re.I) if rule is _IS else None
            if person is None and pronoun is None and rule is not _AGED:
                continue
            is_own = pronoun is not None and pronoun[1].casefold() == "i"
            if person is None and pronoun is not None and not is_own:
                person = people.only(Entity.CHILD) or people.before(match.start(), 160, ready.flowing)
            yield _age(match, years, sure if person else GUESS, person, is_own=is_own)


def _shortly(ready: Prepared, people: People) -> Iterator[Age]:
    """I'm 14, hes 5."""
    for match in _SHORT.finditer(ready.flowing):
        years = _years(match)
        if years is not None and not _is_no_age(match, years):
            is_own = match["who"].casefold() == "i"
            person = None if is_own else people.only(Entity.CHILD) or people.before(match.start(), 160, ready.flowing)
            yield _age(match, years, GUESS, person, is_own=is_own)


def _others(ready: Prepared, people: People) -> Iterator[Age]:
    for rule in (_OLD, _LOOSE):
        for match in rule.finditer(ready.flowing):
            years = _years(match)
            if years is not None and years < GROWN_UP and not (rule is _LOOSE and not match["unit"] and years == 0):
                person = people.before(match.start(), 40, ready.flowing)
                is_near = people.before(match.start(), 2, ready.flowing) is not None
                is_time = rule is _LOOSE and match[0].casefold().startswith("about")
                if not is_time or is_near or _of_people(ready, match):
                    yield _age(match, years, GUESS, person)


def _of_people(ready: Prepared, match: re.Match[str]) -> bool:
    """Whether what is about so many is a girl, not an hour or a sum."""
    before = ready.before(match.start(), 40).casefold()
    return (
        match["unit"] is not None
        or re.search(r"\b(?:girls?|boys?|child|children|aged|looks?|kids?)\b", before) is not None
    )


def _named(ready: Prepared, people: People, at: int, years: int | None, sure: float) -> Person | None:
    """Whoever is named right before: a child or an adult by the age."""
    end = len(ready.flowing[:at].rstrip(" ,(–-"))
    if "\n" in ready.flowing[end:at]:
        return None
    name = name_before(ready.flowing, end, in_capitals=ready.is_capitals)
    if name is None:
        return None
    grown = years is not None and years >= GROWN_UP
    return people.add(Entity.ADULT if grown or (name.is_titled and years is None) else Entity.CHILD, name, sure)


def _is_no_age(match: re.Match[str], years: int) -> bool:
    return years > 17 and not match["unit"]


def _years(match: re.Match[str]) -> int | None:
    if re.match(r"[ -]?(?:month|week|day|mth)", match["unit"] or "", re.I):
        return 0
    first = match["age"].split()[0].casefold()
    return NUMBERS[first] if first in NUMBERS else int(first)


def _age(match: re.Match[str], years: int, sure: float, person: Person | None, *, is_own: bool = False) -> Age:
    start, end = match.start("age"), match.end("unit") if match["unit"] else match.end("age")
    norm = str(years) if years and " or " not in match["age"].casefold() else ""
    return Age(start=start, end=end, norm=norm, years=years, sure=sure, person=person, is_own=is_own)

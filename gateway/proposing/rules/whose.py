"""Says whose each value is: the child's, an adult's, the place's, the concern's, or of who told us."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.proposing.contract import Proposed
from gateway.proposing.rules.addresses import Address
from gateway.proposing.rules.ages import Age
from gateway.proposing.rules.dates import Day
from gateway.proposing.rules.layout import Layout
from gateway.proposing.rules.numbers import Number, nhs_numbers_in
from gateway.proposing.rules.people import GROWN_UP, People, Person
from gateway.proposing.rules.postcodes import Postcode
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.schools import Place
from storage.claim import Entity

_MINE = re.compile(
    r"\b(?:(?:call|ring|phone|text|contact|reach|telephone|get) (?:me|us)|(?:me|us) (?:on|at|back|not)|"
    r"my (?:\w+ )?(?:number|mobile|phone)|i (?:can|am|may) (?:be|on))\b[^.!?]{0,40}$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}(?![\w@])")
_STAMP = re.compile(r"\b(?:received|rec['’]?d|date received|received on|received by post)\b[ :\-]{0,3}$", re.IGNORECASE)
_DUE = re.compile(r"\b(?:baby|babies|unborn|pregnan\w{1,5}|expecting|edd)\b[^.!?]{0,30}$", re.IGNORECASE)
_NEAR, _LINE_ABOVE = 30, 24
MOST_DAYS = 10  # that are no births: a report full of days says with none of them when it happened


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the rules saw in a text."""

    ready: Prepared
    layout: Layout
    people: People
    postcodes: Sequence[Postcode]
    days: Sequence[Day]
    ages: Sequence[Age]
    phones: Sequence[Number]
    addresses: Sequence[Address]
    schools: Sequence[Place]


def values_of(seen: Seen, *, child_is_labelled: bool = False) -> Iterator[Proposed]:
    """All of them with whose they are; a child whose values stand at labels is the first."""
    people = seen.people.numbered(child_is_labelled=child_is_labelled)
    yield from (proposed for person in people for proposed in _person(seen, person))
    yield from _places(seen)
    yield from (_phone(seen, number) for number in seen.phones if not seen.layout.ours.holds(number.start))
    yield from _emails(seen)
    yield from (_age(seen, age) for age in seen.ages)
    yield from (_school(seen, place) for place in seen.schools if not _is_apart(seen, place.start))
    yield from (
        seen.ready.proposed(
            Entity.CHILD, "nhs_number", number.start, number.end, no=_child_at(seen, number.start), norm=number.norm,
            sure=number.sure, is_open=True,
        )
        for number in nhs_numbers_in(seen.ready)
    )  # fmt: skip
    yield from _dates(seen)


def _person(seen: Seen, person: Person) -> Iterator[Proposed]:
    name, ready = person.name, seen.ready
    is_child = person.entity is Entity.CHILD
    yield ready.proposed(
        person.entity, "name", name.start, name.end, no=person.no, value=name.value, norm=name.norm, sure=person.sure,
        is_open=is_child,
    )  # fmt: skip
    if person.relation is not None and person.entity is Entity.ADULT:
        yield ready.proposed(Entity.ADULT, "relation", *person.relation, no=person.no, sure=person.sure)


def _places(seen: Seen) -> Iterator[Proposed]:
    """Addresses and postcodes; several addresses are counted, and each has its own postcode."""
    taken, count, known = set(), 0, dict[str, int]()
    for address in seen.addresses:
        whole = " ".join(seen.ready.said.text[address.start : address.end].split()).casefold()
        if not address.is_referrers and whole not in known:
            count += 1
            known[whole] = 0 if count == 1 else count
        entity, no = (Entity.REFERRER, 0) if address.is_referrers else (Entity.PLACE, known[whole])
        value = ", ".join(" ".join(line.split()) for line in _lines(seen, address)).replace(",,", ",")
        yield seen.ready.proposed(
            entity, "address", address.start, address.end, no=no, value=value, sure=address.sure,
            is_open=address.is_childs,
        )  # fmt: skip
        if address.postcode is not None and address.postcode not in taken:
            taken.add(address.postcode)
            yield _postcode(seen, address.postcode, entity, no, is_open=address.is_childs)
    for code in seen.postcodes:
        if code not in taken and not seen.layout.ours.holds(code.start):
            is_theirs = seen.layout.sender.holds(code.start) or seen.layout.signed.holds(code.start)
            yield _postcode(seen, code, Entity.REFERRER if is_theirs else Entity.PLACE, 0, is_open=False)


def _lines(seen: Seen, address: Address) -> list[str]:
    words = seen.ready.said.text[address.start : address.end]
    return [line.strip(" ,") for line in words.split("\n")] if address.is_referrers else [words]


def _postcode(seen: Seen, code: Postcode, entity: Entity, no: int, *, is_open: bool) -> Proposed:
    return seen.ready.proposed(
        entity, "postcode", code.start, code.end, no=no, norm=code.norm, sure=code.sure, is_open=is_open
    )


def _phone(seen: Seen, number: Number) -> Proposed:
    """Of who told us, of whoever is named right before it, else of the place: nobody can tell."""
    entity, no = Entity.PLACE, 0
    before = seen.ready.before(number.start, 60)
    near = seen.people.before(number.start, _NEAR, seen.ready.flowing)
    if _is_apart(seen, number.start) or _MINE.search(before):
        entity = Entity.REFERRER
    elif near is not None and near.entity in (Entity.ADULT, Entity.REFERRER):
        entity, no = near.entity, near.no
    return seen.ready.proposed(
        entity, "phone", number.start, number.end, no=no, norm=number.norm, sure=number.sure
    )  # fmt: skip


def _emails(seen: Seen) -> Iterator[Proposed]:
    for match in _EMAIL.finditer(seen.ready.flowing):
        if not seen.layout.ours.holds(match.start()):
            yield seen.ready.proposed(
                Entity.REFERRER, "email", match.start(), match.end(), norm=match[0].casefold(), sure=0.7
            )


def _is_apart(seen: Seen, place: int) -> bool:
    """Whether it stands where only who told us stands: the top of a letter, or under its closing words."""
    return seen.layout.sender.holds(place) or seen.layout.signed.holds(place)


def _age(seen: Seen, age: Age) -> Proposed:
    """A child's, unless they are grown up or it is said of who tells us."""
    field = "dob" if age.is_birth else "age"
    person, grown = age.person, age.years is not None and age.years >= GROWN_UP
    if age.is_own:
        entity, no = (Entity.REFERRER, 0) if grown else (Entity.CHILD, 0)
    elif person is not None and person.entity is not Entity.REFERRER:
        entity, no = person.entity, person.no
    else:
        only = seen.people.only(Entity.CHILD)
        entity, no = (Entity.ADULT, 0) if grown else (Entity.CHILD, only.no if only else 0)
    is_open = entity is Entity.CHILD and not age.is_own
    return seen.ready.proposed(
        entity, field, age.start, age.end, no=no, norm=age.norm, sure=age.sure, is_open=is_open
    )  # fmt: skip


def _school(seen: Seen, place: Place) -> Proposed:
    field = "doctor" if place.is_doctor else "school"
    no = _child_at(seen, place.start)
    return seen.ready.proposed(Entity.CHILD, field, place.start, place.end, no=no, sure=place.sure, is_open=True)


def _child_at(seen: Seen, place: int) -> int:
    """The child named last before a place, else the only one, else nobody in particular."""
    only = seen.people.only(Entity.CHILD)
    if only is not None:
        return only.no
    before = seen.people.before(place, 200, seen.ready.flowing)
    return before.no if before is not None and before.entity is Entity.CHILD else 0


def _dates(seen: Seen) -> Iterator[Proposed]:
    """The stamp of the day a letter came, the day it was written, when a baby is due, and when things happened."""
    births = {age.start for age in seen.ages if age.is_birth}
    days = [day for day in seen.days if day.start not in births]
    for day in days[:MOST_DAYS]:
        entity, field, sure, is_open = Entity.CONCERN, "when", day.sure, False
        above = seen.ready.flowing[max(0, day.start - _LINE_ABOVE) : day.start].replace("\n", " ")
        if seen.ready.is_of_paper and _STAMP.search(above):
            field, is_open = "arrived_on", True
        elif seen.layout.sender.holds(day.start) or seen.layout.ours.holds(day.start):
            field = "written_on"
        elif _DUE.search(seen.ready.before(day.start, 50)):
            entity, field, is_open = Entity.CHILD, "due", True
        yield seen.ready.proposed(entity, field, day.start, day.end, norm=day.norm, sure=sure, is_open=is_open)

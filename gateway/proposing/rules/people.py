"""The people a text speaks of, each once: whether a child, an adult or who told us, and where they are first named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.proposing.rules.person_names import Name
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.vocabulary import TITLES
from storage.claim import Entity

GROWN_UP = 18
MOST_PEOPLE, MOST_MENTIONS = 100, 2000
"""Of one text: no more values are kept of it, and a text that was made of names alone keeps nobody waiting."""
_NO_PART = TITLES | {"and", "&"}


@dataclass(kw_only=True)
class Person:
    """Somebody named. ``relation`` is the word at a place that says who they are to the child; -1 for none."""

    entity: Entity
    no: int
    name: Name
    sure: float
    mentions: list[tuple[int, int]] = field(default_factory=list)
    relation: tuple[int, int] | None = None

    @property
    def is_labelled(self) -> bool:
        """Whether a form says so."""
        return self.sure >= 1


class People:
    """Filled in by the rules one after another: what an earlier one took somebody for stands, unless it was unsure."""

    def __init__(self) -> None:
        self.known: list[Person] = []
        self._mentions, self._parts = 0, dict[Name, list[str]]()

    def add(self, entity: Entity, name: Name, sure: float, *, relation: tuple[int, int] | None = None) -> Person:
        """Somebody named here; a name known already, whole or in part, is the same person."""
        person = self._same(name)
        if person is None:
            person = Person(entity=entity, no=0, name=name, sure=sure)
            if len(self.known) < MOST_PEOPLE:
                self.known.append(person)
        elif sure > person.sure or (person.entity is not entity and entity is Entity.REFERRER):
            person.entity, person.sure = entity, max(sure, person.sure)
        if _is_fuller(name, person.name):
            person.name = name
        self._mention(person, name.start, name.end)
        person.relation = person.relation or relation
        return person

    def find_again(self, ready: Prepared) -> None:
        """Wherever they are spoken of by their first name alone."""
        firsts = {_parts(each.name)[0]: each for each in reversed(self.known) if _parts(each.name)}
        named = {each.name: {at for a, b in each.mentions for at in range(a, b)} for each in self.known}
        for word in ready.words:
            person = firsts.get(word.plain)
            if person is not None and word.start not in named[person.name]:
                self._mention(person, word.start, word.end)

    def at(self, start: int, end: int) -> Person | None:
        """Whose name stands there."""
        return next((each for each in self.known if any(a < end and start < b for a, b in each.mentions)), None)

    def before(self, place: int, reach: int, text: str) -> Person | None:
        """Who was named last before a place in the same sentence, at most so many characters away."""
        near = [
            (end, each) for each in self.known for _, end in each.mentions if 0 <= place - end <= reach
        ]  # fmt: skip
        if not near:
            return None
        end, person = max(near, key=lambda pair: pair[0])
        return None if re.search(r"[.!?;]\s+[A-Z]|\n", text[end:place]) else person

    def numbered(self, *, child_is_labelled: bool = False) -> list[Person]:
        """All of them, children and adults counted from 1 in the order they are named.

        A child whose values stand at labels is the first, also where the name is not one of them.
        """
        has_name = any(each.entity is Entity.CHILD and each.is_labelled for each in self.known)
        counted = {Entity.CHILD: 1 if child_is_labelled and not has_name else 0}
        for person in sorted(self.known, key=lambda each: min(each.mentions)):
            counted[person.entity] = counted.get(person.entity, 0) + 1
            person.no = counted[person.entity] if person.entity is not Entity.REFERRER else 0
        return sorted(self.known, key=lambda each: min(each.mentions))

    def only(self, entity: Entity) -> Person | None:
        """The one person of this kind, where there is one."""
        found = [each for each in self.known if each.entity is entity]
        return found[0] if len(found) == 1 else None

    def _parts_of(self, person: Person) -> list[str]:
        parts = self._parts.get(person.name)
        if parts is None:
            parts = self._parts[person.name] = _parts(person.name)
        return parts

    def _mention(self, person: Person, start: int, end: int) -> None:
        """The first of everybody is always kept."""
        if not person.mentions or self._mentions < MOST_MENTIONS:
            person.mentions.append((start, end))
            self._mentions += 1

    def _same(self, name: Name) -> Person | None:
        words = _parts(name)
        for each in self.known:
            theirs = self._parts_of(each)
            if words == theirs or _is_part(words, theirs) or _is_part(theirs, words):
                return each
        return None


def _parts(name: Name) -> list[str]:
    value = name.value.casefold().replace("’", "'")
    return [word.rstrip(".") for word in value.split() if word.rstrip(".") not in _NO_PART]


def _is_part(short: list[str], long: list[str]) -> bool:
    """A first name, a surname or an initial with it, of a longer name."""
    if not short or len(short) >= len(long):
        return (
            len(short) == len(long) > 1
            and short[-1] == long[-1]
            and short[0][:1] == long[0][:1]
            and (len(short[0]) == 1 or len(long[0]) == 1)
        )
    if len(short) == 1:
        return short[0] in (long[0], long[-1])
    return short == long[: len(short)] or short == long[-len(short) :]


def _is_fuller(new: Name, old: Name) -> bool:
    return len(_parts(new)) > len(_parts(old)) or (
        len(_parts(new)) == len(_parts(old)) and len(new.value) > len(old.value) and not new.is_titled
    )

"""Finds people by what they are called: my grandson X, his mother is Mrs Y, a girl called Z, Mr W."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from gateway.proposing.rules.people import People
from gateway.proposing.rules.person_names import Name, name_at, name_before, names_listed
from gateway.proposing.rules.prepared import Prepared, Token
from gateway.proposing.rules.vocabulary import AT_WORK, CHILD_NOUNS, KIN, MANY, TITLES
from storage.claim import Entity

_LINK = (
    r"(?: of (?:ours|mine|hers|his|theirs))?(?: name)?"
    r"(?:,? (?:who is|who I know only as|is shown as|is|was|are|were))?,?(?: called| named| as)?"
)
_WHERE = r"(?: (?:in there|there|here|at home|next door|living there|in the (?:house|home|flat)))?"
_CHILD = re.compile(rf"{_WHERE}{_LINK}(?: ?[:\-–])? {{1,2}}", re.IGNORECASE)
_ADULT = re.compile(rf"{_LINK}(?: ?:)? {{1,2}}", re.IGNORECASE)
_WORKER = re.compile(r"(?:,| is| was|:)? {1,2}", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:(?<=called)|(?<=named)|(?<=name) (?:is|was|as)|(?<=names) are|(?<=name['’]s)|(?<=known) as) ", re.IGNORECASE
)
_CUES = frozenset({"called", "named", "name", "names", "known"})
_ABOUT = re.compile(
    r"(?:^|\n) ?(?:re|regarding|concerning|subject|(?:report|referral|concern)s? (?:about|for|regarding))\b ?[:\-–]? "
    r"{1,2}", re.IGNORECASE,
)  # fmt: skip
_WHO_IS = re.compile(
    r"(?:,| is| was),? (?:his|her|their|the|my|our) (?:[^\W\d_]{2,15}['’]s )?(?:new |ex-? ?|former |late )?$", re.I
)
_OWN = re.compile(r"\b(?:my|our|i am|i'm|i’m|this is|it is|it's) ?$", re.IGNORECASE)
_MINE = re.compile(r"\b(?:my|our|i am|i'm|i’m)(?: own)? ?$", re.IGNORECASE)
_OLDER = re.compile(r"\bmy (?:grand|niece|nephew)", re.IGNORECASE)
SURE, TITLE, ROLE, GUESS = 0.9, 0.8, 0.75, 0.55


def find_by_kin(ready: Prepared, people: People) -> None:
    """Children first: who is called somebody's son is no adult for being called Mr Smith's."""
    is_older = _OLDER.search(ready.flowing) is not None
    for word in ready.words:
        if word.plain in CHILD_NOUNS:
            _of_child(ready, people, word, is_older=is_older)
    for word in ready.words:
        is_kin = word.plain in KIN
        if not is_kin and word.plain not in AT_WORK:
            continue
        link = (_ADULT if is_kin else _WORKER).match(ready.flowing, word.end)
        if link is None or _says_nothing(ready, link):
            continue
        for name in _listed(ready, link.end(), many=False):
            relation = (word.start, word.end) if is_kin else None
            people.add(Entity.ADULT, name, SURE if is_kin else ROLE, relation=relation)


def find_by_title(ready: Prepared, people: People) -> None:
    """Whoever is called Mr, Mrs or Dr."""
    for word in ready.words:
        if word.plain in TITLES and ready.flowing[word.start].isupper():
            name = _name_at(ready, word.start)
            if name is not None and name.is_titled:
                people.add(Entity.ADULT, name, TITLE)


def find_by_words(ready: Prepared, people: People) -> None:
    """Who is called or named so, whom the letter is about, and who is said to be somebody's mother."""
    for word in ready.words:
        if word.plain in _CUES:
            _called(ready, people, word)
        elif word.plain in KIN and (by := _WHO_IS.search(ready.before(word.start, 44))):
            end = word.start - len(by[0])
            named = name_before(ready.flowing, end, in_capitals=ready.is_capitals)
            if named is not None and people.at(named.start, named.end) is None:
                people.add(Entity.ADULT, named, ROLE, relation=(word.start, word.end))
    for match in _ABOUT.finditer(ready.flowing):
        for name in _listed(ready, match.end(), many=False):
            people.add(_unless_titled(Entity.CHILD, name), name, ROLE)


def _of_child(ready: Prepared, people: People, word: Token, *, is_older: bool) -> None:
    link = _CHILD.match(ready.flowing, word.end)
    if link is None or _says_nothing(ready, link):
        return
    own = bool(_OWN.search(ready.before(word.start, 12)))
    entity, sure = _of_noun(word.plain, is_own=own, is_older=is_older)
    for name in _listed(ready, link.end(), many=word.plain in MANY):
        people.add(_unless_titled(entity, name), name, sure)


def _called(ready: Prepared, people: People, word: Token) -> None:
    link = _CALLED.match(ready.flowing, word.end)
    before = ready.before(word.start, 160)
    if link is None or _MINE.search(before):
        return
    entity = _last_meant(ready, word.start)
    for name in _listed(ready, link.end(), many=entity is Entity.CHILD, anyhow=True):
        people.add(_unless_titled(entity, name), name, SURE if name.value[0].isupper() else GUESS)


def _says_nothing(ready: Prepared, link: re.Match[str]) -> bool:
    """In capitals every word looks like a name: only one set off from the noun is taken for one."""
    return ready.is_capitals and len(link[0]) == 1


def _of_noun(noun: str, *, is_own: bool, is_older: bool) -> tuple[Entity, float]:
    """The daughter of who has a grandchild is grown up, and so is the brother of who has a niece."""
    if is_own and is_older and noun in ("son", "daughter", "brother", "sister"):
        return Entity.ADULT, ROLE
    if noun.startswith("cousin") or (is_own and noun in ("brother", "sister")):
        return Entity.CHILD, GUESS
    return Entity.CHILD, SURE


def _unless_titled(entity: Entity, name: Name) -> Entity:
    return Entity.ADULT if name.is_titled else entity


def _last_meant(ready: Prepared, at: int) -> Entity:
    """Whoever was spoken of last before a place: a child unless that was clearly somebody grown up."""
    until = bisect_left(ready.words, at, key=lambda word: word.start)
    for word in ready.words[max(0, until - 30) : until][::-1]:
        if word.plain in CHILD_NOUNS or word.plain in ("he", "she", "they"):
            return Entity.CHILD
        if word.plain in KIN or word.plain in AT_WORK:
            return Entity.ADULT
    return Entity.CHILD


def _listed(ready: Prepared, at: int, *, many: bool, anyhow: bool = False) -> Iterator[Name]:
    return names_listed(ready.flowing, at, many=many, in_capitals=ready.is_capitals, anyhow=anyhow)


def _name_at(ready: Prepared, at: int) -> Name | None:
    return name_at(ready.flowing, at, in_capitals=ready.is_capitals)

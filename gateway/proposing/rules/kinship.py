"""Finds people by what they are called: my grandson X, his mother is Mrs Y, a girl called Z, Mr W."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.proposing.rules.people import People
from gateway.proposing.rules.person_names import Name, name_at, name_before
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.vocabulary import AT_WORK, CHILD_NOUNS, KIN, TITLES
from storage.claim import Entity

_LINK = r"(?:'s|’s)?(?: name)?(?:,? (?:is|was|are|were|who is|who I know only as|is shown as))?,?(?: called| named| as)?"
_CHILD = re.compile(rf"\b(?P<noun>{CHILD_NOUNS}){_LINK}(?: ?[:\-–])? {{1,2}}", re.IGNORECASE)
_ADULT = re.compile(rf"\b(?P<noun>{KIN}){_LINK}(?: ?:)? {{1,2}}", re.IGNORECASE)
_WORKER = re.compile(rf"\b(?P<noun>{AT_WORK})(?:,| is| was|:)? {{1,2}}", re.IGNORECASE)
_TITLED = re.compile(rf"\b(?:{TITLES})\b\.?(?: \(Retd\))?(?: \d{{1,6}})? (?=[^\W\d_])")
_COUPLE = re.compile(r"\b(?:Mr|Dr) (?:and|&) (?:Mrs|Ms|Dr) (?=[A-Z])")
_CALLED = re.compile(r"\b(?:called|named|names? (?:is|was|are|were|as)|name['’]s|known as) ", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:^|\n) ?(?:re|regarding|concerning|subject|(?:report|referral|concern)s? (?:about|for|regarding))\b ?[:\-–]? "
    r"{1,2}", re.IGNORECASE,
)  # fmt: skip
_WHO_IS = re.compile(
    rf"(?P<by>,| is| was),? (?:his|her|their|the|my|our) (?:[^\W\d_]{{2,15}}['’]s )?(?:new |ex-? ?|former |late )?"
    rf"(?P<noun>{KIN})\b", re.IGNORECASE,
)  # fmt: skip
_AND = re.compile(r"(?P<aside> ?\([^)\n]{1,30}\)|, (?:aged )?\d{1,2},?)?(?P<by>,? (?:and|&) |, )")
_OWN = re.compile(r"\b(?:my|our|i am|i'm|i’m|this is|it is|it's) ?$", re.IGNORECASE)
_A_CHILD = re.compile(rf"\b(?:{CHILD_NOUNS}|he|she|they)\b", re.IGNORECASE)
_AN_ADULT = re.compile(rf"\b(?:{KIN}|{AT_WORK})\b", re.IGNORECASE)
SURE, TITLE, ROLE, GUESS = 0.9, 0.8, 0.75, 0.55


def find_by_kin(ready: Prepared, people: People) -> None:
    """Children first: who is called somebody's son is no adult for being called Mr Smith's."""
    text, is_grandparent = ready.flowing, re.search(r"\bmy grand", ready.flowing, re.IGNORECASE) is not None
    for match in _CHILD.finditer(text):
        own = bool(_OWN.search(ready.before(match.start(), 12)))
        noun = match["noun"].casefold()
        entity, sure = _of_noun(noun, is_own=own, is_grandparent=is_grandparent)
        if _says_nothing(ready, match):
            continue
        for name in _listed(ready, match.end(), many=noun.endswith(("s", "n")) and not noun.endswith("son")):
            people.add(_unless_titled(entity, name), name, sure)
    for match in (*_ADULT.finditer(text), *_WORKER.finditer(text)):
        is_kin = match.re is _ADULT
        if _says_nothing(ready, match):
            continue
        relation = match.span("noun") if is_kin else None
        for name in _listed(ready, match.end(), many=False):
            people.add(Entity.ADULT, name, SURE if is_kin else ROLE, relation=relation)


def find_by_title(ready: Prepared, people: People) -> None:
    """Whoever is called Mr, Mrs or Dr."""
    for match in (*_COUPLE.finditer(ready.flowing), *_TITLED.finditer(ready.flowing)):
        name = _name_at(ready, match.start())
        if name is not None:
            people.add(Entity.ADULT, name, TITLE)


def find_by_words(ready: Prepared, people: People) -> None:
    """Who is called or named so, whom the letter is about, and who is said to be somebody's mother."""
    for match in _CALLED.finditer(ready.flowing):
        before = ready.before(match.start(), 160)
        if re.search(r"\b(?:my|our|i am|i'm|i’m)(?: own)? ?$", before, re.IGNORECASE):
            continue
        entity = _last_meant(before)
        for name in _listed(ready, match.end(), many=entity is Entity.CHILD, anyhow=True):
            people.add(_unless_titled(entity, name), name, SURE if name.value[0].isupper() else GUESS)
    for match in _ABOUT.finditer(ready.flowing):
        for name in _listed(ready, match.end(), many=False):
            people.add(_unless_titled(Entity.CHILD, name), name, ROLE)
    for match in _WHO_IS.finditer(ready.flowing):
        named = name_before(ready.flowing, match.start(), in_capitals=ready.is_capitals)
        if named is not None and people.at(named.start, named.end) is None:
            people.add(Entity.ADULT, named, ROLE, relation=match.span("noun"))


def _says_nothing(ready: Prepared, match: re.Match[str]) -> bool:
    """In capitals every word looks like a name: only one set off from the noun is taken for one."""
    return ready.is_capitals and match.end() - match.end("noun") == 1


def _of_noun(noun: str, *, is_own: bool, is_grandparent: bool) -> tuple[Entity, float]:
    """The daughter of who has a grandchild is grown up; the brother of who writes may be."""
    if is_own and is_grandparent and noun in ("son", "daughter"):
        return Entity.ADULT, ROLE
    if noun.startswith("cousin") or (is_own and noun in ("brother", "sister")):
        return Entity.CHILD, GUESS
    return Entity.CHILD, SURE


def _unless_titled(entity: Entity, name: Name) -> Entity:
    return Entity.ADULT if name.is_titled else entity


def _last_meant(before: str) -> Entity:
    sentence = before.rpartition(". ")[2] if _A_CHILD.search(before.rpartition(". ")[2]) else before
    child = max((match.start() for match in _A_CHILD.finditer(sentence)), default=-1)
    adult = max((match.start() for match in _AN_ADULT.finditer(sentence)), default=-1)
    return Entity.ADULT if adult > child else Entity.CHILD


def _listed(ready: Prepared, at: int, *, many: bool, anyhow: bool = False) -> Iterator[Name]:
    """The name that begins here and those that follow it with "and"; of several, with commas too."""
    name = _name_at(ready, at, anyhow=anyhow)
    for _ in range(6):
        if name is None:
            return
        yield name
        joined = _AND.match(ready.flowing, name.end)
        if joined is None or (joined["by"] == ", " and not many):
            return
        name = _name_at(ready, joined.end())
        if name is not None and name.is_titled:
            return


def _name_at(ready: Prepared, at: int, *, anyhow: bool = False) -> Name | None:
    return name_at(ready.flowing, at, in_capitals=ready.is_capitals, anyhow=anyhow)

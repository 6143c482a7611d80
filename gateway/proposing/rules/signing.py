"""Finds who told us: by a signature, the top of a letter, or their saying who they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.proposing.contract import Kind, Proposed
from gateway.proposing.rules.layout import Layout
from gateway.proposing.rules.people import People
from gateway.proposing.rules.person_names import Name, name_at
from gateway.proposing.rules.prepared import Prepared
from gateway.proposing.rules.vocabulary import CHILD_NOUNS, KIN, ORGANISATIONS
from storage.claim import Entity

_NAME_IS = re.compile(
    r"\b(?:[mM](?i:y name is|y name['’]s)|[iI](?i: am called)|[cC](?i:aller(?:['’]s name)?:)|[yY](?i:our name:)|"
    r"[fF](?i:rom:)) {0,2}"
)
_SPEAKING = re.compile(r"\b(?:this is|it['’]s|it is|i['’]m|i am) (?=[^\W\d_])", re.IGNORECASE)
_AFTER = re.compile(r"(?:[,.]| (?:here|calling|speaking|ringing|from|at|and i)\b)", re.IGNORECASE)
_I_AM = re.compile(
    r"\b[iI](?i: am|['’]m| work as) (?P<what>(?i:the|a|an|his|her|their|[^\W\d_]{2,20}['’]s) "
    r"(?:[^\W\d_]['’\w\-]{0,20} ?){1,6})"
)
_MY_CHILD = re.compile(
    r"\b[mM][yY] (?i:(?:(?:grand|step|god|foster )?-?(?:son|daughter|child(?:ren)?)|nephew|niece)s?)\b"
)
_ROLE = re.compile(
    r"\b(?:lead|teacher|head|headteacher|officer|manager|nurse|doctor|gp|midwife|visitor|worker|practitioner|assistant|"
    r"driver|coach|clerk|chair|tutor|director|secretary|co-?ordinator|consultant|solicitor|paediatrician|therapist|"
    r"counsellor|governor|volunteer|childminder|councillor|dentist|instructor|inspector|supervisor|dsl|matron|partner)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r" (?:at|for|with|and|who|in|of|to|from|but|so|because|that|i)\b.*", re.IGNORECASE | re.DOTALL)
SURE, LIKELY, GUESS = 0.9, 0.75, 0.55


def find_signed(ready: Prepared, layout: Layout, people: People) -> list[Proposed]:
    """The name under the closing words, at the top, or after "my name is"; and the role and organisation beside it."""
    found: list[Proposed] = []
    for name, sure in (*_of_signature(ready, layout), *_of_top(ready, layout), *_said(ready)):
        people.add(Entity.REFERRER, name, sure)
    found += _roles_under(ready, layout)
    found += _organisations(ready, layout)
    found += _what_i_am(ready)
    theirs = _MY_CHILD.search(ready.flowing)
    if theirs is not None and not any(each.field == "relation" for each in found):
        found.append(ready.proposed(Entity.REFERRER, "relation", *theirs.span(), sure=GUESS))
    return found


def _of_signature(ready: Prepared, layout: Layout) -> Iterator[tuple[Name, float]]:
    for line in layout.signed.lines[:3]:
        start = line.start + len(re.match(r"(?:(?:from|love|signed|ta|x)[ ,:]+)?", line.words, re.I)[0])  # type: ignore[index]
        name = name_at(ready.said.text, start, in_capitals=ready.is_capitals)
        if name is not None and not _is_organisation(line.words) and not _ROLE.search(name.value):
            yield name, SURE
            joined = re.compile(r" (?:and|&) ").match(ready.said.text, name.end)
            second = name_at(ready.said.text, joined.end(), in_capitals=ready.is_capitals) if joined else None
            if second is not None:
                yield second, SURE
            return


def _of_top(ready: Prepared, layout: Layout) -> Iterator[tuple[Name, float]]:
    for line in layout.sender.lines[:1]:
        name = name_at(ready.said.text, line.start, in_capitals=ready.is_capitals)
        if name is not None and name.is_titled and name.end >= line.end - 12:
            yield name, LIKELY


def _said(ready: Prepared) -> Iterator[tuple[Name, float]]:
    for match in _NAME_IS.finditer(ready.flowing):
        name = name_at(ready.flowing, match.end(), in_capitals=ready.is_capitals, anyhow=True)
        if name is not None:
            yield name, SURE if name.value[0].isupper() else GUESS
    if ready.said.kind in (Kind.LETTER, Kind.DOCUMENT):
        return
    for match in _SPEAKING.finditer(ready.flowing, 0, 600):
        name = name_at(ready.flowing, match.end(), in_capitals=ready.is_capitals)
        if name is not None and not ready.is_capitals and _AFTER.match(ready.flowing, name.end):
            yield name, LIKELY


def _roles_under(ready: Prepared, layout: Layout) -> Iterator[Proposed]:
    """What they are, as far as a comma: Health Visitor, Northshire Community Trust."""
    for line in layout.signed.lines[:4]:
        words = line.words.partition(",")[0]
        if _ROLE.search(words) and len(words) <= 60:
            yield ready.proposed(Entity.REFERRER, "role", line.start, line.start + len(words), sure=LIKELY)
            return


def _organisations(ready: Prepared, layout: Layout) -> Iterator[Proposed]:
    for line in (*layout.sender.lines[:2], *layout.signed.lines[:4]):
        start = line.start
        if _ROLE.search(line.words.partition(",")[0]):
            start += len(line.words) - len(line.words.partition(",")[2].lstrip())
        if _is_organisation(ready.said.text[start : line.end]):
            yield ready.proposed(Entity.REFERRER, "organisation", start, line.end, sure=LIKELY)
            return


def _is_organisation(words: str) -> bool:
    if not words or len(words) > 80 or re.match(r"\d|flat\b|unit\b", words, re.IGNORECASE):
        return False
    return any(word.strip(".,&").casefold() in ORGANISATIONS for word in words.split())


def _what_i_am(ready: Prepared) -> Iterator[Proposed]:
    """What they say they are to the child, or in their work."""
    for match in _I_AM.finditer(ready.flowing):
        start = match.start("what")
        what = _ENDS.sub("", match["what"]).rstrip()
        end = start + len(what)
        if _ROLE.search(what):
            yield ready.proposed(Entity.REFERRER, "role", start, end, sure=LIKELY)
        elif _is_relation(what):
            yield ready.proposed(Entity.REFERRER, "relation", start, end, sure=SURE)


def _is_relation(what: str) -> bool:
    words = re.split(r"[ \n]+", what.casefold())
    return "next door" in what.casefold() or any(word in KIN or word in CHILD_NOUNS for word in words)

"""Finds values beside or under their labels: forms of other councils, notes of call takers, cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.proposing.contract import Proposed
from gateway.proposing.rules.layout import Layout
from gateway.proposing.rules.people import People
from gateway.proposing.rules.person_names import names_listed
from gateway.proposing.rules.prepared import Line, Prepared
from gateway.standard_form.meaning import meant
from storage.claim import Entity

MOST_IN_A_ROW = 4
LONGEST = 80
_MEANS = {"dob": "date", "when": "date", "phone": "phone", "postcode": "postcode"}
SURE = 0.85


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a label asks for."""

    entity: Entity
    field: str
    is_open: bool = False


_LABELS: tuple[tuple[str, Label], ...] = (
    (r"(?:referrer|caller|reporter|your|my)['’]?s? (?:full )?name|referred by|seen by|reported by|caller|completed by",
     Label(entity=Entity.REFERRER, field="name")),
    (r"(?:referrer|caller|your|my)['’]?s? (?:telephone|phone|mobile|tel|contact)(?: (?:no\.?|number))?|call back",
     Label(entity=Entity.REFERRER, field="phone")),
    (r"(?:referrer|your)['’]?s? (?:role|job|job title)|role|job title|position|profession",
     Label(entity=Entity.REFERRER, field="role")),
    (r"(?:referrer|your)['’]?s? (?:agency|organisation)|agency|organisation",
     Label(entity=Entity.REFERRER, field="organisation")),
    (r"(?:relation|relationship) to (?:the )?child|how do you know the child\??",
     Label(entity=Entity.REFERRER, field="relation")),
    (r"(?:child['’]?s? ?)(?:surname|family name|last name)|surname(?: of child)?",
     Label(entity=Entity.CHILD, field="family_name", is_open=True)),
    (r"(?:child['’]?s? ?)?(?:forename\(?s?\)?|first names?|given names?)",
     Label(entity=Entity.CHILD, field="given_name", is_open=True)),
    (r"child(?:['’]?s)?(?: full)? name|name of (?:the )?child|child|child or children|"
     r"which child or children\??|pupil(?: name)?|patient",
     Label(entity=Entity.CHILD, field="name", is_open=True)),
    (r"(?:child['’]?s? )?(?:date of birth|d\.?o\.?b\.?|born)(?: or age)?|dob/edd",
     Label(entity=Entity.CHILD, field="dob", is_open=True)),
    (r"age(?: of child)?", Label(entity=Entity.CHILD, field="age", is_open=True)),
    (r"nhs (?:number|no\.?)", Label(entity=Entity.CHILD, field="nhs_number", is_open=True)),
    (r"school(?: or nursery)?(?:/nursery)?|nursery|school attended",
     Label(entity=Entity.CHILD, field="school", is_open=True)),
    (r"gp|doctor|gp surgery", Label(entity=Entity.CHILD, field="doctor", is_open=True)),
    (r"child['’]?s? (?:home )?address", Label(entity=Entity.PLACE, field="address", is_open=True)),
    (r"child['’]?s? (?:home )?post ?code", Label(entity=Entity.PLACE, field="postcode", is_open=True)),
    (r"(?:home )?address", Label(entity=Entity.PLACE, field="address")),
    (r"(?:home )?post ?code", Label(entity=Entity.PLACE, field="postcode")),
    (r"parents?(?: ?/ ?carers?)?(?:['’]s?)?(?: names?)?|carer|adult at home|(?:mother|father)(?:['’]s name)?",
     Label(entity=Entity.ADULT, field="name")),
    (r"telephone|phone|tel|mobile|contact number|phone number|parent['’]?s? (?:phone|telephone|mobile)(?: number)?",
     Label(entity=Entity.ADULT, field="phone")),
    (r"date seen|date of (?:incident|concern)|when did (?:it|this) happen\??",
     Label(entity=Entity.CONCERN, field="when")),
)  # fmt: skip
Found = tuple[Label, int, int]
_NO_VALUE = re.compile(
    r"(?:year|class|time|place|date|boy ?/ ?girl|sex|gender|ethnicity|religion|role|male ?/ ?female|fax|ref)", re.I
)
_READ = tuple((re.compile(words, re.IGNORECASE), label) for words, label in _LABELS)
_ANY = re.compile("|".join(f"(?:{words})" for words, _ in _LABELS), re.IGNORECASE)
_LONGEST_LABEL = 40
_BESIDE = re.compile(r"(?P<label>[^\n:]{2,45}?) ?: {1,3}(?P<value>\S[^\n]{0,300})")


def labelled_in(ready: Prepared, layout: Layout, people: People) -> list[Proposed]:
    """The values of labels that are known; a run of labels above as many values is read column by column.

    Whoever is named so is one of the ``people``.
    """
    lines = [line for line in ready.lines if line.words and not _is_elsewhere(ready, layout, line)]
    found = [*_beside(lines), *(_under(lines) if ready.is_of_paper else ())]
    return [each for label, start, end in found for each in _value(ready, people, label, start, end)]


def _is_elsewhere(ready: Prepared, layout: Layout, line: Line) -> bool:
    """Whether it is quoted, or where only who told us and we ourselves stand."""
    if any(start <= line.start < end for start, end in ready.said.apart):
        return True
    return any(zone.holds(line.start) for zone in (layout.sender, layout.ours, layout.signed))


def _beside(lines: Sequence[Line]) -> Iterator[Found]:
    for line in lines:
        match = _BESIDE.fullmatch(line.words)
        label = _label_of(match["label"]) if match else None
        if match is not None and label is not None and len(match["value"]) <= LONGEST:
            start = line.start + match.start("value")
            yield label, start, line.end


def _run_of_labels(lines: Sequence[Line], place: int) -> int:
    """How many labels stand here one under the other with as many values below them; 0 for none."""
    run = 0
    while place + run < len(lines) and run < MOST_IN_A_ROW and _is_label(lines[place + run].words):
        run += 1
    values = lines[place + run : place + 2 * run]
    has_known = any(_label_of(line.words) for line in lines[place : place + run])
    return run if has_known and len(values) == run and not any(_is_label(line.words) for line in values) else 0


def _under(lines: Sequence[Line]) -> Iterator[Found]:
    place = 0
    while place < len(lines):
        run = _run_of_labels(lines, place)
        pairs = zip(lines[place : place + run], lines[place + run : place + 2 * run], strict=True)
        for line, value in pairs:
            label = _label_of(line.words)
            if label is not None and len(value.words) <= LONGEST:
                yield label, value.start, value.end
        place += 2 * run or 1


def _value(ready: Prepared, people: People, label: Label, start: int, end: int) -> Iterator[Proposed]:
    words = ready.said.text[start:end]
    if label.field == "name":
        for name in names_listed(words, 0, many=True, in_capitals=True, anyhow=True):
            people.add(label.entity, replace(name, start=start + name.start, end=start + name.end), 1.0)
        return
    norm = meant(_MEANS.get(label.field, ""), words)
    no = 1 if label.entity is Entity.CHILD else 0
    yield ready.proposed(label.entity, label.field, start, end, no=no, norm=norm, sure=SURE, is_open=label.is_open)


def _is_label(words: str) -> bool:
    return _label_of(words) is not None or _NO_VALUE.fullmatch(words.rstrip(" :*")) is not None


def _label_of(words: str) -> Label | None:
    plain = words.strip().rstrip(" :*").strip()
    if not plain or len(plain) > _LONGEST_LABEL or not _ANY.fullmatch(plain):
        return None
    return next((label for rule, label in _READ if rule.fullmatch(plain)), None)

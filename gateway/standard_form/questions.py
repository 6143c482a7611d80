"""The questions of the form as the data file has them: what everybody is asked, and the part that may be left out."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MARK = "frontdoor.form"
"""The id of the field that says which version of the form a file is."""


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    WORDS = "words"
    DATE = "date"
    CHOICE = "choice"
    TICK = "tick"


class Part(StrEnum):
    """``EVERYBODY`` is asked of whoever tells us, on every channel alike; ``WORK`` is more, for those who know more."""

    EVERYBODY = "everybody"
    WORK = "work"


@dataclass(frozen=True, kw_only=True)
class Question:
    """``id`` is entity and field. ``web``: its name on the web form, empty where that does not ask it.

    ``means`` is how its answer is understood: date, phone, email, postcode, yes_no, address, home or home_phone.
    ``is_open``: the answer cannot tell who told us. ``choices`` are values with their words. ``lines`` is the room it
    has on paper; ``half`` of the width is enough for it.
    """

    id: str
    kind: Kind
    label: str
    hint: str = ""
    web: str = ""
    means: str = ""
    is_open: bool = False
    half: bool = False
    lines: int = 1
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions under one title; with ``rows`` they are asked again for each of several children or adults."""

    part: Part
    title: str
    intro: str = ""
    rows: int = 0
    row_title: str = ""
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A question where it is asked: ``name`` is its id, with the row's number after the entity where there are rows."""

    name: str
    row: int
    question: Question

    @property
    def entity(self) -> str:
        """Whom or what it is about."""
        return self.question.id.partition(".")[0]

    @property
    def field(self) -> str:
        """What of them it asks."""
        return self.question.id.partition(".")[2]

    @property
    def spoken(self) -> str:
        """What a screen reader says of it: the question, and of which child or adult."""
        about = f"{self.entity.capitalize()} {self.row}: " if self.row else ""
        return about + self.question.label


@dataclass(frozen=True, kw_only=True)
class Form:
    """One version of the form in one language; ``words`` are its sentences beside the questions, by name."""

    version: str
    language: str
    title: str
    intro: tuple[str, ...]
    words: Mapping[str, str]
    sections: tuple[Section, ...]

    def part(self, part: Part) -> tuple[Section, ...]:
        """The sections of one part."""
        return tuple(section for section in self.sections if section.part is part)

    def fields(self) -> Iterator[Field]:
        """Every place for an answer, in order."""
        for section in self.sections:
            for row in range(1, section.rows + 1) if section.rows else (0,):
                yield from fields_of(section, row)


def fields_of(section: Section, row: int) -> Iterator[Field]:
    """The questions of a section for one row; 0 where it has none."""
    for question in section.questions:
        entity, _, field = question.id.partition(".")
        name = f"{entity}.{row}.{field}" if row else question.id
        yield Field(name=name, row=row, question=question)


@cache
def the_form(language: str = "en") -> Form:
    """The form in a language; raises ``LookupError`` where there is no such translation."""
    path = HERE / f"form.{language}.toml"
    if not re.fullmatch("[a-z]{2}", language) or not path.is_file():
        raise LookupError(language)
    return form_from(tomllib.loads(path.read_text("utf-8")))


def form_from(read: Mapping[str, Any]) -> Form:
    """The form in a data file."""
    words = {name: value for name, value in read.items() if isinstance(value, str)}
    return Form(
        version=read["version"], language=read["language"], title=read["title"], intro=tuple(read["intro"]),
        words=words, sections=tuple(_section(each) for each in read["section"]),
    )  # fmt: skip


def core_hash(form: Form) -> str:
    """The fingerprint of what everybody is asked: equal wherever the same is asked in the same words (hex sha256)."""
    asked = [
        [section.title, [[q.id, q.kind, q.label, q.hint, q.choices] for q in section.questions]]
        for section in form.part(Part.EVERYBODY)
    ]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


@cache
def known_fields() -> Mapping[str, Field]:
    """Every place for an answer by its name; the first row also by the question's id alone."""
    form = the_form()
    named = {field.name: field for field in form.fields()}
    first = {field.question.id: field for field in form.fields() if field.row == 1}
    return first | named


@cache
def asked() -> Mapping[tuple[str, str], Question]:
    """Every question by entity and field, in the order they are asked."""
    return {(field.entity, field.field): field.question for field in the_form().fields()}


def label_of(entity: str, field: str) -> str:
    """What a value is called for a reader: as the form asks it, or its name in words."""
    question = asked().get((entity, field))
    return question.label if question else field.replace("_", " ").capitalize()


def _section(read: Mapping[str, Any]) -> Section:
    return Section(
        part=Part(read["part"]), title=read["title"], intro=read.get("intro", ""), rows=read.get("rows", 0),
        row_title=read.get("row_title", ""), questions=tuple(_question(each) for each in read["question"]),
    )  # fmt: skip


def _question(read: Mapping[str, Any]) -> Question:
    given = {name: read[name] for name in ("id", "label", "hint", "web", "means", "half", "lines") if name in read}
    choices = tuple((value, words) for value, words in read.get("choices", ()))
    return Question(kind=Kind(read["kind"]), is_open=read.get("open", False), choices=choices, **given)

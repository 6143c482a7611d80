"""Pure: the fields of a document that is our form, taken as answers to its questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.claims import Stated
from gateway.reading.parts import clean
from gateway.standard_form.meaning import meant
from gateway.standard_form.questions import MARK, Field, Kind, known_fields
from storage.claim import Entity
from transcription.contract import Box, FormField, Segment

LONGEST = 20_000  # characters of a claim; the words of the part have the whole answer
LONGEST_NAME, MOST_APART = 60, 100  # of fields we do not ask
NEWEST = "1"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What shows nothing, or makes what follows read in another order than it stands."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered to one question, and where; on paper with its place, its lines and how sure a machine is."""

    field: Field
    value: str
    words: str
    page: int | None
    box: Box | None = None
    lines: tuple[Segment, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """Our form as somebody filled it in.

    ``others`` are fields that we do not ask, as label and value; ``apart`` those that are named for who told us, or
    what was written on paper beside those.
    """

    version: str
    answers: tuple[Answer, ...]
    others: tuple[tuple[str, str], ...] = ()
    apart: tuple[FormField, ...] = ()
    is_paper: bool = False

    def said(self, question: str) -> str:
        """What was answered to a question, of the first child or adult where there are several; empty for nothing."""
        return next((answer.value for answer in self.answers if answer.field.question.id == question), "")

    def stated(self) -> tuple[Stated, ...]:
        """Each answer as a value of a child, an adult, a place, the concern or who told us."""
        return (*(_stated(answer) for answer in self.answers), *(_kept_apart(field) for field in self.apart))


def filled_form(fields: Sequence[FormField]) -> FilledForm | None:
    """The form, where its mark is there or a question of ours is; None for the form of somebody else."""
    known = known_fields()
    marks = [field.value for field in fields if field.name == MARK]
    if not marks and not any(field.name in known for field in fields):
        return None
    found: dict[str, Answer] = {}
    others: list[tuple[str, str]] = []
    apart: list[FormField] = []
    for field in fields:
        asked, value = known.get(field.name), plain(field.value)
        if asked is not None and value:
            found.setdefault(asked.name, _answer(asked, field, value))
        elif value and field.name.startswith(f"{Entity.REFERRER}."):
            apart += [field] if len(apart) < MOST_APART else []
        elif value and field.name and field.name != MARK:
            others.append((plain(field.label or field.name), value))
    order = list(known)
    answers = sorted(found.values(), key=lambda answer: order.index(answer.field.name))
    return FilledForm(version=_version(marks), answers=tuple(answers), others=tuple(others), apart=tuple(apart))


def _version(marks: Sequence[str]) -> str:
    """As the mark says, where it says a number; a form without one is taken as the newest."""
    said = marks[0].strip() if marks else ""
    return said if said.isascii() and said.isdigit() and len(said) <= 4 else NEWEST


def _answer(asked: Field, field: FormField, value: str) -> Answer:
    words = plain(field.words or field.value)
    if asked.question.kind is Kind.CHOICE:
        by_value = dict(asked.question.choices)
        by_words = {label.casefold(): name for name, label in asked.question.choices}
        value = value if value in by_value else by_words.get(value.casefold(), value)
        words = by_value.get(value, words)
    return Answer(field=asked, value=value, words=words, page=field.page)


def _stated(answer: Answer) -> Stated:
    field = answer.field
    return Stated(
        entity=Entity(field.entity), entity_no=field.row, field=field.field, value=answer.value[:LONGEST],
        value_norm=meant(field.question.means, answer.value[:LONGEST]), words=answer.words[:LONGEST],
        place=_place(field.name, answer.page, answer.box), is_open=field.question.is_open,
        confidence=answer.confidence,
    )  # fmt: skip


def _kept_apart(field: FormField) -> Stated:
    value, name = plain(field.value)[:LONGEST], field.name[:LONGEST_NAME]
    return Stated(
        entity=Entity.REFERRER, entity_no=0, field=name.partition(".")[2], value=value, value_norm="", words=value,
        place=_place(name, field.page, field.box), is_open=False,
    )  # fmt: skip


def _place(name: str, page: int | None, box: Box | None) -> dict[str, object]:
    return {"field": name} | ({"page": page} if page else {}) | ({"box": list(box)} if box else {})


def plain(words: str) -> str:
    return _UNSEEN.sub("", clean(words).replace("\r\n", "\n").replace("\r", "\n")).strip()

"""The form's questions as JSON, for whoever builds a form of their own or wants to see that all are asked the same."""

from __future__ import annotations

from pydantic import BaseModel

from gateway.standard_form.questions import Form, Part, Question, Section, core_hash


class ChoiceView(BaseModel):
    """One answer to choose: what is sent, and what is shown."""

    value: str
    label: str


class QuestionView(BaseModel):
    """One question; nothing must be answered. ``web`` is its name on the web form, empty where that does not ask it."""

    id: str
    kind: str
    label: str
    hint: str
    web: str
    required: bool = False
    choices: list[ChoiceView]


class SectionView(BaseModel):
    """Questions under one title; ``rows``: for how many children or adults they are asked, 0 where once."""

    part: str
    title: str
    intro: str
    rows: int
    questions: list[QuestionView]


class FormView(BaseModel):
    """The form: ``core_hash`` is of what everybody is asked, equal for the public and for professionals."""

    version: str
    language: str
    title: str
    core_hash: str
    sections: list[SectionView]


def form_view(form: Form, *, with_work: bool = True) -> FormView:
    """The form as JSON; without the part for those who tell us as part of their job, if asked."""
    sections = [each for each in form.sections if with_work or each.part is Part.EVERYBODY]
    return FormView(
        version=form.version, language=form.language, title=form.title, core_hash=core_hash(form),
        sections=[_section(each) for each in sections],
    )  # fmt: skip


def _section(section: Section) -> SectionView:
    return SectionView(
        part=section.part, title=section.title, intro=section.intro, rows=section.rows,
        questions=[_question(each) for each in section.questions],
    )  # fmt: skip


def _question(question: Question) -> QuestionView:
    choices = [ChoiceView(value=value, label=label) for value, label in question.choices]
    return QuestionView(
        id=question.id, kind=question.kind, label=question.label, hint=question.hint, web=question.web, choices=choices
    )

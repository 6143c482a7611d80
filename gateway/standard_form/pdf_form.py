"""The form as a PDF: to fill in on a screen, or to print and fill in by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.standard_form.named_fields import with_dotted_names
from gateway.standard_form.page_code import draw_code
from gateway.standard_form.paper import (
    BOLD,
    DANGER,
    INNER,
    MARGIN,
    QUIET,
    REGULAR,
    RULE,
    TEAL,
    WIDTH,
    Paper,
    height_of,
    white,
    width_of,
)
from gateway.standard_form.questions import MARK, Field, Form, Kind, Section, fields_of
from gateway.standard_form.word_form import Ours

LABEL, HINT, BODY, HEADING, FOOT_SIZE = 11.0, 9.5, 11.0, 15.0, 9.0
GAP, AFTER = 16.0, 9.0
ONE_LINE, MORE_LINES = 23.0, 15.0
BOX = 13.0
LONGEST_ANSWER = 20_000


def pdf_form(form: Form, ours: Ours) -> bytes:
    """The whole form as PDF with fields that are named for their questions."""
    return with_dotted_names(sheets_of(form, ours).finish(), language=f"{form.language}-GB")


def sheets_of(form: Form, ours: Ours) -> Paper:
    """The form as it is drawn, to ask where everything stands."""
    return _drawn(form, ours, pages=_drawn(form, ours, pages=0).page)


def _drawn(form: Form, ours: Ours, *, pages: int) -> Paper:
    """``pages``: how many sheets there are in all, for the foot of each; 0 while nobody knows."""
    paper = Paper(form.title, ours.organisation, f"{form.language}-GB")
    paper.foot = lambda sheet: _foot(sheet, form, ours, pages)
    paper.band(78)
    paper.line(ours.organisation, x=MARGIN, baseline=paper.y + 68, size=12, font=BOLD, colour=white)
    paper.line(form.title, x=MARGIN, baseline=paper.y + 38, size=23, font=BOLD, colour=white)
    for sentence in form.intro:
        paper.words(sentence, size=BODY, after=4)
    paper.words(form.words["danger"], size=BODY, font=BOLD, colour=DANGER, after=4)
    paper.words(form.words["send"].format(mailbox=ours.mailbox, address=ours.address), size=BODY, after=2)
    paper.words(form.words["more_room"], size=BODY, after=2)
    paper.canvas.acroForm.textfield(
        name=MARK, value=form.version, x=0, y=0, width=1, height=1, borderWidth=0, annotationFlags="hidden",
        fieldFlags="readOnly",
    )  # fmt: skip
    for section in form.sections:
        _section(paper, form, section)
    return paper


def _foot(paper: Paper, form: Form, ours: Ours, pages: int) -> None:
    paper.rule(42)
    words = form.words["footer"].format(title=form.title, version=form.version)
    whose = f"{words} · {ours.organisation} · {ours.mailbox}"
    paper.line(whose, x=MARGIN, baseline=30, size=FOOT_SIZE, colour=QUIET)
    counted = form.words["page"].format(page=paper.page, pages=pages)
    x = WIDTH - MARGIN - width_of(counted, font=REGULAR, size=FOOT_SIZE)
    paper.line(counted, x=x, baseline=30, size=FOOT_SIZE, colour=QUIET)
    draw_code(paper, form.version)


def _section(paper: Paper, form: Form, section: Section) -> None:
    paper.need(110)
    paper.y -= 12
    paper.words(section.title, size=HEADING, font=BOLD, colour=TEAL, after=3)
    if section.intro:
        paper.words(section.intro, size=BODY, after=4)
    if not section.rows:
        _rows(paper, list(fields_of(section, 0)))
        return
    paper.words(form.words["more_rows"].format(rows=section.rows), size=HINT, colour=QUIET, after=4)
    for row in range(1, section.rows + 1):
        fields = list(fields_of(section, row))
        paper.need(sum(_room(line) for line in _lines(fields)) + 26)
        title = section.row_title.format(row=row)
        paper.words(title, size=12, font=BOLD, colour=TEAL, after=2, of=f"{fields[0].entity}.{row}")
        _rows(paper, fields)
        paper.y -= 4


def _rows(paper: Paper, fields: Sequence[Field]) -> None:
    for line in _lines(fields):
        paper.need(_room(line))
        top = paper.y
        width = _width(line)
        for place, field in enumerate(line):
            paper.y = top
            _field(paper, field, x=MARGIN + place * (width + GAP), width=width, room=_room(line))
        paper.y = top - _room(line)


def _lines(fields: Sequence[Field]) -> Iterator[tuple[Field, ...]]:
    """What stands side by side: two that need half the width each, else one."""
    waiting: Field | None = None
    for field in fields:
        if waiting and field.question.half:
            yield waiting, field
            waiting = None
        elif field.question.half:
            waiting = field
        else:
            if waiting:
                yield (waiting,)
                waiting = None
            yield (field,)
    if waiting:
        yield (waiting,)


def _width(line: tuple[Field, ...]) -> float:
    return (INNER - GAP) / 2 if line[0].question.half else INNER


def _room(line: tuple[Field, ...]) -> float:
    """How high it is, so that boxes side by side stand on one line."""
    return max(_above(field, _width(line)) + _box(field) for field in line) + AFTER


def _above(field: Field, width: float) -> float:
    question = field.question
    if question.kind is Kind.TICK:
        return 0.0
    label = height_of(question.label, font=BOLD, size=LABEL, width=width)
    return label + height_of(question.hint, size=HINT, width=width) + 4


def _box(field: Field) -> float:
    if field.question.kind is Kind.TICK:
        return BOX + 2
    if field.question.kind is Kind.CHOICE:
        return ONE_LINE
    return ONE_LINE + (field.question.lines - 1) * MORE_LINES


def _field(paper: Paper, field: Field, *, x: float, width: float, room: float) -> None:
    question, foot = field.question, paper.y - room + AFTER
    if question.kind is Kind.TICK:
        _tick(paper, field, x, foot)
        return
    paper.words(question.label, size=LABEL, font=BOLD, x=x, width=width, of=field.name)
    paper.words(question.hint, size=HINT, colour=QUIET, x=x, width=width)
    if question.kind is Kind.CHOICE:
        _choices(paper, field, x, foot)
        return
    paper.place(field.name, x=x, foot=foot, width=width, height=_box(field))
    flags = "multiline" if question.kind is Kind.WORDS else ""
    paper.canvas.acroForm.textfield(
        name=field.name, tooltip=field.spoken, x=x, y=foot, width=width, height=_box(field), maxlen=LONGEST_ANSWER,
        fontName="Helvetica", fontSize=11, borderColor=RULE, fillColor=white, borderWidth=1, fieldFlags=flags,
        forceBorder=True,
    )  # fmt: skip


def _tick(paper: Paper, field: Field, x: float, foot: float) -> None:
    paper.canvas.acroForm.checkbox(
        name=field.name, tooltip=field.spoken, x=x, y=foot, size=BOX, borderColor=RULE, fillColor=white,
        buttonStyle="cross", borderWidth=1, forceBorder=True,
    )  # fmt: skip
    paper.place(field.name, x=x, foot=foot, width=BOX, height=BOX)
    paper.y = foot + BOX + 1
    paper.words(field.question.label, size=LABEL, x=x + BOX + 8, of=field.name)


def _choices(paper: Paper, field: Field, x: float, foot: float) -> None:
    for value, words in field.question.choices:
        paper.canvas.acroForm.radio(
            name=field.name, tooltip=field.spoken, value=value, x=x, y=foot + 4, size=BOX,
            buttonStyle="cross", shape="square", borderColor=RULE, fillColor=white, borderWidth=1, forceBorder=True,
        )  # fmt: skip
        paper.place(field.name, x=x, foot=foot + 4, width=BOX, height=BOX, value=value)
        paper.y = foot + BOX + 5
        paper.words(words, size=LABEL, x=x + BOX + 6)
        x += BOX + 26 + width_of(words, font=REGULAR, size=LABEL)

"""The words of a filled form for all who read it, without those that say who told us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gateway.standard_form.from_paper import FromPaper
from gateway.standard_form.questions import Field
from gateway.standard_form.reading import Answer, FilledForm
from storage.claim import Entity
from transcription.contract import Segment, Transcript, told_ticks
from transcription.documents.written import cut_where_nobody_reads_on

KEPT_APART = "What the form says of who told us is kept apart, with who told us."
PICTURES = "Words in pictures on this form are not shown here: see the original."
BESIDE = "Also written on the form:"


def told_apart(read: Transcript, form: FilledForm, printed: frozenset[str]) -> Transcript:
    """The same transcript in the form's order: each question with its answer, then what stands beside the questions.

    ``printed`` are the lines of the empty form.
    """
    said = list(_answers(form))
    said += [Segment(text=f"{label}: {value}") for label, value in form.others]
    beside = [line for line in lines_of(read.beside_fields) if line not in printed]
    said += [Segment(text="\n".join((BESIDE, *beside)))] if beside else []
    kept = bool(form.apart) or any(answer.field.entity == Entity.REFERRER for answer in form.answers)
    told = replace(
        read,
        text="\n\n".join(segment.text for segment in said),
        segments=tuple(said),
        engine=f"{read.engine}, standard form {form.version}",
        note=" ".join(filter(None, (read.note, KEPT_APART if kept else "", PICTURES if _has_pictures(read) else ""))),
        fields=(), beside_fields="",
    )  # fmt: skip
    return cut_where_nobody_reads_on(told)


def told_apart_on_paper(read: Transcript, found: FromPaper) -> Transcript:
    """The same of a form filled in on paper: its lines keep their places, and pages that are not of it stay whole."""
    if found.form is None:
        return replace(read, note=" ".join(filter(None, (read.note, *found.notes))))
    form = found.form
    said = [segment for answer in form.answers for segment in _on_paper(answer)]
    said += [Segment(text=BESIDE), *found.beside] if found.beside else []
    said += [segment for segment in read.segments if segment.page not in found.pages]
    kept = bool(form.apart) or any(answer.field.entity == Entity.REFERRER for answer in form.answers)
    told = replace(
        read, text="\n".join(segment.text for segment in said), segments=tuple(said), fields=(), beside_fields="",
        engine=f"{read.engine}, standard form {form.version} on paper",
        note=" ".join(filter(None, (_without_ticks(read, found), *found.notes, KEPT_APART if kept else ""))),
    )  # fmt: skip
    return cut_where_nobody_reads_on(told)


def _without_ticks(read: Transcript, found: FromPaper) -> str:
    """The note without what is ticked on the form's own pages: it names what stands beside, which may be an answer."""
    note = read.note
    for page in found.pages:
        sentence = told_ticks(field for field in read.fields if field.page == page)
        note = note.replace(sentence, "") if sentence else note
    return " ".join(note.split())


def _on_paper(answer: Answer) -> Iterator[Segment]:
    if answer.field.entity != Entity.REFERRER:
        yield Segment(text=asked_of(answer.field), page=answer.page)
        yield from answer.lines


def _has_pictures(read: Transcript) -> bool:
    """Pages of a PDF were read as pictures, answers and all: what they show beside the answers cannot be told apart."""
    return "rapidocr" in read.engine and any(field.page for field in read.fields)


def lines_of(text: str) -> Iterator[str]:
    """The lines and the cells of rows that have anything in them, blanks as one."""
    for line in text.replace("\t", "\n").split("\n"):
        if words := " ".join(line.split()):
            yield words


def asked_of(field: Field) -> str:
    """The question as it introduces an answer, with the child or adult it is about."""
    about = f"{field.entity.capitalize()} {field.row}, {field.question.label}" if field.row else field.question.label
    return about if about.endswith("?") else f"{about}:"


def _answers(form: FilledForm) -> Iterator[Segment]:
    for answer in form.answers:
        if answer.field.entity != Entity.REFERRER:
            gap = "\n" if "\n" in answer.words or len(answer.words) > 60 else " "
            yield Segment(text=f"{asked_of(answer.field)}{gap}{answer.words}", page=answer.page)

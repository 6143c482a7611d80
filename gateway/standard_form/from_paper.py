"""Reads our form back when it was filled in on paper: by where words stand, never by their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from gateway.standard_form.laying_over import LaidOver, over_the_best
from gateway.standard_form.layout import Room, Sheet
from gateway.standard_form.letters import letters_of
from gateway.standard_form.questions import Kind, known_fields, the_form
from gateway.standard_form.reading import Answer, FilledForm, plain
from gateway.standard_form.seen import Seen, SeenPage, SeenTick, pages_of
from gateway.standard_form.written_in import WrittenIn, next_to, written_in
from gateway.standard_form.written_lines import around, joined, lines_of
from storage.claim import Entity
from transcription.contract import FormField, Segment, Transcript, mean_confidence

ENOUGH_QUESTIONS, LONG_QUESTION = 4, 9
MOST_PAGES, MOST_WORDS = 30, 3000
"""Pages of a file, and words of a page, beyond which it is no form of ours: what was made to be slow is not tried."""
BESIDE_WHO = f"{Entity.REFERRER}.beside"
BY_HAND = "Filled in on paper: check each answer against the picture."
NOT_OVER = "Page {page} is of our form but does not lie well over the empty one: no answers were taken from it."
TWICE = "The same page of our form is there twice: no answers were taken. Part the forms, and have each read again."
TICK_CONFIDENCE = 0.9
"""An engine tells of a box only that it is ticked, not how sure it is: less than of words that stand as text."""


@dataclass(frozen=True, kw_only=True)
class FromPaper:
    """What paper forms in a transcript say: ``form`` is None where nothing can be taken from them for certain.

    ``beside`` are lines on pages of the form that stand in no place for an answer; ``pages`` those pages' numbers.
    """

    form: FilledForm | None
    beside: tuple[Segment, ...] = ()
    pages: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


def may_be_ours(read: Transcript) -> bool:
    """Whether some page of it has several of our questions; quick, for it is asked of everything that is read."""
    pages: dict[int, list[str]] = {}
    for segment in read.segments:
        if segment.page and segment.written:
            pages.setdefault(segment.page, []).append(letters_of(segment.text.split()).row)
    return any(_asks(rows) for rows in pages.values())


def from_paper(read: Transcript, sheets: Sequence[Sheet]) -> FromPaper | None:
    """The form on paper; None where no page is of it. ``sheets`` are those of the empty form."""
    perhaps = [page for page in pages_of(read) if (page.code or _asks(page.rows)) and not _is_too_full(page)]
    if len(perhaps) > MOST_PAGES:
        return None
    good = [(page, over) for page in perhaps if (over := _over(page, sheets)) is not None]
    over_numbers = {page.number for page, _ in good}
    left = [page for page in perhaps if page.number not in over_numbers and (page.code or _is_named(page.rows))]
    if not good and not left:
        return None
    notes = [NOT_OVER.format(page=page.number) for page in left]
    if max(Counter(over.sheet.number for _, over in good).values(), default=0) > 1:
        return FromPaper(form=None, notes=(TWICE,))
    if not good:
        return FromPaper(form=None, notes=tuple(notes))
    form, beside = _read(read, [(page, over, written_in(page, over)) for page, over in good])
    return FromPaper(form=form, beside=beside, pages=frozenset(over_numbers), notes=(BY_HAND, *notes))


def _is_too_full(page: SeenPage) -> bool:
    return sum(len(line.words) for line in page.lines) > MOST_WORDS


def _asks(rows: Sequence[str]) -> bool:
    """Whether several of our questions stand among these rows of letters; short ones stand in any letter."""
    whole = "\n".join(rows)
    return sum(question in whole for question in _questions()) >= ENOUGH_QUESTIONS


@cache
def _questions() -> frozenset[str]:
    every = {letters_of(field.question.label.split()).row for field in the_form().fields()}
    return frozenset(question for question in every if len(question) >= LONG_QUESTION)


def _is_named(rows: Sequence[str]) -> bool:
    """Whether the name of our form stands there, as at the foot of each sheet of it."""
    return any(letters_of(the_form().title.split()).row in row for row in rows)


def _over(page: SeenPage, sheets: Sequence[Sheet]) -> LaidOver | None:
    """The page over the sheet on which it lies best, if it lies well; not where its code says something else."""
    best = over_the_best(page, sheets)
    return best if best and best.is_good and (page.code is None or best.is_by_code) else None


def _read(
    read: Transcript, pages: Sequence[tuple[SeenPage, LaidOver, WrittenIn]]
) -> tuple[FilledForm, tuple[Segment, ...]]:
    answers: dict[str, Answer] = {}
    apart: list[FormField] = []
    beside: list[Segment] = []
    for page, over, found in pages:
        for name, words in found.words.items():
            answer = _written(name, page.number, lines_of(words, over, read.segments))
            answers |= {name: answer} if answer else {}
        for name, ticks in found.ticks.items():
            chosen = _chosen(name, page.number, ticks)
            answers |= {name: chosen} if chosen else {}
        who, others = _by_nearest(found.beside, over)
        apart += [_kept_apart(line) for line in lines_of(who, over, read.segments)]
        beside += [*lines_of(others, over, read.segments), *_chosen_twice(found, page.number)]
    order = list(known_fields())
    form = FilledForm(
        version=pages[0][1].sheet.version, answers=tuple(answers[name] for name in sorted(answers, key=order.index)),
        apart=tuple(apart), is_paper=True,
    )  # fmt: skip
    return form, tuple(beside)


def _written(name: str, page: int, lines: Sequence[Segment]) -> Answer | None:
    """Specks of dirt, read as lone signs, are no answer."""
    field = known_fields()[name]
    words = plain(joined(lines, "\n" if field.question.kind is Kind.WORDS else " "))
    if not any(each.isalnum() for each in words):
        return None
    return Answer(
        field=field, value=words, words=words, page=page, lines=tuple(lines),
        box=around([line.box for line in lines if line.box]), confidence=round(mean_confidence(tuple(lines)) or 1.0, 3),
    )  # fmt: skip


def _chosen(name: str, page: int, ticks: Sequence[tuple[Room, SeenTick]]) -> Answer | None:
    """Of several boxes to choose from only one may be ticked."""
    if len(ticks) != 1:
        return None
    ((room, tick),) = ticks
    field, value = known_fields()[name], room.value or "yes"
    words = dict(field.question.choices).get(value, value)
    line = Segment(text=words, page=page, box=tick.field.box, confidence=TICK_CONFIDENCE)
    return Answer(
        field=field, value=value, words=words, page=page, lines=(line,), box=tick.field.box,
        confidence=TICK_CONFIDENCE,
    )  # fmt: skip


def _chosen_twice(found: WrittenIn, page: int) -> Iterator[Segment]:
    for name, ticks in found.ticks.items():
        if len(ticks) > 1:
            asked = known_fields()[name]
            yield Segment(text=f"{asked.spoken}: more than one box is ticked", page=page, box=ticks[0][1].field.box)


def _by_nearest(words: Iterable[Seen], over: LaidOver) -> tuple[list[Seen], list[Seen]]:
    """Words beside the places for answers: those next to who told us, and all others."""
    who, others = list[Seen](), list[Seen]()
    for word in words:
        (who if next_to(word, over).startswith(f"{Entity.REFERRER}.") else others).append(word)
    return who, others


def _kept_apart(line: Segment) -> FormField:
    return FormField(name=BESIDE_WHO, value=line.text, kind="text", page=line.page, words=line.text, box=line.box)

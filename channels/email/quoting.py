"""Finds what in a mail repeats an earlier one or says nothing, so that new words are seen first; unsure: nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from itertools import pairwise

from channels.email import quote_marks as marks
from channels.email.endings import ending_spans
from channels.email.said import Found, Origin
from channels.incoming import Fold, FoldKind

FEWEST_NEW_WORDS = 5
LONGEST_ATTRIBUTION = 3
LONGEST_TEXT = 300_000  # beyond this nobody scrolls: it is left as it is
_QUOTED = re.compile(r"\s{0,3}>")
_RULED = tuple("-_*=")
_WORD = re.compile(r"\w+")
_LONGEST_LINE = 2000


@dataclass(frozen=True, kw_only=True)
class Span:
    """Lines ``first`` up to, but not with, ``last``."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A text by its lines: their words without blanks at the end, and where each begins."""

    words: Sequence[str]
    starts: Sequence[int]

    def is_quoted(self, number: int) -> bool:
        """It carries the mark that mail programs put before what they quote."""
        return _QUOTED.match(self.words[number]) is not None

    def fold(self, span: Span, kind: FoldKind) -> Fold:
        """The characters of these lines, blank ones at either end left out."""
        said = [number for number in range(span.first, span.last) if self.words[number].strip()]
        return Fold(start=self.starts[said[0]], end=self.starts[said[-1]] + len(self.words[said[-1]]), kind=kind)


def folds_in(found: Found, *, subject: str, is_reply: bool) -> tuple[Fold, ...]:
    """Of all the words of a mail: what it brings along as a mail of its own, and what we remark, is never folded."""
    text, folds = found.text, []
    for said in found.spans:
        if said.origin is Origin.WRITTEN:
            theirs = folds_of(text[said.start : said.end], subject=subject, is_reply=is_reply)
            folds += [replace(fold, start=fold.start + said.start, end=fold.end + said.start) for fold in theirs]
    return tuple(folds)


def folds_of(text: str, *, subject: str = "", is_reply: bool = False) -> tuple[Fold, ...]:
    """What of ``text`` may be shown folded, in order and apart from each other; ``is_reply``: its header says so.

    A forwarded mail is never folded, nor one that says little of its own, points at what it quotes, or answers between
    the quoted lines: there the quoted words may be what is to be read. New words are never within a fold.
    """
    lines = _lines(text)
    if len(text) > LONGEST_TEXT or _is_forwarded(lines, subject):
        return ()
    answers = is_reply or marks.ANSWERS.match(subject, _after_tags(subject)) is not None
    quotes = _quotes(lines, answers)
    endings = list(ending_spans(lines.words, [(span.first, span.last) for span in quotes]))
    if not quotes and not endings:
        return ()
    new = _new_words(lines, [*quotes, *(Span(first=first, last=last) for first, last in endings)])
    if not _WORD.search(new):
        return ()
    if len(_WORD.findall(new)) < FEWEST_NEW_WORDS or marks.POINTS_AT_IT.search(new):
        quotes = []
    folds = [lines.fold(span, FoldKind.QUOTED) for span in quotes]
    folds += [lines.fold(Span(first=first, last=last), FoldKind.SIGNATURE) for first, last in endings]
    return tuple(sorted(folds, key=lambda fold: fold.start))


def answers_another(message: Message) -> bool:
    """Whether its header names a mail that it answers."""
    return "In-Reply-To" in message or "References" in message


def _lines(text: str) -> Lines:
    words, starts, at = [], [], 0
    for line in text.split("\n"):
        words.append(line.rstrip())
        starts.append(at)
        at += len(line) + 1
    return Lines(words=words, starts=starts)


def _after_tags(subject: str) -> int:
    """Where the subject begins behind what mail servers put before it, such as [EXTERNAL]."""
    found = marks.TAGS.match(subject)
    return found.end() if found else 0


def _is_forwarded(lines: Lines, subject: str) -> bool:
    if marks.FORWARDS.match(subject, _after_tags(subject)):
        return True
    may_be = (line for line in lines.words if line.endswith(":") or line.lstrip()[:1] in _RULED)
    return any(len(line) < _LONGEST_LINE and marks.FORWARDED.match(line) for line in may_be)


def _quotes(lines: Lines, answers: bool) -> list[Span]:
    """The quoted stretches; none where answers stand between them."""
    found, at = [], 0
    while at < len(lines.words):
        span = _quote_at(lines, at, answers)
        if span is not None:
            found.append(span)
        at = span.last if span else at + 1
    gaps = [Span(first=one.last, last=next_.first) for one, next_ in pairwise(found)]
    is_interleaved = any(lines.words[n].strip() for gap in gaps for n in range(gap.first, gap.last))
    left_open = any(
        lines.is_quoted(n) for n in range(len(lines.words)) if not any(s.first <= n < s.last for s in found)
    )
    return [] if is_interleaved or left_open else found


def _quote_at(lines: Lines, at: int, answers: bool) -> Span | None:
    if lines.is_quoted(at):
        return _bare_run(lines, at) if answers else None
    after = _after_attribution(lines, at)
    if after:
        begins = _next_said(lines, after)
        if begins < len(lines.words) and lines.is_quoted(begins):
            return Span(first=at, last=_end_of_run(lines, begins))
        has_address = marks.AN_ADDRESS.search(" ".join(lines.words[at:after]))
        return _rest(lines, at, after) if answers and has_address else None
    begins = _next_said(lines, at + 1) if marks.ORIGINAL.fullmatch(lines.words[at][:200]) else at
    if marks.RULE.fullmatch(lines.words[at][:200]):
        begins = _next_said(lines, at + 1)
    return _rest(lines, at, begins) if answers and _is_header_block(lines, begins) else None


def _rest(lines: Lines, first: int, after: int) -> Span | None:
    """To the end: such lines carry no mark. Where words follow on marked ones, who wrote them is not known: None."""
    said = [number for number in range(after, len(lines.words)) if lines.words[number].strip()]
    marked = [lines.is_quoted(number) for number in said]
    is_mixed = any(one and not next_ for one, next_ in pairwise(marked))
    return Span(first=first, last=len(lines.words)) if said and not is_mixed else None


def _bare_run(lines: Lines, at: int) -> Span | None:
    """Quoted lines that nobody is named for; whoever leads up to them with a colon wants them read."""
    before = next((lines.words[n] for n in range(at - 1, -1, -1) if lines.words[n].strip()), "")
    last = _end_of_run(lines, at)
    is_long = sum(1 for n in range(at, last) if lines.words[n].strip(" >")) > 1
    return Span(first=at, last=last) if is_long and not before.endswith(":") else None


def _end_of_run(lines: Lines, begins: int) -> int:
    last = begins
    for number in range(begins, len(lines.words)):
        if lines.is_quoted(number):
            last = number + 1
        elif lines.words[number].strip():
            break
    return last


def _after_attribution(lines: Lines, at: int) -> int:
    """The line after "On … wrote:" if it begins here, else 0."""
    first = lines.words[at].strip()
    if not first or len(first) > 300:
        return 0
    if marks.BY_ADDRESS.match(first) and _names_somebody(first):
        return at + 1
    if not marks.OPENS.match(first):
        return 0
    for last in range(at + 1, min(at + LONGEST_ATTRIBUTION, len(lines.words)) + 1):
        said = [words.strip() for words in lines.words[at:last]]
        if not all(said):
            return 0
        if said[-1].endswith((":", "：")):
            return last if _names_somebody(" ".join(said)) else 0
    return 0


def _names_somebody(said: str) -> bool:
    """It says that somebody wrote at some moment, or from some address."""
    return (
        said.endswith((":", "：")) and len(said) < 400
        and marks.WROTE.search(said) is not None and marks.A_MOMENT.search(said) is not None
    )  # fmt: skip


def _is_header_block(lines: Lines, at: int) -> bool:
    """ "From: … Sent: … To: … Subject: …", as Outlook writes it over what it quotes: From and two of the others."""
    if at >= len(lines.words) or not marks.LABELS["from"].match(lines.words[at][:200]):
        return False
    seen: set[str] = set()
    for words in _few_lines(lines, at + 1):
        seen |= {kind for kind in ("sent", "to", "subject") if marks.LABELS[kind].match(words[:200])}
    return len(seen) >= 2


def _few_lines(lines: Lines, at: int) -> Iterator[str]:
    """The next lines of a header, however its long ones are broken; HTML may set a blank line between any two."""
    said = [words for words in lines.words[at : at + 16] if words.strip()]
    yield from said[:7]


def _next_said(lines: Lines, at: int) -> int:
    return next((n for n in range(at, len(lines.words)) if lines.words[n].strip()), len(lines.words))


def _new_words(lines: Lines, folded: Sequence[Span]) -> str:
    hidden = {number for span in folded for number in range(span.first, span.last)}
    return "\n".join(words for number, words in enumerate(lines.words) if number not in hidden)

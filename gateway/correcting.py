"""Lines of a page put right by a person: the words change, their places and every other line stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.word_places import places_of
from transcription.contract import Segment

PAGE_END = "\n\n"
LONGEST_GAP = 100
WORD = re.compile(r"\w")


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """What a person put right: the new words of lines by their place in the segments (none: not on the page after
    all), and by page what the machine had missed there.
    """

    lines: Mapping[int, str]
    missed: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A version's text and segments with the corrections in them, and how many lines were changed."""

    text: str
    segments: tuple[Segment, ...]
    changed: int


def corrected(text: str, segments: Sequence[Segment], corrections: Corrections) -> Corrected:
    """What is the same as before, or names a line that is not there, changes nothing."""
    lines = {
        number: words for number, words in corrections.lines.items()
        if number < len(segments) and _in_lines_of(segments[number], words) != segments[number].text.strip()
    }  # fmt: skip
    changed = [_typed(each, _in_lines_of(each, lines[n])) if n in lines else each for n, each in enumerate(segments)]
    missed = {page: words.strip() for page, words in corrections.missed.items() if words.strip()}
    kept = tuple(each for number, each in enumerate(changed) if number not in lines or each.text)
    return Corrected(
        text=_spliced(text, segments, changed, missed),
        segments=_with_missed(kept, missed),
        changed=len(lines) + sum(len(words.splitlines()) for words in missed.values()),
    )


def _in_lines_of(before: Segment, words: str) -> str:
    """What was one line stays one, however it was typed."""
    return words.strip() if "\n" in before.text.strip() else " ".join(words.split("\n")).strip()


def _typed(line: Segment, words: str) -> Segment:
    written = places_of(words, line.written, line.box) if line.box else ()
    return replace(line, text=words, confidence=None, unclear=False, written=written, is_typed=True)


def _with_missed(segments: Sequence[Segment], missed: Mapping[int, str]) -> tuple[Segment, ...]:
    """What was missed comes behind the last line of its page."""
    found = list(segments)
    for page, words in sorted(missed.items(), reverse=True):
        behind = max((n for n, each in enumerate(found) if each.page is not None and each.page <= page), default=-1) + 1
        found[behind:behind] = [Segment(text=line, page=page, is_typed=True) for line in words.splitlines() if line]
    return tuple(found)


def _spliced(
    text: str, before: Sequence[Segment], after: Sequence[Segment], missed: Mapping[int, str]
) -> str:  # fmt: skip
    """The text with its layout kept: each line replaced where it stands; set anew where one cannot be found in it."""
    pieces, reached = [], 0
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        found = _standing(old.text, text, reached)
        if found is None:
            return _set_anew(_with_missed([each for each in after if each.text], missed))
        pieces += [text[reached : found[0]], text[slice(*found)] if old is new else new.text]
        reached = found[1]
        words = missed.get(old.page or 0)
        if words and _is_last_of_its_page(before, number):
            pieces.append(f"\n{words}")
    unseen = [words for page, words in sorted(missed.items()) if page not in {each.page for each in before}]
    joined = PAGE_END.join(filter(None, ["".join([*pieces, text[reached:]]), *unseen]))
    return re.sub(r"\n{3,}", PAGE_END, joined).strip("\n")


def _standing(words: str, text: str, start: int) -> tuple[int, int] | None:
    """From where to where these words stand in the text, however it parts them."""
    gap = text[start : start + LONGEST_GAP]
    begins = start + len(gap) - len(gap.lstrip())
    ends = begins + len(words)
    if words and words == words.strip() and text.startswith(words, begins) and not _goes_on(text, begins, ends):
        return begins, ends
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.compile(rf"(?<!\w){pattern}(?!\w)").search(text, start) if pattern else None
    return found.span() if found else None


def _goes_on(text: str, begins: int, ends: int) -> bool:
    """Whether a word reaches over either end."""
    return any(WORD.match(sign) for sign in (text[max(0, begins - 1) : begins], text[ends : ends + 1]))


def _is_last_of_its_page(segments: Sequence[Segment], number: int) -> bool:
    return all(each.page != segments[number].page for each in segments[number + 1 :])


def _set_anew(segments: Sequence[Segment]) -> str:
    lines: list[str] = []
    for number, each in enumerate(segments):
        is_new_page = number > 0 and each.page != segments[number - 1].page
        lines.append(f"\n{each.text}" if is_new_page else each.text)
    return "\n".join(lines)

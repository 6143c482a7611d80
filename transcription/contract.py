"""What every engine promises: a transcript made of segments, or one of three refusals that say whether to try again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Unreadable(StrEnum):
    """Why the bytes themselves cannot be read; the same bytes will fail the same way every time."""

    BROKEN = "broken"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"


class CannotRead(Exception):
    """The bytes cannot be read; trying again does not help, a person has to look. `.reason` says why."""

    def __init__(self, reason: Unreadable | str, detail: str = "") -> None:
        self.reason = Unreadable(reason)
        self.detail = detail
        super().__init__(f"{self.reason.value}: {detail}" if detail else self.reason.value)


class NoEngine(Exception):
    """No engine or model is to be had at present: the item stays "not transcribed yet" until one appears."""


class NoSuchModel(NoEngine):
    """No model has this name: whoever typed it must mend it."""


class EngineFailed(Exception):
    """The engine crashed, ran out of memory or over its time; the same bytes may well succeed at the next attempt."""


UNSURE_WORD = 0.5
"""A word the engine is less sure of than this is shown as unclear wherever it stands."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """One spoken word exactly as the engine gave it; seconds from the start of the recording as received."""

    text: str
    start: float
    end: float
    confidence: float

    @property
    def is_unclear(self) -> bool:
        """Whether nobody should rely on this word without listening."""
        return self.confidence < UNSURE_WORD


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as parts (0 to 1) of the width and height of a page that stands upright (``PageShape``)."""


@dataclass(frozen=True, kw_only=True)
class WrittenWord:
    """One word on a page: where it stands, and how sure the engine is of it (0 to 1; 1 where it is text already)."""

    text: str
    box: Box
    confidence: float = 1.0

    @property
    def is_unclear(self) -> bool:
        """Whether nobody should rely on this word without looking."""
        return self.confidence < UNSURE_WORD


@dataclass(frozen=True, kw_only=True)
class PageShape:
    """One page of a file: boxes are parts of it once it was turned ``turn`` degrees clockwise (0, 90, 180, 270).

    ``width`` and ``height`` are of the page so turned: pixels of a picture, points of a PDF. ``slant``: degrees by
    which its lines still run downwards to the right.
    """

    number: int
    turn: int = 0
    width: float = 0
    height: float = 0
    slant: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One stretch of speech, or one line or block of a page, in the order it is to be read.

    `start` and `end` are seconds from the start of the recording as received; None for pages. `page` counts from 1;
    None for sound. `confidence` lies between 0 and 1; None where the words stand in the document itself as text.
    `unclear` marks words that must not be relied upon without listening or looking. `words` are those of `text`, in
    order, where the engine tells their times; `speaker` counts the ends of a call from 1 where they are told apart.
    `box` is where it stands on its page and `written` its words, in order, each with its own; `by_hand`: handwriting.
    `is_typed`: a person who saw the page wrote the words; its places are then those of what the engine had read there.
    """

    text: str
    start: float | None = None
    end: float | None = None
    page: int | None = None
    confidence: float | None = None
    unclear: bool = False
    words: tuple[Word, ...] = ()
    speaker: int | None = None
    box: Box | None = None
    written: tuple[WrittenWord, ...] = ()
    by_hand: bool = False
    is_typed: bool = False


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One place of a form that somebody filled in, by the name the form gives it.

    `value` is what they wrote or chose (`yes` for a tick); `words` are as it stands there for a reader. `kind` is text,
    date, choice or tick, or code for what a square code on the page says; `label` is what the form calls it for a
    reader; `page` counts from 1, None where unknown; `box` is where it stands on that page, where it is known.
    """

    name: str
    value: str
    kind: str
    label: str = ""
    page: int | None = None
    words: str = ""
    box: Box | None = None


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """Everything read from one attachment.

    `text` is complete by itself: unclear speech stands in brackets with its time, two speakers are labelled. `engine`
    names engine, version and model. `language` is an ISO 639-1 code where one is known, `language_confidence` how sure
    the engine is of it (0 to 1). `translation` is the machine's English of what was said in another language; empty
    where none was asked for. `note` tells the reader in plain words what the text alone does not show ("No speech was
    heard."). `seconds` is how long a recording plays. `fields` are what was
    filled in where the document is a form, `beside_fields` its text without them (empty where there are none).
    `pages` are the shapes of the pages whose words have boxes.
    """

    text: str
    segments: tuple[Segment, ...]
    engine: str
    language: str | None
    confidence: float | None
    note: str = ""
    language_confidence: float | None = None
    translation: str = ""
    seconds: float | None = None
    fields: tuple[FormField, ...] = ()
    beside_fields: str = ""
    pages: tuple[PageShape, ...] = ()


def told_ticks(fields: Iterable[FormField]) -> str:
    """What is ticked on a page, as a sentence for the note; empty where nothing is."""
    names = dict.fromkeys(field.label for field in fields if field.kind == "tick" and field.value == "yes")
    return f"Ticked: {'; '.join(names)}." if names else ""


def mean_confidence(segments: tuple[Segment, ...]) -> float | None:
    """The mean over recognised segments, weighted by their length in characters; None when nothing was recognised."""
    weighed = [
        (segment.confidence, max(len(segment.text), 1)) for segment in segments if segment.confidence is not None
    ]
    total = sum(weight for _, weight in weighed)
    return sum(confidence * weight for confidence, weight in weighed) / total if total else None


def unclear_note(segments: tuple[Segment, ...]) -> str:
    """The sentence that counts what is marked unclear; empty when nothing is."""
    count = sum(segment.unclear for segment in segments)
    if not count:
        return ""
    return "1 part is unclear." if count == 1 else f"{count} parts are unclear."

"""Writes down what was heard of a recording: marks what is unclear, tells two speakers apart, names what is silent."""

from collections.abc import Sequence
from dataclasses import replace

from transcription.begun import SILENT, Begun, End
from transcription.contract import Segment, Transcript, mean_confidence, unclear_note
from transcription.heard import Heard
from transcription.marking import NO_WORDS, clock, marked
from transcription.windows import Window

NO_SPEECH = "No speech was heard."
LEAST_VOICE_SECONDS = 2.4
"""A window at least this long (edges included) in which no words were made out is shown as such, never dropped."""

LONG_PAUSE_SECONDS = 20.0
MOST_PAUSES_TOLD = 3


def transcript_of(begun: Begun) -> Transcript:
    """The words heard so far; all of them once it is finished."""
    segments = segments_of(begun)
    if not segments:
        note = _speechless(begun) if begun.is_finished else ""
        return Transcript(
            text="", segments=(), engine=begun.engine, language=None, confidence=None, note=note,
            seconds=begun.seconds,
        )  # fmt: skip
    language = max(begun.ends, key=lambda end: _spoken(end.windows)).language
    return Transcript(
        text="\n".join(marked(segment) for segment in segments),
        segments=segments,
        engine=begun.engine,
        language=language.code if language else None,
        language_confidence=round(language.probability, 3) if language else None,
        confidence=mean_confidence(segments),
        note=" ".join(filter(None, _notes(begun, segments))),
        translation="\n".join(_line(one) for one in _in_english(begun)),
        seconds=begun.seconds,
    )


def segments_of(begun: Begun) -> tuple[Segment, ...]:
    """Everything heard so far in the order it was said, each line labelled where two speakers can be told apart."""
    ends = [_segments(end) for end in begun.ends]
    if len([end for end in ends if end]) < 2:
        return tuple(segment for end in ends for segment in end)
    labelled = [
        replace(segment, text=f"Speaker {number}: {segment.text}", speaker=number)
        for number, end in enumerate(ends, start=1)
        for segment in end
    ]
    return tuple(sorted(labelled, key=_start))


def _segments(end: End) -> list[Segment]:
    said = [_segment(one) for one in end.heard if _has_words(one)]
    wordless = [
        Segment(text=NO_WORDS, start=round(window.start, 2), end=round(window.end, 2), confidence=0.0, unclear=True)
        for window in end.windows[: end.finished]
        if window.end - window.start >= LEAST_VOICE_SECONDS and not _is_covered(window, said)
    ]
    return sorted(said + wordless, key=_start)


def _segment(heard: Heard) -> Segment:
    return Segment(
        text=heard.text.strip(),
        start=round(heard.start, 2),
        end=round(heard.end, 2),
        confidence=round(heard.confidence, 3),
        unclear=heard.is_doubtful,
        words=heard.words,
    )


def _has_words(heard: Heard) -> bool:
    """Signs for music and the like are no words: whoever spoke there is shown as a voice without words."""
    return any(sign.isalnum() for sign in heard.text)


def _is_covered(window: Window, said: Sequence[Segment]) -> bool:
    return any(window.holds(segment.start or 0.0, segment.end or 0.0) for segment in said)


def _start(segment: Segment) -> float:
    return segment.start or 0.0


def _spoken(windows: Sequence[Window]) -> float:
    return sum(window.end - window.start for window in windows)


def _speechless(begun: Begun) -> str:
    if begun.sounds == SILENT:
        return f"{NO_SPEECH} The recording is silent."
    return f"{NO_SPEECH} What there is sounds like {begun.sounds}."


def _notes(begun: Begun, segments: tuple[Segment, ...]) -> list[str]:
    """What the words alone do not show: unclear stretches and words, an uncertain language, long pauses."""
    unclear = sum(word.is_unclear for segment in segments if not segment.unclear for word in segment.words)
    words = {0: "", 1: "1 word is unclear."}.get(unclear, f"{unclear} words are unclear.")
    uncertain = [end for end in begun.ends if end.language and end.heard and end.language.is_uncertain]
    silent = _pauses(begun) if begun.is_finished else []
    return [
        unclear_note(segments),
        words,
        "The language is not certain." if uncertain else "",
        f"Nobody speaks from {' or from '.join(silent)}." if silent else "",
    ]


def _pauses(begun: Begun) -> list[str]:
    """The longest stretches in which neither end speaks, in order of time."""
    spoken = sorted((one.start, one.end) for end in begun.ends for one in end.windows)
    edges = [(0.0, 0.0), *spoken, (begun.seconds, begun.seconds)]
    reached, pauses = 0.0, []
    for start, end in edges:
        if start - reached >= LONG_PAUSE_SECONDS:
            pauses.append((reached, start))
        reached = max(reached, end)
    longest = sorted(pauses, key=lambda pause: pause[0] - pause[1])[:MOST_PAUSES_TOLD]
    return [f"{clock(start)} to {clock(end)}" for start, end in sorted(longest)]


def _in_english(begun: Begun) -> list[Segment]:
    ends = [[_segment(one) for one in end.translated if _has_words(one)] for end in begun.ends]
    return sorted((segment for end in ends for segment in end), key=_start)


def _line(segment: Segment) -> str:
    """A translated line begins with its time, for its words are other words than those beside the player."""
    return f"{clock(_start(segment))} {marked(replace(segment, words=()))}"

"""How far a recording has been heard, complete enough to be kept and gone on from in another process."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from transcription.contract import Word
from transcription.heard import Heard, Language
from transcription.windows import Window

SILENT, NOISE, TONES = "silent", "noise", "tones or music"
"""What a recording in which nobody speaks may be."""


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of a call: where there is speech, and what was heard and translated in the first `finished` windows."""

    windows: tuple[Window, ...]
    finished: int = 0
    language: Language | None = None
    heard: tuple[Heard, ...] = ()
    translated: tuple[Heard, ...] = ()

    @property
    def is_finished(self) -> bool:
        return self.finished >= len(self.windows)

    @property
    def reached(self) -> float:
        """Seconds from the start of the recording at which the next window begins."""
        return self.windows[self.finished].start


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A recording of `seconds`, part of it heard by `engine`; `sounds` says of speechless sound what it is."""

    engine: str
    seconds: float
    sounds: str
    ends: tuple[End, ...]

    @property
    def progress(self) -> float:
        """How much of the speech has been heard, 0 to 1."""
        every = [window for end in self.ends for window in end.windows]
        done = [window for end in self.ends for window in end.windows[: end.finished]]
        whole = sum(window.end - window.start for window in every)
        return sum(window.end - window.start for window in done) / whole if whole else 1.0

    @property
    def is_finished(self) -> bool:
        return all(end.is_finished for end in self.ends)

    def as_json(self) -> str:
        """One line, to be kept beside the work or sent to a child."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Begun":
        """The same again; raises ValueError, KeyError or TypeError for anything else."""
        fields = json.loads(text)
        return cls(**{**fields, "ends": tuple(_end(end) for end in fields["ends"])})


def kept_begun(kept: str) -> Begun | None:
    """What was kept of a recording; None where nothing was, or by a version that wrote it down otherwise."""
    try:
        return Begun.from_json(kept) if kept else None
    except (ValueError, KeyError, TypeError):
        return None


def word_from(fields: Mapping[str, Any]) -> Word:
    """A word from its JSON object."""
    return Word(**fields)


def _end(fields: Mapping[str, Any]) -> End:
    language = fields["language"]
    return End(
        windows=tuple(Window(**window) for window in fields["windows"]),
        finished=fields["finished"],
        language=Language(**language) if language else None,
        heard=tuple(_heard(one) for one in fields["heard"]),
        translated=tuple(_heard(one) for one in fields["translated"]),
    )


def _heard(fields: Mapping[str, Any]) -> Heard:
    return Heard(**{**fields, "words": tuple(word_from(word) for word in fields["words"])})

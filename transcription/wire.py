"""The frames that pass between the gateway and its transcribing child process: lengths, a header, the bytes."""

import json
import struct
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from transcription.begun import Begun, word_from
from transcription.contract import (
    CannotRead,
    EngineFailed,
    FormField,
    NoEngine,
    PageShape,
    Segment,
    Transcript,
    WrittenWord,
)

Answer = Transcript | CannotRead | NoEngine | EngineFailed

LENGTHS = struct.Struct(">IQ")
"""Before every frame: the length of its JSON header and of the bytes after it."""


class Outcome(StrEnum):
    """How a child answers; after ``HEARD_SO_FAR`` another answer follows."""

    READ = "read"
    HEARD_SO_FAR = "heard_so_far"
    PUT_ASIDE = "put_aside"
    CANNOT_READ = "cannot_read"
    NO_ENGINE = "no_engine"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a child is told on its command line: engine and model, and how much of the machine it may take."""

    speech_model: str
    speech_engine: str
    models_dir: str
    threads: int
    memory_limit_mb: int
    translates: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Setup":
        return cls(**json.loads(text))


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a child is asked to read. A recording heard in part before goes on from `begun` (its JSON, or empty); after
    `slice_seconds` of work it is put aside, unless they are 0.
    """

    media_type: str
    name: str
    data: bytes
    begun: str = ""
    slice_seconds: float = 0.0

    def as_frame_start(self) -> bytes:
        """Everything before the bytes, which follow unchanged."""
        described = {
            "media_type": self.media_type, "name": self.name, "begun": self.begun, "slice_seconds": self.slice_seconds,
        }  # fmt: skip
        header = json.dumps(described).encode()
        return LENGTHS.pack(len(header), len(self.data)) + header

    @classmethod
    def from_frame(cls, header: bytes, data: bytes) -> "Task":
        return cls(data=data, **json.loads(header))


@dataclass(frozen=True, kw_only=True)
class HeardSoFar:
    """A child's word that it is still at work, or that it has put a recording aside."""

    begun: Begun
    is_put_aside: bool


def answer_frame(answer: Answer | HeardSoFar) -> bytes:
    """A child's answer as one frame."""
    header = json.dumps(_described(answer)).encode()
    return LENGTHS.pack(len(header), 0) + header


def answer_from(header: bytes) -> Transcript | HeardSoFar:
    """The transcript in an answer or how far it is, or the refusal in it, raised."""
    fields = json.loads(header)
    outcome = Outcome(fields.pop("outcome"))
    if outcome is Outcome.CANNOT_READ:
        raise CannotRead(fields["reason"], fields["detail"])
    if outcome is Outcome.NO_ENGINE:
        raise NoEngine(fields["detail"])
    if outcome is Outcome.FAILED:
        raise EngineFailed(fields["detail"])
    if outcome is not Outcome.READ:
        return HeardSoFar(begun=Begun.from_json(fields["begun"]), is_put_aside=outcome is Outcome.PUT_ASIDE)
    segments = tuple(_segment(segment) for segment in fields.pop("segments"))
    filled_in = tuple(FormField(**_with_box(field)) for field in fields.pop("fields"))
    pages = tuple(PageShape(**page) for page in fields.pop("pages"))
    return Transcript(segments=segments, fields=filled_in, pages=pages, **fields)


def _segment(fields: dict[str, Any]) -> Segment:
    words = tuple(word_from(word) for word in fields["words"])
    on_page = tuple(WrittenWord(**_with_box(word)) for word in fields["written"])
    return Segment(**{**_with_box(fields), "words": words, "written": on_page})


def _with_box(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "box": tuple(fields["box"]) if fields["box"] else None}


def _described(answer: Answer | HeardSoFar) -> dict[str, object]:
    if isinstance(answer, HeardSoFar):
        outcome = Outcome.PUT_ASIDE if answer.is_put_aside else Outcome.HEARD_SO_FAR
        return {"outcome": outcome, "begun": answer.begun.as_json()}
    if isinstance(answer, Transcript):
        return {"outcome": Outcome.READ, **asdict(answer)}
    if isinstance(answer, CannotRead):
        return {"outcome": Outcome.CANNOT_READ, "reason": answer.reason.value, "detail": answer.detail}
    outcome = Outcome.NO_ENGINE if isinstance(answer, NoEngine) else Outcome.FAILED
    return {"outcome": outcome, "detail": str(answer)}

"""The frames that pass between the gateway and its transcribing child process: lengths, a header, the bytes."""

import json
import struct
from dataclasses import asdict, dataclass
from enum import StrEnum

from transcription.contract import CannotRead, EngineFailed, NoEngine, Segment, Transcript

LENGTHS = struct.Struct(">IQ")
"""Before every frame: the length of its JSON header and of the bytes after it."""


class Outcome(StrEnum):
    """How a child answers."""

    READ = "read"
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

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Setup":
        return cls(**json.loads(text))


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a child is asked to read."""

    media_type: str
    name: str
    data: bytes

    def as_frame_start(self) -> bytes:
        """Everything before the bytes, which follow unchanged."""
        header = json.dumps({"media_type": self.media_type, "name": self.name}).encode()
        return LENGTHS.pack(len(header), len(self.data)) + header

    @classmethod
    def from_frame(cls, header: bytes, data: bytes) -> "Task":
        return cls(data=data, **json.loads(header))


def answer_frame(answer: Transcript | CannotRead | NoEngine | EngineFailed) -> bytes:
    """A child's answer as one frame."""
    header = json.dumps(_described(answer)).encode()
    return LENGTHS.pack(len(header), 0) + header


def answer_from(header: bytes) -> Transcript:
    """The transcript in an answer, or the refusal in it, raised."""
    fields = json.loads(header)
    outcome = Outcome(fields.pop("outcome"))
    if outcome is Outcome.CANNOT_READ:
        raise CannotRead(fields["reason"], fields["detail"])
    if outcome is Outcome.NO_ENGINE:
        raise NoEngine(fields["detail"])
    if outcome is Outcome.FAILED:
        raise EngineFailed(fields["detail"])
    segments = tuple(Segment(**segment) for segment in fields.pop("segments"))
    return Transcript(segments=segments, **fields)


def _described(answer: Transcript | CannotRead | NoEngine | EngineFailed) -> dict[str, object]:
    if isinstance(answer, Transcript):
        return {"outcome": Outcome.READ, **asdict(answer)}
    if isinstance(answer, CannotRead):
        return {"outcome": Outcome.CANNOT_READ, "reason": answer.reason.value, "detail": answer.detail}
    outcome = Outcome.NO_ENGINE if isinstance(answer, NoEngine) else Outcome.FAILED
    return {"outcome": outcome, "detail": str(answer)}

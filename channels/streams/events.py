"""What a stream of a call's sound tells us, whoever the provider is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

BYTES_A_SECOND = 8000
"""Telephone sound: 8 kHz, one byte a sample (G.711 mu-law)."""
SILENCE = b"\xff"
"""The mu-law code of no sound."""
LONGEST_SECONDS = 4 * 3600
"""As long as the longest recording the transcription takes; a stream that goes on beyond it is ended."""


@dataclass(frozen=True, kw_only=True)
class StreamBegan:
    """A stream with its provider's id, the call it is of, and what we gave along when we asked for it."""

    stream: str
    call: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SoundHeard:
    """Some of the caller's sound: mu-law bytes, the frame's number from 1, and milliseconds since the beginning.

    None where the provider leaves a number out.
    """

    sound: bytes
    number: int | None = None
    at_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class StreamEnded:
    """The provider says that no more comes."""


StreamEvent = StreamBegan | SoundHeard | StreamEnded


class NotAStream(Exception):
    """What came is no message of a stream: it ends here, and what came before is kept."""


class Hearing(Protocol):
    """One stream that is being kept."""

    def hear(self, heard: SoundHeard) -> None:
        """Keep this in its place within a second; raises ``NotAStream`` when it goes on for too long."""

    def end(self) -> None:
        """No more comes, whether the provider said so or the connection broke; may be called again."""


class Listening(Protocol):
    """Who keeps streams."""

    def begin(self, began: StreamBegan) -> Hearing | None:
        """A new one; None when it cannot be kept: too many, no room on the disk, or it is being kept already."""

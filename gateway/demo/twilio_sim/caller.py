"""What a pretend caller does during a call: presses keys, speaks, says nothing, hangs up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.demo.twilio_sim.sound import read_wav, tone


@dataclass(frozen=True)
class Press:
    """Press keys at the next Gather, Record or Connect, ``wait`` seconds into the prompt (cutting it short)."""

    digits: str
    wait: float = 0.5


@dataclass(frozen=True)
class Speak:
    """Say something: 8 kHz 16-bit PCM, and the words a speech Gather would recognise."""

    pcm: bytes
    text: str = ""

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return len(self.pcm) / 16000


@dataclass(frozen=True)
class Silent:
    """Stay on the line for some seconds and say nothing."""

    seconds: float


@dataclass(frozen=True)
class HangUp:
    """Hang up when the script gets here or, with ``at``, at that second whatever is happening."""

    at: float | None = None


Action = Press | Speak | Silent | HangUp


def parse_script(text: str) -> list[Action]:
    """``press:1,speak:note.wav,speak:3,silent:2,hangup`` or ``hangup@12`` as actions; ValueError for any other."""
    return [_action(item) for item in text.split(",") if item]


def _action(item: str) -> Action:
    name, _, value = item.partition(":")
    if name.startswith("hangup"):
        return HangUp(float(name.partition("@")[2])) if "@" in name else HangUp()
    if name == "press":
        return Press(value)
    if name == "silent":
        return Silent(float(value))
    if name == "speak":
        return Speak(read_wav(Path(value)) if value.endswith(".wav") else tone(float(value)))
    raise ValueError(f"unknown action {item!r}")

"""What a line shall do next: plain data that each telephony provider's adapter puts into its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.calls.steps import Step

ENGLISH = "en-GB"
LONGEST_MESSAGE = 600  # seconds
PAUSE = 10  # seconds of silence that end a message: a crying child pauses
CHOOSING = 6  # seconds for a key after the last word
FINDING_A_KEY = 15  # seconds for each key of a reference: its letters have to be found on the keys
RINGING = 20  # seconds before a number counts as not answered


@dataclass(frozen=True, kw_only=True)
class Say:
    """Read words aloud; ``language`` is BCP 47 and chooses the voice."""

    words: str
    language: str = ENGLISH


@dataclass(frozen=True, kw_only=True)
class Menu:
    """Say all of it and take keys meanwhile: ``keys`` of them, fewer when ``#`` may end them. Nothing: go on below.

    ``hears``: words said count too (``KeysPressed.words``); these phrases are likely.
    """

    says: tuple[Say, ...]
    then: Step
    keys: int = 1
    may_end_early: bool = False
    hears: tuple[str, ...] = ()
    patience: int = CHOOSING


@dataclass(frozen=True, kw_only=True)
class Record:
    """Beep and record the caller; when it stops go to ``then``, when nothing at all was recorded go on below.

    Only ``#`` ends it: a cheek presses other keys.
    """

    then: Step
    longest: int = LONGEST_MESSAGE
    pause: int = PAUSE


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """Ring a person, ask them alone at ``whisper`` whether they take the call, and go to ``then`` when it is over.

    ``recorded``: both sides are recorded from the moment they are joined.
    """

    number: str
    then: Step
    whisper: Step
    recorded: bool = True
    patience: int = RINGING


@dataclass(frozen=True, kw_only=True)
class Listen:
    """Send us the caller's sound as it is spoken, with these facts, while the call goes on."""

    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StopListening:
    """Send us no more of the caller's sound."""


@dataclass(frozen=True, kw_only=True)
class GoTo:
    """Go on at another step."""

    step: Step


@dataclass(frozen=True, kw_only=True)
class HangUp:
    """End the call, or this side of it."""


@dataclass(frozen=True, kw_only=True)
class Join:
    """Join the person who was rung to the caller."""


Command = Say | Menu | Record | Bridge | Listen | StopListening | GoTo | HangUp | Join
Document = tuple[Command, ...]
"""Commands in order; the last of them always goes on, hangs up or joins."""

"""Where a call stands when the line asks how to go on, and the languages its caller may be spoken to in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from channels.calls.asking import Answer
from channels.calls.commands import Say
from channels.calls.events import CallEvent, KeysPressed
from channels.calls.steps import SoFar
from channels.contract import Receipt
from channels.spoken import Language, SpokenWords


@dataclass(frozen=True, kw_only=True)
class Here:
    """Where a call stands: what happened, what it has come to by that, when, and what is known for the answer."""

    event: CallEvent
    so_far: SoFar
    now: datetime
    receipt: Receipt | None = None
    answer: Answer | None = None

    @property
    def keys(self) -> str:
        """The keys that were pressed, if any were."""
        return self.event.keys if isinstance(self.event, KeysPressed) else ""


def language_of(words: SpokenWords, so_far: SoFar) -> Language | None:
    """The one that was chosen, None for English."""
    return next((each for each in words.languages if each.code == so_far.language), None)


def offers(words: SpokenWords, so_far: SoFar) -> tuple[Say, ...]:
    """That we can ask in other languages, said in each of them, to a caller who has not chosen one."""
    others = () if so_far.language else words.languages
    return tuple(Say(words=each.offer, language=each.voice) for each in others)

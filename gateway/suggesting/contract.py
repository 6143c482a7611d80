"""What everything that suggests from words promises: a rule or a model alike, each suggestion with its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.proposing.contract import Said
from storage.suggestion import About


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """One suggestion, before it is checked.

    ``value`` is a severity, a kind or a factor (``gateway.suggesting.factors``); ``rule`` the name of what found it and
    ``says`` why, in a few plain words. ``start`` and ``end`` are characters of the text and ``words`` exactly what
    stands there: anything else is dropped.
    """

    about: About
    value: str
    rule: str
    says: str
    words: str
    start: int
    end: int


class Suggester(Protocol):
    """A set of rules, or a model on this machine. It sends nothing anywhere."""

    name_and_version: str
    """Kept with every suggestion, such as ``words in context 1``."""

    def suggest(self, said: Said) -> Sequence[Suggested]:
        """What it finds, the same for the same words; what the words ask a machine to do is no more than words."""

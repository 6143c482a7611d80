"""The labelled sample of invented sentences: what each should suggest, and which trap it sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gateway.guards import rank
from gateway.proposing.contract import Kind, Said
from gateway.suggesting.contract import Suggested
from gateway.suggesting.rules import Rules
from storage.suggestion import About

FOLDER = Path(__file__).parents[2] / "samples" / "suggesting"
RULES = Rules()


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """``wanted``: the severity, ``none``, or ``lower`` for less than it would be now; ``of``: its rule or its trap."""

    wanted: str
    of: str
    words: str

    @property
    def holds(self) -> bool:
        """Whether the rules say of it what they should."""
        found = severity_of(self.words)
        if self.wanted == "lower":
            return found in ("", "blue", "green", "amber") and rank(found or "unrated") < rank("red")
        return found == ("" if self.wanted == "none" else self.wanted)


def labelled(name: str) -> Sequence[Labelled]:
    """The sentences of one file of the sample."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    parts = (line.split("|", 2) for line in lines if line.strip())
    return [Labelled(wanted=wanted, of=of, words=words) for wanted, of, words in parts]


def severities_in(words: str) -> Sequence[Suggested]:
    """What is suggested of how serious it is."""
    said = Said(text=words, kind=Kind.TEXT, on=date(2026, 11, 23))
    return [each for each in RULES.suggest(said) if each.about == About.SEVERITY]


def severity_of(words: str) -> str:
    """The gravest of that; empty for nothing."""
    return max((each.value for each in severities_in(words)), key=rank, default="")

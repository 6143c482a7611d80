"""Measures a transcript against what was really said or written, for councils who must know before they rely on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import jiwer
import numpy as np


@dataclass(frozen=True, kw_only=True)
class WordErrors:
    """What has to be mended in a transcript of `said` words; sums of several are errors over all of them."""

    said: int
    substituted: int
    inserted: int
    deleted: int

    @property
    def rate(self) -> float:
        """Errors for each word said; where nothing was said, 1 for any word at all."""
        wrong = self.substituted + self.inserted + self.deleted
        return wrong / self.said if self.said else float(bool(wrong))

    def __add__(self, other: "WordErrors") -> "WordErrors":
        return WordErrors(
            said=self.said + other.said,
            substituted=self.substituted + other.substituted,
            inserted=self.inserted + other.inserted,
            deleted=self.deleted + other.deleted,
        )


NO_ERRORS = WordErrors(said=0, substituted=0, inserted=0, deleted=0)


def character_error_rate(read: str, truth: str) -> float:
    """Characters to insert, delete or replace, as a part of the truth's length; white space counts as one blank."""
    return _error_rate(list(" ".join(read.split())), list(" ".join(truth.split())))


def word_errors(heard: str, truth: str) -> WordErrors:
    """Words replaced, added and left out (counted by jiwer); case and outer punctuation are ignored, numbers are not
    rewritten: "4" for "four" is an error.
    """
    counted = jiwer.process_words(" ".join(_words(truth)), " ".join(_words(heard)))
    return WordErrors(
        said=counted.hits + counted.substitutions + counted.deletions,
        substituted=counted.substitutions,
        inserted=counted.insertions,
        deleted=counted.deletions,
    )


def word_error_rate(heard: str, truth: str) -> float:
    """Words to insert, delete or replace, as a part of the words said; see `word_errors`."""
    return word_errors(heard, truth).rate


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Fewest insertions, deletions and replacements that turn one into the other (Levenshtein 1966)."""
    numbers = {item: number for number, item in enumerate(dict.fromkeys((*one, *other)))}
    target = np.array([numbers[item] for item in other], np.int64)
    steps = np.arange(len(target) + 1)
    row = steps.copy()
    for position, item in enumerate(one, start=1):
        kept_or_replaced = row[:-1] + (target != numbers[item])
        best = np.concatenate(([position], np.minimum(kept_or_replaced, row[1:] + 1)))
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])


def _error_rate(found: Sequence[str], truth: Sequence[str]) -> float:
    if not truth:
        return 1.0 if found else 0.0
    return edit_distance(found, truth) / len(truth)


def _words(text: str) -> list[str]:
    stripped = (word.strip(".,;:!?\"'()[]-–—“”‘’").lower() for word in text.split())
    return [word for word in stripped if word]

"""Measures a transcript against what was really said or written, for councils who must know before they rely on it."""

from collections.abc import Sequence

import numpy as np


def character_error_rate(read: str, truth: str) -> float:
    """Characters to insert, delete or replace, as a part of the truth's length; white space counts as one blank."""
    return _error_rate(list(" ".join(read.split())), list(" ".join(truth.split())))


def word_error_rate(heard: str, truth: str) -> float:
    """Words to insert, delete or replace, as a part of the words said; case and outer punctuation are ignored."""
    return _error_rate(_words(heard), _words(truth))


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

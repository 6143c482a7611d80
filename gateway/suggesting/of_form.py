"""What the answers of our own form suggest: each answer by its own words, never the questions printed beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gateway.claims import Stated
from gateway.suggesting.gate import Found
from gateway.suggesting.keeping import Suggesting
from storage.claim import Entity


def found_in_form(
    suggesting: Suggesting, stated: Sequence[Stated], on: date
) -> list[tuple[Found, dict[str, object]]]:  # fmt: skip
    """With the place of the answer; of who told us nothing is looked at. A tick for danger has its own alarm."""
    return [(found, dict(each.place)) for each in stated for found in _found(suggesting, each, on)]


def _found(suggesting: Suggesting, each: Stated, on: date) -> Iterator[Found]:
    if each.entity is Entity.REFERRER or not each.words.strip():
        return
    yield from suggesting.found_in_words(each.words, on)

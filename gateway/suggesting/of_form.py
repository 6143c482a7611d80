"""What the answers of our own form suggest: each answer by its own words, never the questions printed beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gateway.claims import Stated
from gateway.standard_form.meaning import meant
from gateway.suggesting.contract import Suggested
from gateway.suggesting.gate import Found
from gateway.suggesting.keeping import Suggesting
from storage.claim import Entity
from storage.referral import Severity
from storage.suggestion import About

DANGER = (Entity.CONCERN, "immediate_danger")
EXTRACTOR = "standard form"


def found_in_form(
    suggesting: Suggesting, stated: Sequence[Stated], on: date
) -> list[tuple[Found, dict[str, object]]]:  # fmt: skip
    """With the place of the answer; of who told us nothing is looked at."""
    return [(found, dict(each.place)) for each in stated for found in _found(suggesting, each, on)]


def _found(suggesting: Suggesting, each: Stated, on: date) -> Iterator[Found]:
    if each.entity is Entity.REFERRER or not each.words.strip():
        return
    if (each.entity, each.field) == DANGER:
        if meant("yes_no", each.value) == "yes":
            yield Found(suggested=_says_danger(each.words), extractor=EXTRACTOR)
        return
    yield from suggesting.found_in_words(each.words, on)


def _says_danger(words: str) -> Suggested:
    return Suggested(
        about=About.SEVERITY, value=Severity.RED, rule="danger now",
        says="the form says that a child is in danger now", words=words, start=0, end=len(words),
    )  # fmt: skip

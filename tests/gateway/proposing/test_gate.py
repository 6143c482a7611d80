"""What passes the gate: words that stand there, within limits, from whatever answers in time and whatever it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from gateway.proposing.contract import Kind, Proposed, Said
from gateway.proposing.gate import MOST, Found, Gate
from storage.claim import Entity

TEXT = "Albie Crane lives at 9 Elm Row. Albie Crane is six."
SAID = Said(text=TEXT, kind=Kind.MAIL, on=date(2026, 11, 23))
NAME = Proposed(
    entity=Entity.CHILD, entity_no=1, field="name", value="Albie Crane", words="Albie Crane", start=0, end=11,
    confidence=0.9, identifies_referrer=False,
)  # fmt: skip


class Says:
    """A proposer that says what it is given."""

    def __init__(self, *proposals: object, name: str = "a model 1") -> None:
        self.name_and_version, self._proposals = name, proposals

    def propose(self, said: Said) -> Sequence[Proposed]:
        return self._proposals  # type: ignore[return-value]


class Fails:
    """A proposer that crashes."""

    name_and_version = "a broken model 1"

    def propose(self, said: Said) -> Sequence[Proposed]:
        raise RuntimeError("out of memory")


class Waits:
    """A proposer that answers once it is let."""

    name_and_version = "a slow model 1"

    def __init__(self) -> None:
        self.go_on, self.asked = threading.Event(), 0

    def propose(self, said: Said) -> Sequence[Proposed]:
        self.asked += 1
        self.go_on.wait(10)
        return (NAME,)


def passed(*proposals: object) -> list[Proposed]:
    return [each.proposed for each in Gate([Says(*proposals)]).found_in(SAID)]


def test_what_stands_there_passes_with_the_name_of_what_found_it() -> None:
    assert Gate([Says(NAME)]).found_in(SAID) == (Found(proposed=NAME, extractor="a model 1"),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "Albie Crone"}, {"words": " "}, {"value": ""}, {"value": "x" * 301}, {"field": "Name!"},
        {"entity": "somebody"}, {"entity_no": 100}, {"confidence": "high"}, {"words": None},
    ],
)  # fmt: skip
def test_what_does_not_stand_there_or_says_nothing_is_dropped(wrong: dict[str, object]) -> None:
    assert passed(replace(NAME, **wrong)) == []  # type: ignore[arg-type]


def test_a_place_that_is_a_little_off_is_put_right_by_the_words() -> None:
    (found,) = passed(replace(NAME, start=3, end=5))
    assert (found.start, found.end) == (0, 11)


def test_who_told_us_and_adults_are_sealed_whatever_a_model_says() -> None:
    for entity in (Entity.REFERRER, Entity.ADULT):
        (found,) = passed(replace(NAME, entity=entity))
        assert found.identifies_referrer
    assert not passed(NAME)[0].identifies_referrer


def test_nothing_is_taken_from_what_is_quoted_and_no_more_than_a_reader_settles() -> None:
    quoted = replace(SAID, apart=((0, 31),))
    assert Gate([Says(NAME)]).found_in(quoted) == ()
    many = [replace(NAME, field="when", value=f"{number}", entity_no=number % 90) for number in range(3 * MOST)]
    text = replace(SAID, text="Albie Crane " * 3 * MOST)
    placed = [replace(each, start=12 * place, end=12 * place + 11) for place, each in enumerate(many)]
    assert len(Gate([Says(*placed)]).found_in(text)) == MOST


def test_the_same_found_twice_is_kept_once_as_the_first_found_it() -> None:
    again = replace(NAME, confidence=0.5, value="Albie Crane.")
    found = Gate([Says(NAME), Says(again, replace(NAME, start=32, end=43), name="another 2")]).found_in(SAID)
    assert [each.extractor for each in found] == ["a model 1"]


def test_one_that_crashes_takes_nothing_from_the_others() -> None:
    assert [each.proposed for each in Gate([Fails(), Says(NAME), Fails()]).found_in(SAID)] == [NAME]


def test_one_that_is_slow_is_left_behind_and_not_asked_again_meanwhile() -> None:
    slow = Waits()
    gate = Gate([Says(), slow], seconds=0.05)
    assert gate.found_in(SAID) == () and gate.found_in(SAID) == () and slow.asked == 1
    slow.go_on.set()
    for _ in range(500):
        if gate.found_in(SAID):
            break
        time.sleep(0.01)
    assert slow.asked > 1

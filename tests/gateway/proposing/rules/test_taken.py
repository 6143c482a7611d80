"""A place that is taken stays taken, and a text made of values alone keeps nobody waiting."""

from __future__ import annotations

import time
from datetime import date
from itertools import product
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.proposing.contract import Kind, Said
from gateway.proposing.rules import Rules
from gateway.proposing.rules.prepared import MOST
from gateway.proposing.rules.taken import Taken

NAMES = ["".join(letters).capitalize() for letters in product("bcdfghklmn", ascii_lowercase, ascii_lowercase)]
PLACES = st.tuples(st.integers(0, 60), st.integers(1, 9)).map(lambda place: (place[0], sum(place)))


@given(st.lists(PLACES, max_size=30))
def test_of_places_that_overlap_only_the_first_is_taken(places: list[tuple[int, int]]) -> None:
    taken, kept = Taken(), list[tuple[int, int]]()
    for start, end in places:
        is_free = not any(start < b and a < end for a, b in kept)
        assert taken.take(start, end) is is_free
        kept += [(start, end)] if is_free else []


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"son {name}x, " for name in NAMES),
        "Mr Bob " + "Bob " * (MOST // 4),
        "".join(f"NT{n % 9 + 1} {n % 7 + 1}AB " for n in range(MOST // 8)),
    ],
    ids=["names", "one name", "postcodes"],
)
def test_a_text_as_long_as_is_looked_at_made_of_values_alone_takes_no_longer_than_a_moment(text: str) -> None:
    begun = time.process_time()
    found = Rules().propose(Said(text=text[:MOST], kind=Kind.LETTER, on=date(2026, 11, 20)))
    assert found and time.process_time() - begun < 3.0

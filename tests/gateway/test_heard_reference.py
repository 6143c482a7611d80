"""A reference read out on the telephone is found in the transcript."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.heard_reference import find_spoken
from gateway.reference import EXAMPLE, draw
from gateway.saying import read_out_reference, spoken_reference


@pytest.mark.parametrize(
    "transcript",
    [
        "My reference is KMR-4729-HX, thank you.",
        "It's kilo mike romeo four seven two nine hotel x-ray.",
        "K for Kilo, M for Mike, R for Romeo. Then 4729. Then H for Hotel, X for X-ray.",
        "K M R, 4 7 2 9, H X. It happened again.",
        "K as in kite, M as in mother, R for rabbit, dash, four 7 two 9, hotel, ex-ray, and I saw him at 9.",
    ],
)
def test_it_is_found_however_it_was_read_out(transcript: str) -> None:
    assert find_spoken(transcript) == [EXAMPLE]


@pytest.mark.parametrize(
    "transcript",
    [
        "",
        "Romeo is four and Mike is seven. They live at the hotel, two nine Kilo Street.",
        "My number is oh seven seven double oh nine hundred one two three.",
        "kilo mike romeo four seven two nine hotel zulu",
    ],
)
def test_nothing_is_heard_where_nothing_was_read_out(transcript: str) -> None:
    assert find_spoken(transcript) == []


@given(st.randoms(use_true_random=False))
def test_what_we_read_out_can_be_read_back(random: Random) -> None:
    reference = draw(random)

    assert find_spoken(f"Hello. {spoken_reference(reference)} {spoken_reference(reference)} Bye.") == [reference]
    assert find_spoken(f"Hello, it is {read_out_reference(reference)}, bye.") == [reference]

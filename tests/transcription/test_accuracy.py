"""Error rates count what has to be mended, and nothing else."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.accuracy import (
    NO_ERRORS,
    WordErrors,
    character_error_rate,
    edit_distance,
    word_error_rate,
    word_errors,
)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("same", "same", 0)],
)
def test_the_distance_is_the_number_of_corrections(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


@given(st.text(alphabet="abc ", max_size=30), st.integers(0, 5), st.randoms(use_true_random=False))
def test_so_many_changes_are_never_counted_as_more(text: str, changes: int, chance: random.Random) -> None:
    changed = list(text)
    for _ in range(changes):
        at = chance.randint(0, len(changed))
        changed[at : at + chance.randint(0, 1)] = chance.choice([[], ["x"]])
    assert edit_distance(text, changed) <= changes


@given(st.text(max_size=25), st.text(max_size=25))
def test_the_distance_is_the_same_both_ways_and_at_least_the_difference_in_length(one: str, other: str) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) >= abs(len(one) - len(other))


def test_white_space_is_folded_in_character_errors() -> None:
    assert character_error_rate("Dear \n\n team", "Dear team") == 0.0
    assert character_error_rate("Dear tam", "Dear team") == pytest.approx(1 / 9)


def test_case_and_punctuation_are_no_word_errors_but_a_missing_word_is() -> None:
    assert word_error_rate("the boy has a bruise", "The boy has a bruise.") == 0.0
    assert word_error_rate("the boy has bruise", "The boy has a bruise.") == pytest.approx(0.2)


def test_words_where_there_should_be_none_are_all_wrong() -> None:
    assert word_error_rate("thank you", "") == 1.0
    assert word_error_rate("", "") == 0.0


def test_words_replaced_added_and_left_out_are_told_apart() -> None:
    errors = word_errors("the girl has a a bruise on back", "The boy has a bruise on his back.")
    assert errors == WordErrors(said=8, substituted=1, inserted=1, deleted=1)
    assert errors.rate == pytest.approx(3 / 8)


def test_numbers_are_not_rewritten_so_digits_for_words_count() -> None:
    assert word_errors("flat 4", "flat four") == WordErrors(said=2, substituted=1, inserted=0, deleted=0)


def test_errors_over_all_recordings_weigh_each_word_the_same() -> None:
    short, long = word_errors("no", "yes"), word_errors("a b c d e f g h i", "a b c d e f g h i")
    assert (short + long).rate == pytest.approx(0.1)
    assert NO_ERRORS.rate == 0.0

"""What is typed is understood, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.searching.typed import LONGEST, MOST_TERMS, cleaned, meant
from storage.searching_asked import Term


@given(some.text(max_size=600))
def test_nothing_that_is_typed_means_anything_to_a_database(typed: str) -> None:
    what = meant(typed)
    asked = (*what.exactly.all_of, *(what.wider.all_of if what.wider else ()))
    assert all(word.isalnum() for group in asked for term in group for word in term.words)
    assert all(term.words for group in asked for term in group)
    assert len(what.exactly.all_of) <= MOST_TERMS and len(cleaned(typed)) <= LONGEST


@pytest.mark.parametrize("typed", ["kmr-4729-hx", "KMR 4729 HX", " kmr4729hx ", "KMR–4729–HX", "KMR 47Z9 HX"])
def test_a_whole_reference_is_one_with_its_slips(typed: str) -> None:
    what = meant(typed)
    assert what.reference == "KMR-4729-HX" and what.is_only_reference


def test_a_reference_among_words_is_looked_up_too() -> None:
    what = meant("mother of KMR-4729-HX rang")
    assert what.reference == "KMR-4729-HX" and not what.is_only_reference
    assert (Term(words=("mother",)),) in what.exactly.all_of


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("07700 900123", "+447700900123"), ("00447700900123", "+447700900123"), ("01632 960 001", "+441632960001"),
        ("Jo@example.org", "Jo@example.org"), ("rang from (01632) 960001", "+441632960001"),
    ],
)  # fmt: skip
def test_a_number_or_mail_address_may_be_that_of_who_told_us(typed: str, value: str) -> None:
    assert [each.value for each in meant(typed).addresses] == [value]


@pytest.mark.parametrize("typed", ["7 March 2019", "NR1 4AB", "KMR 47", "ends 123", "flat 12", "1234567"])
def test_other_numbers_are_nobodys(typed: str) -> None:
    assert meant(typed).addresses == ()


def test_short_words_and_numbers_are_no_beginnings() -> None:
    wider = meant("an 12 smit").wider
    assert wider is not None
    assert [group[-1].begins for group in wider.all_of] == [False, False, True]

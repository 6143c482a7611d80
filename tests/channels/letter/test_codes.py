"""What stands on paper of ours is read back, however it was typed or printed."""

from datetime import date

import pytest

from channels.letter.codes import Code, OnPaper, read, written
from storage.columns import new_id

CODES = [
    Code(says=OnPaper.NEXT),
    Code(says=OnPaper.NEXT, arrived_on=date(2026, 11, 20)),
    Code(says=OnPaper.RETURNED),
    Code(says=OnPaper.LETTER, notice_id=new_id()),
]


@pytest.mark.parametrize("code", CODES, ids=lambda code: written(code)[:25])
def test_a_code_is_read_back_whatever_the_case_it_was_typed_in(code: Code) -> None:
    assert read(written(code)) == read(f" {written(code).lower()}\n") == code


@pytest.mark.parametrize(
    "text", ["", "https://example.org", "FRONTDOOR", "FRONTDOOR:LETTER", "FRONTDOOR:OTHER:1", "12"]
)
def test_what_is_not_ours_says_nothing(text: str) -> None:
    assert read(text) is None


def test_a_day_that_is_none_is_left_out() -> None:
    assert read("FRONTDOOR:NEXT:2026-13-45") == Code(says=OnPaper.NEXT)

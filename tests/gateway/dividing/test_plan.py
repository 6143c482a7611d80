"""Which pages of a scan make a letter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dividing.plan import Plan, Split, plan
from storage.sheet import SheetKind
from transcription.sheets.contract import SeenPage

NEXT, DATED, RETURNED = "FRONTDOOR:NEXT", "FRONTDOOR:NEXT:2026-11-19", "FRONTDOOR:RETURNED"
OURS, ANOTHER = "FRONTDOOR:LETTER:0B7C", "FRONTDOOR:LETTER:99AF"
PAGE, BLANK = ".", "-"


def planned(*pages: str, split: Split = Split.CODES_AND_BLANKS) -> Plan:
    return plan([seen(number, what) for number, what in enumerate(pages, 1)], split)


def seen(number: int, what: str) -> SeenPage:
    codes = () if what in {PAGE, BLANK} else (what,)
    return SeenPage(number=number, width=595, height=842, is_blank=what == BLANK, codes=codes)


def numbers(found: Plan) -> list[tuple[int, ...]]:
    return [letter.pages for letter in found.letters]


@pytest.mark.parametrize(
    ("pages", "letters"),
    [
        (".", [(1,)]),
        ("..", [(1, 2)]),
        (".-.", [(1,), (3,)]),
        ("..-.", [(1, 2), (4,)]),
        ("-.--.-", [(2,), (5,)]),
        (".-.-.-", [(1, 2, 3, 4, 5, 6)]),
        (".-.---.-", [(1, 3), (7,)]),
        (".-", [(1, 2)]),
        ("..-", [(1, 2, 3)]),
        ("---", [(1, 2, 3)]),
    ],
)
def test_a_blank_page_parts_letters_but_the_blank_backs_of_sheets_do_not(
    pages: str, letters: list[tuple[int, ...]]
) -> None:
    assert numbers(planned(*pages)) == letters


def test_where_there_are_separators_a_blank_page_is_the_back_of_a_sheet() -> None:
    found = planned(NEXT, ".", "-", ".", "-", NEXT, "-", ".", NEXT)
    assert numbers(found) == [(2, 4), (8,)]
    assert [page.kind for page in found.pages[:3]] == [SheetKind.SEPARATOR, SheetKind.PAGE, SheetKind.BLANK]


def test_separators_at_both_ends_make_no_empty_letters() -> None:
    assert numbers(planned(NEXT, NEXT, ".", NEXT, "PATCHT", ".", NEXT)) == [(3,), (6,)]


def test_a_separator_before_the_only_letter_is_left_out_of_it() -> None:
    found = planned(NEXT, ".", ".")
    assert numbers(found) == [(2, 3)]
    assert not found.is_the_file


def test_a_letter_with_nothing_but_blank_pages_beside_it_stays_as_it_came() -> None:
    assert planned(".", ".", "-").is_the_file


def test_separators_and_blanks_alone_are_one_letter_that_a_person_looks_at() -> None:
    assert numbers(planned(NEXT, "-", NEXT)) == [(1, 2, 3)]


def test_blank_pages_part_nothing_where_only_codes_may() -> None:
    assert numbers(planned(".", "-", ".", split=Split.CODES)) == [(1, 2, 3)]
    assert numbers(planned(".", NEXT, ".", split=Split.CODES)) == [(1,), (3,)]


def test_nothing_is_parted_where_that_was_asked_for_and_the_day_is_read_all_the_same() -> None:
    found = planned(DATED, ".", "-", NEXT, ".", split=Split.NO)
    assert numbers(found) == [(1, 2, 3, 4, 5)]
    assert found.letters[0].arrived_on == date(2026, 11, 19)


def test_the_day_on_a_separator_is_that_of_the_letter_behind_it_and_of_no_other() -> None:
    found = planned(".", DATED, ".", NEXT, ".", "FRONTDOOR:NEXT:2026-11-20", ".")
    days = [None, date(2026, 11, 19), None, date(2026, 11, 20)]
    assert [letter.arrived_on for letter in found.letters] == days


def test_each_letter_of_ours_in_returned_post_is_one_of_its_own() -> None:
    found = planned(".", RETURNED, OURS, ".", ANOTHER, NEXT, ".")
    assert numbers(found) == [(1,), (3, 4), (5,), (7,)]
    assert [(letter.came_back, letter.code) for letter in found.letters] == [
        (False, ""), (True, OURS), (True, ANOTHER), (False, "")
    ]  # fmt: skip


def test_a_letter_of_ours_that_somebody_wrote_on_is_known_and_parts_nothing() -> None:
    found = planned(".", OURS, ".")
    assert numbers(found) == [(1, 2, 3)]
    assert (found.letters[0].came_back, found.letters[0].code) == (False, OURS)
    assert found.pages[1].kind is SheetKind.OURS


def test_codes_of_others_say_nothing() -> None:
    found = planned("https://example.org/track/1", ".")
    assert numbers(found) == [(1, 2)]
    assert (found.pages[0].kind, found.pages[0].text) == (SheetKind.PAGE, "")


@given(st.lists(st.sampled_from([PAGE, BLANK, NEXT, DATED, RETURNED, OURS]), min_size=1), st.sampled_from(list(Split)))
def test_every_page_is_in_one_letter_or_left_out_as_blank_or_separator_and_the_order_is_kept(
    pages: list[str], split: Split
) -> None:
    found = planned(*pages, split=split)
    placed = [number for letter in found.letters for number in letter.pages]
    left_out = [page for page in found.pages if page.number not in placed]
    assert found.letters
    assert all(letter.pages for letter in found.letters)
    assert placed == sorted(set(placed))
    assert {page.kind for page in left_out} <= {SheetKind.BLANK, SheetKind.SEPARATOR}
    assert sorted(placed + [page.number for page in left_out]) == list(range(1, len(pages) + 1))


@given(st.lists(st.sampled_from([PAGE, BLANK]), min_size=1))
def test_without_separators_no_code_is_needed_to_part_nothing_or_everything(pages: list[str]) -> None:
    assert len(planned(*pages, split=Split.CODES).letters) == 1
    assert len(planned(*pages, split=Split.NO).letters) == 1
    assert len(planned(*pages).letters) <= max(1, pages.count(PAGE))

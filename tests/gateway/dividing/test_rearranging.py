"""Whatever is done with the pages of a scan, none is lost and none is there twice; and what changed is told rightly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dividing import moving
from gateway.dividing.arrangement import Arrangement, Letter, NotWhole, Placed, as_text, from_text, tidy
from gateway.dividing.rearranging import changes, identified

Step = Callable[[Arrangement, int, int], Arrangement]
STEPS: tuple[Step, ...] = (
    lambda all_, page, _: moving.turned(all_, page, 90),
    lambda all_, page, _: moving.turned(all_, page, 270),
    lambda all_, page, _: moving.marked(all_, page),
    lambda all_, page, _: moving.begun(all_, page),
    lambda all_, page, _: moving.joined(all_, page),
    lambda all_, page, _: moving.left_out(all_, page),
    lambda all_, page, _: moving.put_back(all_, page),
    lambda all_, page, n: moving.moved(all_, page, n % 5, n // 5),
)


def scan(*letters: tuple[int, ...], out: tuple[int, ...] = ()) -> Arrangement:
    """Letters a, b, c ... of these pages."""
    return Arrangement(
        letters=tuple(
            Letter(message_id="abcdef"[n], pages=tuple(Placed(number=page) for page in pages))
            for n, pages in enumerate(letters)
        ),
        left_out=tuple(Placed(number=page) for page in out),
    )


def pages(of: Arrangement) -> list[tuple[str, list[int]]]:
    return [(each.message_id, [page.number for page in each.pages]) for each in of.letters]


@given(st.lists(st.tuples(st.sampled_from(range(len(STEPS))), st.integers(1, 8), st.integers(0, 24)), max_size=25))
@settings(max_examples=200, deadline=None)
def test_no_page_is_lost_or_doubled_and_no_letter_forgotten_by_any_steps(steps: list[tuple[int, int, int]]) -> None:
    first = now = scan((1, 2, 3), (5, 6, 7), out=(4, 8))
    for which, page, n in steps:
        now = STEPS[which](now, page, n)
    assert sorted(now.numbers()) == list(range(1, 9))
    assert [each.message_id for each in now.letters if each.message_id] == ["a", "b"]
    assert all(each.pages for each in now.letters if not each.message_id)
    assert from_text(as_text(now), first) == tidy(now)
    told = changes(first, tidy(now))
    gained = [number for each in told.changed for number in each.gained]
    gained += [page.number for each in told.begun for page in each.pages]
    lost = [number for each in told.changed for number in each.lost]
    assert sorted(gained) == sorted(set(gained)) and sorted(lost) == sorted(set(lost))
    out = {page.number for page in now.left_out}
    assert set(gained) - {4, 8} == set(lost) - out, "what one letter loses another gains, or it is left out"
    assert bool(told) == (now.letters != first.letters)


def test_a_letter_begins_in_the_middle_and_is_joined_again() -> None:
    begun = moving.begun(scan((1, 2, 3, 4)), 3)
    assert pages(begun) == [("a", [1, 2]), ("", [3, 4])]
    assert moving.joined(begun, 3) == scan((1, 2, 3, 4))


def test_a_letter_joined_whole_keeps_its_place_without_a_page() -> None:
    assert pages(moving.joined(scan((1, 2), (3, 4)), 3)) == [("a", [1, 2, 3, 4]), ("b", [])]


def test_a_page_moves_to_a_place_of_another_letter_or_to_a_new_one() -> None:
    assert pages(moving.moved(scan((1, 2), (3, 4)), 4, 0, 2)) == [("a", [1, 4, 2]), ("b", [3])]
    assert pages(moving.moved(scan((1, 2)), 2, 9, 1)) == [("a", [1]), ("", [2])]


def test_a_page_left_out_goes_back_behind_the_one_scanned_before_it() -> None:
    without = moving.left_out(scan((1, 2, 3), (4, 5)), 2)
    assert [page.number for page in without.left_out] == [2]
    assert moving.put_back(without, 2) == scan((1, 2, 3), (4, 5))
    assert pages(moving.put_back(scan((2, 3), out=(1,)), 1)) == [("a", [1, 2, 3])]


def test_the_envelope_stands_last_in_its_letter() -> None:
    marked = moving.marked(scan((1, 2, 3)), 1)
    assert pages(marked) == [("a", [2, 3, 1])]
    assert pages(moving.moved(marked, 2, 0, 3)) == [("a", [3, 2, 1])]


@pytest.mark.parametrize(
    "text",
    [
        "a 1 2",
        "a 1 2 3 3",
        "a 1 2\na 3",
        "z 1 2 3",
        "a 1 2 3 4",
        "a 1 2+45 3",
        "a 1 2 -3",
        "new 1 2 3 3",
        " \na 1 2",
        "9" * 200_001,
    ],
)
def test_an_arrangement_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(NotWhole):
        from_text(text, scan((1, 2, 3)))


def test_a_letter_that_is_not_named_has_no_page_left() -> None:
    told = changes(scan((1, 2), (3,)), from_text("a 1 2 3", scan((1, 2), (3,))))
    emptied = {each.letter.message_id: each.goes_to for each in told.changed if each.is_emptied}
    assert emptied == {"b": 0}


def test_a_new_letter_knows_where_most_of_its_pages_came_from() -> None:
    [begun] = changes(scan((1, 2), (3, 4, 5)), from_text("a 1\nb 3\nnew 2 4 5", scan((1, 2), (3, 4, 5)))).begun
    assert (begun.comes_from, begun.place) == ("b", 2)


def test_a_letter_taken_whole_into_a_new_one_stays_who_it_is() -> None:
    old = scan((1,), (2,))
    wanted = identified(old, from_text("a 1\nb\nnew 2", old))
    assert wanted == old
    both = identified(old, from_text("new 1 2", old))
    assert pages(both) == [("a", [1, 2]), ("b", [])]


def test_the_same_arrangement_changes_nothing() -> None:
    assert not changes(scan((1, 2), out=(3,)), from_text("a 1 2\nout 3", scan((1, 2), out=(3,))))

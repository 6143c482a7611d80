"""Lines put right: new words in old places, everything else as it was read, nothing lost from the text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as some

from gateway.correcting import Corrections, corrected
from gateway.word_places import places_of
from tests.gateway.pages_read import ROW, SIGN, a_line
from transcription.contract import Segment

FIRST, SECOND = a_line("The bqy has a bruise", sure=(0.9, 0.3, 0.9, 0.9, 0.9)), a_line("at Harrow Way", row=1)
OVERLEAF = a_line("Yours faithfully", page=2)
LINES = (FIRST, SECOND, OVERLEAF)
TEXT = "The bqy  has a bruise\nat Harrow Way\n\nYours faithfully"
WORDS = some.lists(some.text("abc1", min_size=1, max_size=4), max_size=6).map(" ".join)


def put_right(lines: dict[int, str] | None = None, missed: dict[int, str] | None = None) -> Corrections:
    return Corrections(lines=lines or {}, missed=missed or {})


def test_a_line_put_right_keeps_its_place_and_all_others_stay_as_they_were_read() -> None:
    made = corrected(TEXT, LINES, put_right({0: "The boy has a bruise"}))
    line = made.segments[0]
    assert (line.text, line.is_typed, line.confidence, line.unclear, line.box) == (
        "The boy has a bruise", True, None, False, FIRST.box,
    )  # fmt: skip
    assert [(word.text, word.box) for word in line.written] == [
        (text, word.box) for text, word in zip(["The", "boy", "has", "a", "bruise"], FIRST.written, strict=True)
    ]
    assert {word.confidence for word in line.written} == {1.0}
    assert made.segments[1:] == LINES[1:] and made.changed == 1


def test_the_text_keeps_its_layout_and_changes_only_where_the_line_stands() -> None:
    made = corrected(TEXT, LINES, put_right({1: "at Harrow Way, again"}))
    assert made.text == "The bqy  has a bruise\nat Harrow Way, again\n\nYours faithfully"


def test_what_is_the_same_or_stands_nowhere_changes_nothing() -> None:
    made = corrected(TEXT, LINES, put_right({0: " The bqy has a bruise ", 9: "x"}, {1: "  "}))
    assert (made.changed, made.text, made.segments) == (0, TEXT, LINES)


def test_a_line_that_was_typed_in_two_stays_one_line() -> None:
    assert corrected(TEXT, LINES, put_right({1: "at Harrow\nWay, again"})).segments[1].text == "at Harrow Way, again"
    assert corrected(TEXT, LINES, put_right({1: "at Harrow\nWay"})).changed == 0


def test_an_emptied_line_is_no_longer_there() -> None:
    made = corrected(TEXT, LINES, put_right({1: ""}))
    assert made.segments == (FIRST, OVERLEAF) and made.text == "The bqy  has a bruise\n\nYours faithfully"


def test_what_the_machine_missed_comes_at_the_end_of_its_page() -> None:
    made = corrected(TEXT, LINES, put_right(missed={1: "Please come\nsoon"}))
    assert made.text == "The bqy  has a bruise\nat Harrow Way\nPlease come\nsoon\n\nYours faithfully"
    assert [line.text for line in made.segments] == [
        FIRST.text, SECOND.text, "Please come", "soon", OVERLEAF.text,
    ]  # fmt: skip
    assert made.segments[2] == Segment(text="Please come", page=1, is_typed=True) and made.changed == 2


def test_what_was_missed_on_a_page_without_lines_is_kept_too() -> None:
    made = corrected("", (), put_right(missed={3: "Help"}))
    assert made.text == "Help" and made.segments == (Segment(text="Help", page=3, is_typed=True),)


def test_a_text_that_does_not_hold_its_lines_is_set_anew_from_them() -> None:
    made = corrected("otherwise laid out", LINES, put_right({0: "The boy"}))
    assert made.text == "The boy\nat Harrow Way\n\nYours faithfully"


def test_a_line_within_another_word_is_not_mistaken_for_it() -> None:
    one, other = a_line("a"), a_line("cat", row=1)
    assert corrected("cat a\ncat", (one, other), put_right({0: "the"})).text == "cat the\ncat"


def test_two_words_in_place_of_one_share_its_place_by_their_length() -> None:
    [the, boy, had] = places_of("The boy had", a_line("The boyhad").written, (0.0, 0.0, 1.0, 1.0))
    assert (the.box, boy.text, had.text) == (FIRST.written[0].box, "boy", "had")
    left, top, right, bottom = a_line("The boyhad").written[1].box
    assert boy.box[0] == left and abs(had.box[2] - right) < 1e-9 and boy.box[2] < had.box[0]
    assert (boy.box[1], boy.box[3]) == (top, bottom) and abs(bottom - top - ROW) < 1e-9


def test_a_word_that_was_missed_stands_between_its_neighbours() -> None:
    before = a_line("The has")
    [the, boy, has] = places_of("The boy has", before.written, before.box or (0, 0, 1, 1))
    assert (the, has) == tuple(places_of("The has", before.written, (0, 0, 1, 1)))
    assert the.box[0] < boy.box[0] < boy.box[2] < has.box[2] and boy.box[2] - boy.box[0] < 5 * SIGN


@settings(max_examples=40)
@given(before=WORDS.filter(bool), after=WORDS)
def test_every_word_that_is_typed_has_a_place_within_the_line(before: str, after: str) -> None:
    line = a_line(before)
    assert line.box
    found = places_of(after, line.written, line.box)
    assert [word.text for word in found] == after.split()
    left, top, right, bottom = line.box
    for word in found:
        assert left - 1e-9 <= word.box[0] <= word.box[2] <= right + 1e-9
        assert top <= word.box[1] <= word.box[3] <= bottom


@settings(max_examples=40)
@given(some.lists(WORDS.filter(bool), min_size=1, max_size=5), some.data())
def test_the_words_of_the_text_are_those_of_its_lines(texts: list[str], data: some.DataObject) -> None:
    lines = [a_line(text, row=number) for number, text in enumerate(texts)]
    typed = data.draw(some.dictionaries(some.integers(0, len(lines) - 1), WORDS))
    made = corrected("\n".join(texts), lines, put_right(typed))
    assert re.findall(r"\S+", made.text) == [word for line in made.segments for word in line.text.split()]

"""Times, numbers and references read the way people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.reference import LETTERS
from gateway.saying import (
    NATO,
    clock,
    counted,
    day,
    day_and_month,
    day_and_year,
    moment,
    moment_and_year,
    phone,
    read_out_reference,
    short_moment,
    spoken_moment,
    spoken_phone,
    spoken_reference,
)
from gateway.working_days import LONDON

TUESDAY = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=LONDON)


def test_a_moment_is_written_in_full_in_short_and_for_a_voice() -> None:
    assert moment(TUESDAY) == "10:15am on Tuesday 24 November"
    assert moment_and_year(TUESDAY) == "10:15am on Tuesday 24 November 2026"
    assert short_moment(TUESDAY) == "10:15am Tue 24 Nov"
    assert spoken_moment(TUESDAY) == "10 15 am on Tuesday 24 November"


def test_a_day_is_written_with_as_much_as_is_needed() -> None:
    assert day(TUESDAY) == "Tuesday 24 November"
    assert day_and_month(TUESDAY) == "24 November"
    assert day_and_year(TUESDAY) == "Tuesday 24 November 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "written", "spoken"),
    [
        (17, 0, "5pm", "5 pm"),
        (9, 5, "9:05am", "9 oh 5 am"),
        (12, 0, "midday", "midday"),
        (0, 0, "midnight", "midnight"),
        (12, 30, "12:30pm", "12 30 pm"),
        (0, 30, "12:30am", "12 30 am"),
        (23, 59, "11:59pm", "11 59 pm"),
    ],
)
def test_whole_hours_lose_their_noughts_and_midday_has_its_word(
    hour: int, minute: int, written: str, spoken: str
) -> None:
    assert clock(at(hour, minute)) == written
    assert spoken_moment(at(hour, minute)) == f"{spoken} on Tuesday 24 November"


def test_in_summer_the_london_clock_is_meant() -> None:
    assert moment(datetime(2027, 3, 30, 14, 0, tzinfo=UTC)) == "3pm on Tuesday 30 March"


def test_a_short_moment_never_takes_more_than_eighteen_characters() -> None:
    year = [datetime(2026, 1, 1, 22, 45, tzinfo=UTC) + timedelta(days=n) for n in range(365)]

    assert max(len(short_moment(one)) for one in year) == 18


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("01632960001", "01632 960 001"),
        ("01632 960001", "01632 960 001"),
        ("+441632960001", "01632 960 001"),
        ("+44 (0)1632 960001", "01632 960 001"),
        ("07700 900123", "07700 900 123"),
        ("020 7946 0000", "020 7946 0000"),
        ("0808 800 5000", "0808 800 5000"),
        ("0113 496 0000", "0113 496 0000"),
        ("+1 555 0100", "+1 555 0100"),
        ("101", "101"),
    ],
)
def test_a_number_is_written_in_its_usual_groups(given: str, written: str) -> None:
    assert phone(given) == written


def test_a_number_is_said_digit_by_digit() -> None:
    assert spoken_phone("01632960001") == "0 1 6 3 2, 9 6 0, 0 0 1"


def test_a_reference_is_spelled_slowly() -> None:
    assert spoken_reference("KMR-4729-HX") == (
        "K for Kilo. M for Mike. R for Romeo. Then four. seven. two. nine. Then H for Hotel. X for X-ray."
    )


def test_a_call_taker_reads_it_in_one_breath() -> None:
    assert read_out_reference("KMR-4729-HX") == (
        "K for Kilo, M for Mike, R for Romeo, four, seven, two, nine, H for Hotel, X for X-ray"
    )


def test_every_letter_of_a_reference_has_its_word() -> None:
    assert set(NATO) == set(LETTERS)
    assert all(word.startswith(letter) for letter, word in NATO.items())


@pytest.mark.parametrize(
    ("things", "said"),
    [
        ([(1, "email"), (2, "photo")], "1 email and 2 photos"),
        ([(1, "call")], "1 call"),
        ([(1, "email"), (0, "photo"), (3, "page"), (1, "recording")], "1 email, 3 pages and 1 recording"),
        ([], ""),
    ],
)
def test_what_we_got_is_counted_in_words(things: list[tuple[int, str]], said: str) -> None:
    assert counted(things) == said

"""What is drawn can be drawn again by anybody, and is neither more nor less than was promised."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gateway.rereading.lot import drawn, monday_of, numbers_in, written

WEEK = date(2026, 11, 16)
POOLS = st.lists(st.integers(1, 10**7), unique=True, max_size=120)


@given(pool=POOLS, percent=st.integers(1, 100))
def test_the_same_week_and_numbers_draw_the_same_in_whatever_order_they_are_given(
    pool: list[int], percent: int
) -> None:
    found = drawn(WEEK, pool, percent)
    assert found == drawn(WEEK, numbers_in(written(pool))[::-1], percent) == sorted(set(found))
    assert set(found) <= set(pool)
    assert len(found) == min(len(pool), max(5, -(-len(pool) * percent // 100)))


def test_a_tenth_of_two_hundred_is_twenty_and_another_week_draws_others() -> None:
    pool = list(range(1, 201))
    assert len(drawn(WEEK, pool, 10)) == 20
    assert drawn(WEEK, pool, 10) != drawn(date(2026, 11, 23), pool, 10)


def test_the_draw_is_the_one_that_is_written_down() -> None:
    assert drawn(WEEK, range(1, 21), 10) == DRAWN
    assert monday_of(date(2026, 11, 22)) == WEEK


DRAWN = [2, 3, 4, 14, 15]

"""A channel that cannot send is tried by one notice at a time; the others wait and take up no place."""

from __future__ import annotations

from datetime import timedelta

from gateway.pausing import LOOK_AGAIN, TRYING_TAKES, Pauses
from tests.fakes import MovableClock


def failed(pauses: Pauses, clock: MovableClock, *, seconds_ago: float = 0) -> None:
    begun_at = clock() - timedelta(seconds=seconds_ago)
    pauses.failed("sms", "away", clock(), lambda failures: timedelta(seconds=10 * failures), begun_at=begun_at)


def test_the_other_channels_go_on() -> None:
    pauses, clock = Pauses(), MovableClock()
    failed(pauses, clock)
    pause = pauses.waits("sms", clock())
    assert pause is not None
    assert (pause.until, pause.why) == (clock() + timedelta(seconds=10), "away")
    assert pauses.waits("email", clock()) is None


def test_when_the_time_is_over_one_tries_and_the_others_wait_for_its_answer() -> None:
    pauses, clock = Pauses(), MovableClock()
    failed(pauses, clock)
    clock.move(seconds=10)
    assert pauses.waits("sms", clock()) is None
    other = pauses.waits("sms", clock())
    assert other is not None
    assert other.until == clock() + LOOK_AGAIN
    pauses.answered("sms", begun_at=clock())
    assert pauses.waits("sms", clock()) is None


def test_whoever_tries_is_told_so_again_when_its_step_is_run_twice() -> None:
    pauses, clock = Pauses(), MovableClock()
    failed(pauses, clock)
    clock.move(seconds=10)
    assert pauses.waits("sms", clock(), who="a:1") is None
    assert pauses.waits("sms", clock(), who="a:1") is None
    assert pauses.waits("sms", clock(), who="b:1") is not None
    assert pauses.waits("sms", clock()) is not None


def test_an_answer_to_what_was_begun_before_the_failure_is_no_news() -> None:
    pauses, clock = Pauses(), MovableClock()
    failed(pauses, clock, seconds_ago=1)
    pauses.answered("sms", begun_at=clock() - timedelta(seconds=1))
    assert pauses.waits("sms", clock()) is not None


def test_each_failure_waits_longer_but_those_that_failed_together_count_as_one() -> None:
    pauses, clock = Pauses(), MovableClock()
    for _ in range(8):
        failed(pauses, clock, seconds_ago=5)
        clock.move(seconds=0.1)
    clock.move(seconds=10)
    assert pauses.waits("sms", clock()) is None
    failed(pauses, clock)
    pause = pauses.waits("sms", clock())
    assert pause is not None
    assert (pause.failures, pause.until) == (2, clock() + timedelta(seconds=20))


def test_one_that_never_answers_does_not_stop_the_channel_for_ever() -> None:
    pauses, clock = Pauses(), MovableClock()
    failed(pauses, clock)
    clock.move(seconds=11)
    assert pauses.waits("sms", clock()) is None
    clock.move(seconds=TRYING_TAKES.total_seconds())
    assert pauses.waits("sms", clock()) is None


def test_a_clock_set_back_by_a_day_stops_nothing() -> None:
    pauses, clock = Pauses(), MovableClock()
    failed(pauses, clock)
    clock.move(days=-1)
    assert pauses.waits("sms", clock()) is None


def test_a_clock_set_back_by_less_than_the_pause_lasts_stops_nothing() -> None:
    pauses, clock = Pauses(), MovableClock()
    clock.move(minutes=50)
    failed(pauses, clock)
    clock.move(minutes=-50)
    assert pauses.waits("sms", clock()) is None

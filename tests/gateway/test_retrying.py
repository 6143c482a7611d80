"""When a notice is tried again: by what went wrong, never sooner than asked, never all at the same moment."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import FOR_GOOD, SendError
from gateway import notices
from gateway.retrying import LONGEST_ASKED, POLICIES, UNKNOWN, policy_of
from gateway.time_limit import LIMIT

TEMPORARY = [error for error in SendError if error not in FOR_GOOD]


@pytest.mark.parametrize("error", SendError)
def test_what_is_for_good_is_not_tried_again_and_everything_else_is(error: SendError) -> None:
    assert (policy_of(error) is None) is (error in FOR_GOOD)


def test_an_outage_of_hours_uses_up_no_tries() -> None:
    assert {error for error in TEMPORARY if not POLICIES[error].counts} == {
        SendError.AWAY, SendError.THROTTLED, SendError.NOT_SET_UP
    }  # fmt: skip
    assert all(POLICIES[error].of_channel is not POLICIES[error].counts for error in TEMPORARY)


def test_a_provider_that_is_away_is_tried_quickly_first_and_every_few_minutes_later() -> None:
    away = POLICIES[SendError.AWAY]
    assert away.wait(1, Random(1)) <= timedelta(seconds=1)
    assert timedelta(minutes=1) <= away.wait(30, Random(1)) <= timedelta(minutes=2)


@pytest.mark.parametrize("error", [error for error in TEMPORARY if POLICIES[error].counts])
def test_bounded_trying_ends_before_the_local_limit_and_not_at_once(error: SendError) -> None:
    waits = [POLICIES[error].wait(tries, Random(1)) for tries in range(1, notices.SEND_TRIES)]
    assert timedelta(minutes=30) < sum(waits, timedelta()) < LIMIT
    assert waits == sorted(waits)


def test_a_lost_answer_is_looked_up_at_once_and_for_longer_than_an_hour() -> None:
    waits = [UNKNOWN.wait(tries, Random(1)) for tries in range(1, notices.SEND_TRIES)]
    assert waits[0] == timedelta(seconds=30)
    assert timedelta(hours=1) < sum(waits, timedelta()) < LIMIT


@given(st.sampled_from(TEMPORARY), st.integers(1, 10_000), st.integers(), st.floats(0, 10_000))
def test_nobody_waits_less_than_the_provider_asked_or_longer_than_the_longest(
    error: SendError, failures: int, seed: int, asked_for: float
) -> None:
    policy = POLICIES[error]
    assert policy.most * (1 - policy.spread) <= policy.wait(10_000, Random(seed)) <= policy.most
    assert timedelta() < policy.wait(failures, Random(seed)) <= policy.most
    told = policy.wait(failures, Random(seed), asked_for=asked_for)
    asked = min(timedelta(seconds=asked_for), LONGEST_ASKED)
    assert asked <= told <= max(policy.most, asked * 1.1)


def test_two_that_failed_together_do_not_come_again_together() -> None:
    chance = Random(1)
    waits = {POLICIES[SendError.AWAY].wait(20, chance) for _ in range(100)}
    assert len(waits) == 100

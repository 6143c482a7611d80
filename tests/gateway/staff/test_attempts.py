"""Guessing passwords is slow."""

from __future__ import annotations

from gateway.staff.attempts import MOST_KEYS, PER_NAME, PER_SENDER, Attempts
from tests.fakes import MovableClock


def test_a_name_waits_after_too_many_failures_until_the_quarter_of_an_hour_is_over(clock: MovableClock) -> None:
    attempts = Attempts()
    for _ in range(PER_NAME):
        assert not attempts.are_too_many("casey", "192.0.2.1", now=clock())
        attempts.failed("casey", "192.0.2.1", now=clock())
    assert attempts.are_too_many("casey", "192.0.2.2", now=clock())
    assert not attempts.are_too_many("robin", "192.0.2.1", now=clock())
    clock.move(minutes=15)
    assert not attempts.are_too_many("casey", "192.0.2.1", now=clock())


def test_a_sender_who_tries_many_names_waits_too(clock: MovableClock) -> None:
    attempts = Attempts()
    for number in range(PER_SENDER):
        attempts.failed(f"name {number}", "192.0.2.1", now=clock())
    assert attempts.are_too_many("casey", "192.0.2.1", now=clock())
    assert not attempts.are_too_many("casey", "192.0.2.2", now=clock())


def test_a_right_password_clears_the_slips_before_it(clock: MovableClock) -> None:
    attempts = Attempts()
    for _ in range(PER_NAME):
        attempts.failed("casey", "192.0.2.1", now=clock())
    attempts.succeeded("casey")
    assert not attempts.are_too_many("casey", "192.0.2.1", now=clock())


def test_what_is_remembered_does_not_grow_without_end(clock: MovableClock) -> None:
    attempts = Attempts()
    for number in range(MOST_KEYS):
        attempts.failed(f"name {number}", f"sender {number}", now=clock())
    assert len(attempts._failures) <= MOST_KEYS

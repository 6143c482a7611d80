"""How often somebody may do a thing."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from channels.web_form.limit import MOST_REMEMBERED, Limit, network_of, network_of_caller


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_allowance_comes_back_when_the_span_has_passed() -> None:
    clock = Seconds()
    limit = Limit(times=2, seconds=60, clock=clock)
    limit.count("a")
    clock.now = 30
    limit.count("a")
    assert limit.is_spent("a") and not limit.is_spent("b")
    clock.now = 60
    assert not limit.is_spent("a")


def test_asking_costs_nothing() -> None:
    limit = Limit(times=1, seconds=60)
    assert not any(limit.is_spent("a") for _ in range(10))


def test_a_flood_of_callers_cannot_fill_the_memory_and_the_idle_are_forgotten_first() -> None:
    clock = Seconds()
    limit = Limit(times=1, seconds=60, clock=clock)
    for n in range(MOST_REMEMBERED - 1):
        limit.count(f"old {n}")
    clock.now = 59
    limit.count("busy")
    clock.now = 61
    limit.count("new")
    assert limit.is_spent("busy") and limit.is_spent("new")
    for n in range(MOST_REMEMBERED):
        limit.count(f"flood {n}")
    assert limit.is_spent(f"flood {MOST_REMEMBERED - 1}")


def test_one_household_is_one_caller() -> None:
    assert network_of("2001:db8:1:2::9") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("") == "unknown"


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("10.0.0.7", "198.18.0.9, 198.18.0.1", "198.18.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("8.8.8.8", "198.18.0.1", "8.8.8.8"),
        ("10.0.0.7", "not an address", "not an address"),
    ],
)
def test_a_proxy_of_ours_names_the_caller_and_nobody_else_can(peer: str, forwarded: str, caller: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())]
    assert network_of_caller(Request({"type": "http", "client": (peer, 1), "headers": headers})) == caller

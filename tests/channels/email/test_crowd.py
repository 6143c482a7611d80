"""Counting who is at the door: by address, by minute and in all."""

import time

import pytest

from channels.email.crowd import FORGET_ABOVE, Crowd, CrowdLimits, peer_of


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_new_ones_in_a_minute_are_counted_by_peer_and_forgotten() -> None:
    seconds = Seconds()
    crowd = Crowd(CrowdLimits(a_minute=3), seconds)
    for _ in range(3):
        assert crowd.enter("192.0.2.1") == ""
        crowd.leave("192.0.2.1")
    assert crowd.enter("192.0.2.1").startswith("421 4.7.0")
    assert crowd.enter("192.0.2.2") == ""
    seconds.now = 60
    assert crowd.enter("192.0.2.1") == ""


def test_many_peers_are_not_remembered_for_ever() -> None:
    seconds = Seconds()
    crowd = Crowd(CrowdLimits(in_all=10**6), seconds)
    for number in range(3 * FORGET_ABOVE):
        seconds.now += 0.1
        crowd.enter(str(number))
        crowd.leave(str(number))
    assert len(crowd._begun) <= FORGET_ABOVE + 1
    assert not crowd._open


def test_a_flood_from_ever_new_peers_costs_each_of_them_alike() -> None:
    crowd, began = Crowd(CrowdLimits(in_all=10**6), Seconds()), time.process_time()
    for number in range(5 * FORGET_ABOVE):
        crowd.enter(str(number))
        crowd.leave(str(number))
    assert time.process_time() - began < 5  # it took a minute when all were looked through for each


def test_a_mail_server_of_our_own_host_has_no_limit_of_its_own() -> None:
    crowd = Crowd(CrowdLimits(at_once=1, a_minute=1, in_all=50), Seconds())
    assert {crowd.enter("") for _ in range(50)} == {""}
    assert crowd.enter("").startswith("421 4.3.2")


@pytest.mark.parametrize(
    ("address", "peer"),
    [
        (("192.0.2.7", 4711), "192.0.2.7"),
        (("::ffff:192.0.2.7", 4711, 0, 0), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 4711, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 4711, 0, 2), "fe80::/64"),
        ("", ""),
        (None, ""),
    ],
)
def test_whom_a_connection_counts_for(address: object, peer: str) -> None:
    assert peer_of(address) == peer

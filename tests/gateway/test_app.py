"""How the web door listens."""

import socket

import pytest

from gateway.app import _listening_at
from gateway.settings import WrongSetting


def test_the_second_half_of_an_answer_does_not_wait_for_the_first_to_be_confirmed() -> None:
    with _listening_at("127.0.0.1:0") as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_that_is_taken_names_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(WrongSetting, match="FRONTDOOR_HTTP"):
        _listening_at(f"127.0.0.1:{taken.getsockname()[1]}")

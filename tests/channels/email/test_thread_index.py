"""Outlook's name of a conversation says which notice began it, and nothing else is taken for one."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from channels.email.thread_index import thread_index, token_in

AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
TOKEN = "0123456789abcdef" * 2


def test_a_conversation_is_known_by_the_notice_that_began_it_however_long_it_has_become() -> None:
    index = thread_index(TOKEN, AT)
    assert base64.b64decode(index)[:2] == b"\x01\xdd"  # the top of FILETIME in these years
    answered = base64.b64encode(base64.b64decode(index) + bytes(10)).decode()
    for value in (index, answered, f"{answered[:20]}\r\n {answered[20:]}"):
        assert token_in(value) == TOKEN


def test_a_name_that_is_no_plain_id_is_written_as_a_digest_of_it() -> None:
    found = token_in(thread_index("n-1", AT))
    assert found is not None and len(found) == 32


@pytest.mark.parametrize("value", ["", "hello", "AQ==", base64.b64encode(b"\x01" + bytes(22)).decode(), "\u00e9" * 32])
def test_what_is_none_is_not_read_as_one(value: str) -> None:
    assert token_in(value) is None

"""Answers to FETCH are understood in the forms servers give them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.mailbox.imap_answers import body_in, found_in

LINE = b'12 (UID 7 INTERNALDATE " 7-Jul-2026 02:44:25 +0100" RFC822.SIZE 512)'
AT = datetime(2026, 7, 7, 1, 44, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", [LINE, b'12 (RFC822.SIZE 512 INTERNALDATE "07-Jul-2026 01:44:25 +0000" FLAGS (\\Seen) UID 7)']
)
def test_a_mail_is_told_of_in_any_order(line: bytes) -> None:
    (found,) = found_in([line])
    assert (found.id, found.received_at, found.size) == ("7", AT, 512)
    assert found.looks_like == f"{AT}/512"


def test_news_of_flags_and_nothing_are_no_mails() -> None:
    assert found_in([None, b"3 (FLAGS (\\Seen))", b"3 (UID 4 FLAGS (\\Seen))", (b"x", b"y")]) == []


@pytest.mark.parametrize("date", [b'"31-Foo-2026 99:44:25 +0100"', b'"7-Jul"', b'"\xff"'])
def test_a_time_that_is_none_is_not_known(date: bytes) -> None:
    (found,) = found_in([b"12 (UID 7 INTERNALDATE " + date + b" RFC822.SIZE 512)"])
    assert found.received_at is None


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ([(b"1 (UID 7 BODY[]<0> {5}", b"words"), b")"], b"words"),
        ([b"1 (FLAGS (\\Seen))", (b"1 (UID 7 body[]<0> {5}", b"words"), b")"], b"words"),
        ([b'1 (UID 7 BODY[]<1048576> "")'], b""),
        ([b"1 (UID 7 BODY[]<1048576> NIL)"], b""),
        ([None], None),
        ([b"1 (FLAGS (\\Seen))"], None),
    ],
)
def test_a_body_is_its_bytes_or_empty_behind_its_end_or_gone(answer: list[object], body: bytes | None) -> None:
    assert body_in(answer) == body

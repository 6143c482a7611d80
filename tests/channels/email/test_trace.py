"""The trace fields of ours: what a peer said cannot break out of them."""

from datetime import UTC, datetime
from email import message_from_string

import pytest

from channels.email.trace import protocol_of, trace_of

AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SAID = {
    "mail_from": "a@example.org",
    "rcpt_to": "x@northshire.example\ny@northshire.example",
    "by": "mx",
    "with": "SMTP",
}


def test_several_recipients_are_not_told_to_each_other() -> None:
    assert "for <" not in trace_of(SAID, received_at=AT, reference="KMR-4729-HX")


def test_the_null_sender_is_an_empty_path() -> None:
    assert trace_of(SAID | {"mail_from": "<>"}, received_at=AT, reference="r").startswith("Return-Path: <>\r\n")


def test_a_peer_of_the_newer_internet_is_named_as_one() -> None:
    told = trace_of(SAID | {"peer": "2001:db8::1:4711", "helo": "mx"}, received_at=AT, reference="r")
    assert "from mx ([IPv6:2001:db8::1])\r\n" in told


@pytest.mark.parametrize("hostile", ["x\r\nSubject: y", "x\rSubject: y", "x>\nFrom: <y", "\x00\x7f", "(((", "a b"])
def test_nothing_said_becomes_another_field(hostile: str) -> None:
    said = SAID | dict.fromkeys(("mail_from", "helo", "by", "with"), hostile)
    header = message_from_string(trace_of(said, received_at=AT, reference="r") + "\r\n")
    assert header.keys() == ["Return-Path", "Received"]
    assert header.defects == []


def test_what_was_not_handed_over_by_a_mail_server_has_none() -> None:
    assert trace_of({"mail_from": "a@example.org"}, received_at=AT, reference="r") == ""
    assert trace_of({"by": "mx"}, received_at=AT, reference="r") == ""


@pytest.mark.parametrize(
    ("protocol", "is_extended", "is_encrypted", "is_utf8", "word"),
    [
        ("SMTP", False, False, False, "SMTP"),
        ("SMTP", True, False, False, "ESMTP"),
        ("SMTP", True, True, False, "ESMTPS"),
        ("SMTP", True, True, True, "UTF8SMTPS"),
        ("LMTP", True, False, False, "LMTP"),
        ("LMTP", True, True, False, "LMTPS"),
        ("LMTP", True, False, True, "UTF8LMTP"),
    ],
)
def test_the_word_for_how_it_came(
    protocol: str, is_extended: bool, is_encrypted: bool, is_utf8: bool, word: str
) -> None:
    assert word == protocol_of(protocol, is_extended=is_extended, is_encrypted=is_encrypted, is_utf8=is_utf8)

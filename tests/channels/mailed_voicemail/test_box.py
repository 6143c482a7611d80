"""Only what a telephone system mails is sorted as voicemail, and it was left when that system says, if that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Purpose
from tests.channels.mailed_voicemail.test_parse import a_box, a_mail, sample
from tests.fakes import MONDAY_MORNING


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=300))
def test_no_bytes_of_any_kind_break_the_sorting(body: bytes) -> None:
    assert a_box(senders=("@pbx.example.org",)).sorted(a_mail(body)).body == body


def test_only_what_comes_to_the_box_or_from_the_system_is_voicemail() -> None:
    body = sample("gamma")
    assert a_box().sorted(a_mail(body)).channel == "voicemail"
    assert a_box().sorted(a_mail(body, to="Voicemail+front@northshire.example")).channel == "voicemail"
    assert a_box().sorted(a_mail(body, to="referrals@northshire.example")).channel == "email"
    known = a_box(mailbox="", senders=("voicemail@pbx.example.org",))
    assert known.sorted(a_mail(body, to="referrals@northshire.example", frm="<>")).channel == "voicemail"
    assert a_box(mailbox="").sorted(a_mail(body)).channel == "email"


def test_news_of_a_notice_stays_a_mail() -> None:
    report = replace(a_mail(sample("gamma")), purpose=Purpose.REPORT)
    assert a_box().sorted(report) == report


@pytest.mark.parametrize(
    ("date", "left_at"),
    [
        ("Mon, 23 Nov 2026 09:58:11 +0000", datetime(2026, 11, 23, 9, 58, 11, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 11:58:11 +0200", datetime(2026, 11, 23, 9, 58, 11, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 10:16:00 +0000", MONDAY_MORNING), ("Mon, 23 Nov 2026 12:00:00 +0000", None),
        ("Fri, 01 Jan 1999 00:00:00 +0000", None), ("yesterday", None), ("", None),
    ],
)  # fmt: skip
def test_it_was_left_when_its_system_says_if_that_can_be(date: str, left_at: datetime | None) -> None:
    body = sample("gamma").replace(b"Date: Mon, 23 Nov 2026 09:58:11 +0000", f"Date: {date}".encode())
    assert a_box().sorted(a_mail(body)).received_at == left_at


def test_a_clock_that_is_a_little_fast_never_puts_it_into_the_future() -> None:
    body = sample("gamma").replace(b"09:58:11 +0000", b"10:19:00 +0000", 1)
    assert a_box().sorted(a_mail(body)).received_at == MONDAY_MORNING

"""What the sender was told and is promised next stands in plain sight, failures and lateness said in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.staff.promise import Promise, promise
from gateway.view import NoticeView, ReferralView

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def a_notice(kind: str, state: str, due: int, channel: str = "sms", **known: Any) -> NoticeView:
    fields: dict[str, Any] = {"kind": kind, "state": state, "channel": channel, "due_at": hour(due), "sent_at": None}
    return NoticeView.model_construct(**fields | {"delivered_at": None} | known)


def promised(*notices: NoticeView, now: int = 0, state: str = "in_triage") -> Promise:
    fields: dict[str, Any] = {
        "received_at": NOON, "look_by": hour(24), "looked_at": None, "promised_at": hour(24), "state": state,
    }  # fmt: skip
    return promise(ReferralView.model_construct(**fields, notices=list(notices)), hour(now))


def test_the_last_that_went_out_and_the_first_that_is_owed_are_named() -> None:
    seen = promised(
        a_notice("receipt", "delivered", 0, sent_at=hour(0), delivered_at=hour(1)),
        a_notice("need_more", "sent", 2, channel="email", sent_at=hour(3)),
        a_notice("closed", "owed", 9), a_notice("looked_at", "owed", 6, channel="letter"),
    )  # fmt: skip
    assert seen.last and (seen.last.what, seen.last.by, seen.last.state) == ("A question", "Email", "Sent")
    assert seen.next and (seen.next.what, seen.next.by, seen.next.at) == ("Looked at", "Letter", hour(6))
    assert not seen.next.is_late and not seen.by_hand


def test_a_failed_notice_is_the_last_word_and_a_task_says_that_a_person_tells_them() -> None:
    seen = promised(
        a_notice("receipt", "failed", 1), a_notice("staff_task", "owed", 2, channel="staff"),
        a_notice("looked_at", "cancelled", 9),
    )  # fmt: skip
    assert seen.last and seen.last.is_failed and seen.by_hand and seen.next is None


def test_what_is_owed_past_its_time_is_late() -> None:
    seen = promised(a_notice("looked_at", "owed", 6), now=7)
    assert seen.next and seen.next.is_late


def test_what_is_closed_promises_nothing_more() -> None:
    assert promised(state="closed").hears_by is None
    assert promised().hears_by == hour(24) and promised().last is None

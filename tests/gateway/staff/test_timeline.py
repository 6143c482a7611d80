"""Where the sound of a call stands among what was said and done, and which message points to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.part_view import PartView
from gateway.staff.timeline import timeline
from gateway.view import MessageView, ReferralView

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_message(name: str, minute: int, channel: str = "voicemail") -> MessageView:
    fields: dict[str, Any] = {"id": name, "channel": channel, "received_at": NOON + timedelta(minutes=minute)}
    return MessageView.model_construct(**fields)


def seen(messages: list[MessageView], *sounds_of: str) -> ReferralView:
    known: list[dict[str, Any]] = [
        {"id": of, "message_id": of, "second_to": None, "stands_with": None} for of in sounds_of
    ]
    parts = [PartView.model_construct(**each) for each in known]
    fields: dict[str, Any] = {"messages": messages, "parts": parts, "notices": [], "history": []}
    return ReferralView.model_construct(**fields)


def test_a_message_whose_recording_stands_with_what_was_heard_of_its_call_points_there() -> None:
    heard, left = timeline(seen([a_message("stream", 0), a_message("recorded", 2)], "stream", "its recording"))
    assert [part.message_id for part in heard.parts] == ["stream", "its recording"]
    assert (heard.sound_is_above, left.parts, left.sound_is_above) == (False, [], True)


def test_what_was_heard_of_a_second_call_never_stands_with_the_first() -> None:
    report = seen([a_message("first", 0), a_message("second", 9)], "news of the first", "news of the second")
    for part, call in zip(report.parts, ("first", "second"), strict=True):
        part.stands_with = call
    first, second = timeline(report)
    assert [[part.message_id for part in entry.parts] for entry in (first, second)] == [
        ["news of the first"], ["news of the second"],
    ]  # fmt: skip


def test_a_text_without_words_does_not_point_to_the_sound_of_a_call() -> None:
    _, text = timeline(seen([a_message("recorded", 0), a_message("text", 2, "sms")], "its recording"))
    assert not text.sound_is_above


def test_a_call_that_left_nothing_points_to_no_sound() -> None:
    _, quiet = timeline(seen([a_message("recorded", 0), a_message("quiet", 2)], "recorded"))
    assert not quiet.sound_is_above

"""What a notice's words were filled in with comes back as it was, times as times."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway import filling
from gateway.notice_fields import NoticeFields

TIMES = st.datetimes(timezones=st.just(UTC))
VALUES = st.one_of(st.text('a é£"\\\n0-:T+'), st.booleans(), st.none(), TIMES)


@given(st.dictionaries(st.sampled_from(["question", "answer_by", "decision", "agreed_by", "duty"]), VALUES))
def test_fields_survive_being_kept(extra: dict[str, str | bool | datetime | None]) -> None:
    kept = filling.as_bytes(extra, NoticeFields(what_we_got="1 text and 2 photos"))
    assert filling.from_bytes(kept) == {"what_we_got": "1 text and 2 photos", **extra}


def test_words_that_look_like_a_time_stay_words() -> None:
    kept = filling.as_bytes({"question": "2026-11-24T10:15:00+00:00"}, NoticeFields())
    assert filling.from_bytes(kept)["question"] == "2026-11-24T10:15:00+00:00"

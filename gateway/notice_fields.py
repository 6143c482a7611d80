"""What one notice may tell its reader, as values, and the tokens a wording may use to say them."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache

from gateway import saying

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SUFFIXES = {
    "": saying.moment,
    "_short": saying.short_moment,
    "_spoken": saying.spoken_moment,
    "_day": saying.day,
    "_date": saying.day_and_month,
    "_full": saying.moment_and_year,
    "_full_day": saying.day_and_year,
}
"""What follows a time's name in a wording file, and how the time is then said."""


@dataclass(frozen=True, kw_only=True)
class NoticeFields:
    """What one notice may tell; None is not known, and no sentence may then speak of it. Times are aware.

    ``promised`` and ``new_time`` are the time we missed and the one we promise instead. ``what_we_got`` is a count
    such as "1 email and 2 photos". ``safe_channel`` is how the sender said we may reach them, as in "by text".
    ``agreed_by``: the manager who checked the decision; public notices say only that one did.
    ``acts``: whether we act, where the sender may hear that much; ``told_outcome``: they have heard it.
    ``again``: an earlier decision was told, and it was looked at again.
    ``role`` is asked to do ``task`` by ``act_by``, because of what ``says`` of the item; ``link`` is where to look.
    ``duty``: calls are put through to a person. ``texts``: this phone can be sent a text.
    ``is_child``, ``unrecorded`` and ``language`` are what the person who is rung is told of who waits.
    """

    reference: str | None = None
    received: datetime | None = None
    read_by: datetime | None = None
    next_notice_by: datetime | None = None
    answer_by: datetime | None = None
    promised: datetime | None = None
    new_time: datetime | None = None
    opens: datetime | None = None
    made: datetime | None = None
    passed: datetime | None = None
    due: datetime | None = None
    what_we_got: str | None = None
    code: str | None = None
    safe_channel: str | None = None
    question: str | None = None
    worker: str | None = None
    other_council: str | None = None
    other_phone: str | None = None
    other_reference: str | None = None
    decision: str | None = None
    made_by: str | None = None
    agreed_by: str | None = None
    reasons: str | None = None
    next_steps: str | None = None
    our_request: str | None = None
    acts: bool | None = None
    undelivered: str | None = None
    what_failed: str | None = None
    ways_left: str | None = None
    role: str | None = None
    says: str | None = None
    task: str | None = None
    act_by: datetime | None = None
    link: str | None = None
    duty: bool = False
    texts: bool = False
    nameless: bool = False
    again: bool = False
    told_outcome: bool = False
    is_child: bool = False
    unrecorded: bool = False
    language: str | None = None


def values_of(told: NoticeFields) -> dict[str, str | bool]:
    """Every token a wording may use for this notice, with times and references also as they are spoken."""
    values: dict[str, str | bool] = {}
    for field in fields(told):
        value = getattr(told, field.name)
        if isinstance(value, datetime):
            values |= {field.name + suffix: words for suffix, words in _in_words(value).items()}
        elif value is not None:
            values[field.name] = CONTROL.sub(" ", value) if isinstance(value, str) else value
    if told.reference:
        values["spoken_reference"] = saying.spoken_reference(told.reference)
        values["read_out_reference"] = saying.read_out_reference(told.reference)
    return values


@lru_cache(maxsize=128)
def _in_words(at: datetime) -> dict[str, str]:
    """A time in each of its forms: all who write on one day are promised the same."""
    return {suffix: say(at) for suffix, say in SUFFIXES.items()}

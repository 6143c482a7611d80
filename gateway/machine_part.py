"""What programs may read beside the words of a mail: which notice it is and what it promises, by a published schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.notice_fields import NoticeFields
from storage.notice import NoticeKind

SCHEMA = Path(__file__).parent / "schemas" / "notice-1.json"
SCHEMA_ADDRESS = "/schemas/notice-1.json"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a message stands for its sender: a word of the schema's, and a sentence that is no secret anywhere."""

    state: str
    in_words: str


STANDINGS = {
    NoticeKind.RECEIPT: Standing(state="received", in_words="We have your message."),
    NoticeKind.LOOKED_AT: Standing(state="decided", in_words="We have read your message and decided what to do."),
    NoticeKind.NEED_MORE: Standing(state="question", in_words="We have a question for you."),
    NoticeKind.CLOSED: Standing(state="finished", in_words="We have finished with your message."),
    NoticeKind.PASSED_ON: Standing(state="passed_on", in_words="We have passed on your message."),
    NoticeKind.WORKER_MESSAGE: Standing(state="with_worker", in_words="We have your message, a worker will read it."),
    NoticeKind.LATE: Standing(state="late", in_words="We are late, and we are sorry."),
    NoticeKind.STAFF_TASK: Standing(state="task", in_words="Somebody has to act."),
}
TIMES: Mapping[NoticeKind, Mapping[str, str]] = {
    NoticeKind.RECEIPT: {"look_by": "read_by", "next_notice_by": "next_notice_by"},
    NoticeKind.NEED_MORE: {"answer_by": "answer_by"},
    NoticeKind.WORKER_MESSAGE: {"look_by": "read_by", "answer_by": "answer_by"},
    NoticeKind.LATE: {"missed": "promised", "look_by": "new_time"},
}
"""Each time of the schema, by the field of the wording that says it: both always say the same."""


@dataclass(frozen=True, kw_only=True)
class AboutUs:
    """Who writes, and where to turn; ``web`` is the one origin of our pages."""

    organisation: str
    phone: str
    complain: str
    web: str


def machine_part(
    kind: NoticeKind, told: NoticeFields, us: AboutUs, *, written_at: datetime, is_discreet: bool
) -> dict[str, str]:
    """The values of one notice, all of them text; a discreet one names neither the organisation nor its pages."""
    standing = STANDINGS[kind]
    web = us.web.rstrip("/")
    times = {"received_at": told.received, "written_at": written_at}
    times |= {name: getattr(told, field) for name, field in TIMES.get(kind, {}).items()}
    said = {
        "$schema": f"{web}{SCHEMA_ADDRESS}", "kind": kind.value, "state": standing.state,
        "in_words": standing.in_words, "reference": told.reference, "phone": us.phone,
    }  # fmt: skip
    if not is_discreet:
        said |= {"organisation": us.organisation, "track": f"{web}/track", "complain": us.complain}
    said |= {name: at.astimezone(UTC).isoformat().replace("+00:00", "Z") for name, at in times.items() if at}
    return {name: value for name, value in said.items() if value}

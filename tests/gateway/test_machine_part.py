"""What programs find in a mail follows the schema we publish, which lets nothing through that is not for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from gateway.machine_part import SCHEMA, AboutUs, machine_part
from gateway.notice_fields import NoticeFields
from gateway.wording_rules import EVERYTHING_KNOWN
from storage.notice import NoticeKind

SCHEMA_READ: dict[str, Any] = json.loads(SCHEMA.read_text())
CHECK = jsonschema.Draft202012Validator(SCHEMA_READ, format_checker=jsonschema.FormatChecker())
AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
US = AboutUs(
    organisation="Northshire Council", phone="01632 960 001", complain="https://northshire.example/complain",
    web="https://frontdoor.northshire.example/",
)  # fmt: skip


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("is_discreet", [False, True])
def test_every_kind_is_valid_and_the_schema_is_named_by_its_address(kind: NoticeKind, is_discreet: bool) -> None:
    told = machine_part(kind, EVERYTHING_KNOWN, US, written_at=AT, is_discreet=is_discreet)
    CHECK.validate(told)
    assert told["$schema"] == "https://frontdoor.northshire.example/schemas/notice-1.json"
    assert ("organisation" in told) is not is_discreet
    assert told["written_at"] == "2026-11-23T10:15:00Z"


def test_what_was_decided_asked_or_named_is_never_in_it() -> None:
    secret = "never said"
    told = NoticeFields(
        reference="KMR-4729-HX", received=AT, question=secret, worker=secret, other_council=secret, decision=secret,
        reasons=secret, next_steps=secret, code=secret, what_we_got=secret, acts=True, made_by=secret,
    )  # fmt: skip
    for kind in NoticeKind:
        assert secret not in str(machine_part(kind, told, US, written_at=AT, is_discreet=False))


def test_the_schema_is_one_and_knows_every_kind() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA_READ)
    assert set(SCHEMA_READ["properties"]["kind"]["enum"]) == set(NoticeKind)


@pytest.mark.parametrize(
    "wrong",
    [
        {"child_known": "yes"}, {"kind": "receipt"}, {"kind": "need_more"}, {"kind": "late"}, {"reference": "KMR"},
        {"received_at": "yesterday"}, {"phone": 1632}, {"kind": "decision"}, {"text": "words"}, {"state": "nfa"},
        {"$schema": "https://x.example/other.json"},
    ],
)  # fmt: skip
def test_the_schema_refuses_what_no_notice_may_say(wrong: dict[str, Any]) -> None:
    good = machine_part(NoticeKind.CLOSED, EVERYTHING_KNOWN, US, written_at=AT, is_discreet=False)
    assert not CHECK.is_valid(good | wrong)

"""Texts people send to our number at GOV.UK Notify, in the words of the other provider's webhooks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels.contract import Purpose, RawMessage, Unreadable
from channels.notify.states import moment

STEP = "notify-text"
CHANNEL = "sms"


def raw_text(body: bytes, posted: Mapping[str, Any], key: str) -> RawMessage:
    """A text as it is kept: one of the texts' own channel, whoever carried it. ``key`` is used where it has no id."""
    return RawMessage(
        channel=CHANNEL, source_key=f"notify:{posted.get('id') or key}", body=body, media_type="application/json",
        envelope={"step": STEP}, received_at=received_at(posted), purpose=Purpose.MESSAGE,
    )  # fmt: skip


def as_webhook(body: bytes) -> Mapping[str, str]:
    """Its fields under the names a text has here; raises ``Unreadable``. Called back and listed they differ."""
    try:
        posted = json.loads(body)
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(posted, dict) or not posted.get("id"):
        raise Unreadable("not a text that GOV.UK Notify received")
    return {
        "MessageSid": str(posted["id"]),
        "From": _international(str(posted.get("source_number") or posted.get("user_number") or "")),
        "To": str(posted.get("destination_number") or posted.get("notify_number") or ""),
        "Body": str(posted.get("message") or posted.get("content") or ""),
    }


def received_at(posted: Mapping[str, Any]) -> datetime | None:
    """When it was received there, aware UTC; None where it does not say."""
    return moment(posted.get("date_received") or posted.get("created_at"))


def _international(number: str) -> str:
    """The service writes numbers of people as 447700900123, and names and short codes as they are."""
    return f"+{number}" if number.isdecimal() and len(number) > 9 and not number.startswith("0") else number

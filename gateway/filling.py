"""What the words of a notice were filled in with, as bytes that can be sealed beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.notice_fields import NoticeFields


def as_bytes(extra: Mapping[str, Any], fields: NoticeFields) -> bytes:
    """The fields of this kind of notice, and what we got: that cannot be counted again without the message."""
    told = {"what_we_got": fields.what_we_got, **extra}
    times = {name: value.isoformat() for name, value in told.items() if isinstance(value, datetime)}
    others = {name: value for name, value in told.items() if name not in times}
    return json.dumps({"times": times, "others": others}).encode()


def from_bytes(kept: bytes) -> Mapping[str, Any]:
    """The same fields again, times as times."""
    read = json.loads(kept)
    return {**read["others"], **{name: datetime.fromisoformat(at) for name, at in read["times"].items()}}

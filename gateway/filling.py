"""What the words of a notice were filled in with, as bytes that can be sealed beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from gateway.notice_fields import NoticeFields

NO_DATA: Mapping[str, str] = MappingProxyType({})


def as_bytes(extra: Mapping[str, Any], fields: NoticeFields, *, data: Mapping[str, str] = NO_DATA) -> bytes:
    """The fields of this kind of notice, and what we got: that cannot be counted again without the message.

    ``data``: what programs may read beside the words.
    """
    told = {"what_we_got": fields.what_we_got, **extra}
    times = {name: value.isoformat() for name, value in told.items() if isinstance(value, datetime)}
    others = {name: value for name, value in told.items() if name not in times}
    return json.dumps({"times": times, "others": others, "data": dict(data)}).encode()


def from_bytes(kept: bytes) -> Mapping[str, Any]:
    """The same fields again, times as times."""
    read = json.loads(kept)
    return {**read["others"], **{name: datetime.fromisoformat(at) for name, at in read["times"].items()}}


def data_of(kept: bytes) -> Mapping[str, str]:
    """What programs may read beside the words; empty where the notice was written before that was kept."""
    return dict(json.loads(kept).get("data", {}))


def reference_in(kept: bytes) -> str:
    """The reference of the sender's own message, where they were told that one; empty where it is the referral's."""
    return str(json.loads(kept).get("others", {}).get("reference") or "")

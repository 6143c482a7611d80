"""An owed notice made ready for its channel: address opened, thread joined, what programs may read beside it."""

from __future__ import annotations

import json
from datetime import datetime

from channels.contract import Outgoing
from gateway.addresses import address_of
from storage.notice import Addressed, Notice
from storage.sealing import Seal


def outgoing(seal: Seal, row: Notice, to: Addressed, now: datetime) -> Outgoing:
    """The same words for the same row every time, so that what is sent twice is the same twice."""
    about = to.referral
    data = {
        "kind": row.kind, "reference": about.reference, "received_at": _iso(about.received_at),
        "look_by": _iso(about.look_by),
    }  # fmt: skip
    return Outgoing(
        notice_id=row.id, reference=about.reference, kind=row.kind, address=address_of(seal, to.who), text=row.text,
        subject=row.subject, html=row.html, reply_handle=_reply_handle(seal, row), data=data,
        written_at=row.created_at, good_for=row.limit_at - now if row.limit_at else None,
    )  # fmt: skip


def _reply_handle(seal: Seal, row: Notice) -> dict[str, str]:
    if row.reply_handle is None:
        return {}
    return dict(json.loads(seal.open(row.reply_handle, f"reply:{row.id}")))


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")

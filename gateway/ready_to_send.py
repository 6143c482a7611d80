"""Makes one notice ready for its channel: the words that were written down, its address, and what programs may read."""

from __future__ import annotations

from datetime import datetime

from channels.contract import Outgoing
from gateway import filling
from gateway.addresses import address_of
from gateway.in_thread import open_handle
from storage.notice import Addressed, Notice
from storage.sealing import Seal


def outgoing(seal: Seal, row: Notice, to: Addressed, now: datetime) -> Outgoing:
    """The same words for the same row every time, so that what is sent twice is the same twice."""
    kept = seal.open(row.filled_in, f"filled in:{row.id}") if row.filled_in else b"{}"
    reference = filling.reference_in(kept) or to.referral.reference
    data = filling.data_of(kept)
    return Outgoing(
        notice_id=row.id, reference=reference, kind=row.kind, address=address_of(seal, to.who), text=row.text,
        subject=row.subject, html=row.html, reply_handle=open_handle(seal, row),
        data=data or {"kind": row.kind, "reference": reference},
        is_discreet=bool(data) and "organisation" not in data,
        written_at=row.created_at, good_for=row.limit_at - now if row.limit_at else None,
        large_print=to.who is not None and to.who.large_print,
    )  # fmt: skip

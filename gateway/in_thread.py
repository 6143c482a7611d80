"""Which thread of mails a notice joins: the sender's own mail, and what we wrote to the same address of it before."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlmodel import Session

from storage import notice
from storage.notice import Notice, NoticeKind, NoticeState
from storage.sealing import Seal

EARLIER = "notices"
MOST_EARLIER = 10
"""Of ours in the header of one mail: the first, which all of them follow, and the latest."""


def continued(session: Session, seal: Seal, row: Notice) -> Mapping[str, str]:
    """What a later notice (N2 to N7) continues: what the first answered, and the ids of all before it.

    Only what went to the very same address counts: nobody's mail names a mail that another person got.
    """
    earlier = [each for each in notice.of_referrals(session, [row.referral_id]) if _is_before(each, row)]
    if not earlier:
        return {}
    ids = [each.id for each in earlier]
    kept = [ids[0], *ids[1:][-(MOST_EARLIER - 1) :]]
    return {**open_handle(seal, earlier[0]), EARLIER: " ".join(kept)}


def close_handle(seal: Seal, notice_id: str, handle: Mapping[str, str]) -> bytes:
    """Sealed for ``Notice.reply_handle``: the ids name the sender's domain."""
    return seal.close(json.dumps(dict(handle)).encode(), f"reply:{notice_id}")


def open_handle(seal: Seal, row: Notice) -> dict[str, str]:
    """What the answer needs to join the thread; empty where there is none."""
    if row.reply_handle is None:
        return {}
    return dict(json.loads(seal.open(row.reply_handle, f"reply:{row.id}")))


def _is_before(each: Notice, row: Notice) -> bool:
    is_mail = each.channel == "email" and each.kind != NoticeKind.STAFF_TASK
    return is_mail and each.identity_id == row.identity_id and each.state != NoticeState.CANCELLED

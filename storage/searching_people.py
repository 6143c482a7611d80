"""Which referrals an address belongs to, found by its keyed hash: who told us, other ways to them, the child's home."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from storage import direct

MOST = 200


def referrals_of(session: Session, *, found_by: Sequence[str], homes: Sequence[str]) -> list[int]:
    """The newest of them, the newest first; ``found_by`` are hashes of identities, ``homes`` those of households.

    Whoever shows that there is one of them to a person may know who told us, and records it.
    """
    if not found_by:
        return []
    people, places = direct.marks(len(found_by)), direct.marks(len(homes))
    known = f"SELECT id FROM identity WHERE address_hash IN ({people})"  # noqa: S608
    found = direct.ask(
        session,
        f"WITH known AS (SELECT id FROM ({known}) AS k)"  # noqa: S608
        " SELECT referral_id FROM ("
        "SELECT r.id AS referral_id FROM referral r WHERE r.identity_id IN (SELECT id FROM known)"
        " UNION SELECT m.referral_id FROM message m"
        " WHERE m.identity_id IN (SELECT id FROM known) AND m.referral_id IS NOT NULL"
        " UNION SELECT w.referral_id FROM contact_way w WHERE w.identity_id IN (SELECT id FROM known)"
        f" UNION SELECT c.referral_id FROM claim c WHERE c.value_hash IN ({people})"
        f" UNION SELECT h.referral_id FROM household h WHERE h.address_hash IN ({places or 'NULL'})"
        ") AS every_one ORDER BY referral_id DESC LIMIT ?",
        (*found_by, *found_by, *homes, MOST),
    )
    return [referral_id for (referral_id,) in found]

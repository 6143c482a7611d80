"""The words of some referrals as they stand, for the passage that is shown of each that was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from storage import direct

LONGEST = 20_000


def texts_of(session: Session, referral_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """By referral: subjects, messages, words of parts, translations, values, notes; nothing that was kept sealed."""
    if not referral_ids:
        return {}
    some = f"referral_id IN ({direct.marks(len(referral_ids))})"
    found = direct.ask(
        session,
        "SELECT referral_id, 1 AS place, COALESCE(ledger_no, 0) AS n, subject AS a, SUBSTR(text, 1, ?) AS b"  # noqa: S608
        f" FROM message WHERE {some} AND (subject <> '' OR text <> '')"
        " UNION ALL SELECT referral_id, 2, position, '', SUBSTR(text, 1, ?) FROM attachment"
        f" WHERE {some} AND second_to IS NULL AND text <> ''"
        " UNION ALL SELECT p.referral_id, 3, t.version, '', SUBSTR(t.translation, 1, ?) FROM attachment p"
        f" JOIN transcript t ON t.attachment_id = p.id WHERE p.{some} AND t.translation <> ''"
        f" UNION ALL SELECT referral_id, 4, id, '', what FROM audit WHERE {some} AND NOT is_private"
        " AND who <> 'frontdoor'"
        f" UNION ALL SELECT referral_id, 5, 0, value_norm, value FROM claim WHERE {some} AND NOT identifies_referrer"
        " AND status NOT IN ('rejected', 'superseded')"
        " ORDER BY place, n",
        (LONGEST, *referral_ids, LONGEST, *referral_ids, LONGEST, *referral_ids, *referral_ids, *referral_ids),
    )
    texts: dict[int, list[str]] = {}
    for referral_id, _, _, first, second in found:
        texts.setdefault(referral_id, []).extend(each for each in (first, second) if each)
    return {referral_id: tuple(each) for referral_id, each in texts.items()}

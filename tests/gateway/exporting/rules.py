"""The rules of the children in need census that can be checked of a front door's file, said once more on their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

SOURCES = (
    "1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F", "4", "5A", "5B", "5C", "5D", "6", "7", "8",
    "9", "10",
)  # fmt: skip
NEEDS = [f"N{number}" for number in range(10)]
CLOSURES = [f"RC{number}" for number in range(1, 10)]


def faults(rows: Sequence[Mapping[str, str | None]]) -> list[str]:
    """The number of each rule that is broken, and by which child."""
    return [f"{number} {row.get('LAchildID')}" for row in rows for number, holds in RULES.items() if not holds(row)]


def _source(row: Mapping[str, str | None]) -> bool:
    """8866: the source of a referral since April 2013 is there and a code."""
    return row.get("ReferralSource") in SOURCES


def _nfa(row: Mapping[str, str | None]) -> bool:
    """8568: the flag is there, and 1 or 0, true or false."""
    return row.get("ReferralNFA") in ("1", "0", "true", "false")


def _need(row: Mapping[str, str | None]) -> bool:
    """8610: where there is further action, the primary need is there; where it is there, it is a code."""
    need = row.get("PrimaryNeedCode")
    return need in NEEDS if need is not None else row.get("ReferralNFA") in ("1", "true")


def _closure(row: Mapping[str, str | None]) -> bool:
    """8640: a reason for closure is a code."""
    return row.get("ReasonForClosure") in (None, *CLOSURES)


def _day(row: Mapping[str, str | None]) -> bool:
    """8600: the day of the referral is there and not after the reference date."""
    return date.fromisoformat(row.get("CINreferralDate") or "") <= date(2027, 3, 31)


def _birth(row: Mapping[str, str | None]) -> bool:
    """8606: the referral is not more than 40 weeks before the birth."""
    born = row.get("PersonBirthDate") or row.get("ExpectedPersonBirthDate")
    referred = date.fromisoformat(row.get("CINreferralDate") or "")
    return born is None or (date.fromisoformat(born) - referred).days <= 280


RULES = {8866: _source, 8568: _nfa, 8610: _need, 8640: _closure, 8600: _day, 8606: _birth}

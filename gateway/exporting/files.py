"""The files of an export, made once on record: who took which lists of which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.core import Core
from gateway.exporting.annex_a import contacts, referrals
from gateway.exporting.cases import cases
from gateway.exporting.census import census
from storage import audit

YEARS = range(2000, 2100)
"""Of the days that may be asked for."""


class Kind(StrEnum):
    """What is exported."""

    ANNEX_A = "annex-a"
    CIN = "cin"


@dataclass(frozen=True, kw_only=True)
class Export:
    """The files by name; ``lines`` is how many reports and children stand in them together."""

    files: Mapping[str, bytes]
    lines: int


def export(core: Core, kind: Kind, *, first: date, last: date, who: str) -> Export:
    """The lists of what was received on these days; that they were taken is on record before they are."""
    with core.database.transaction() as session:
        what = f"Exported {kind} of {first.isoformat()} to {last.isoformat()}"
        audit.record(session, at=core.clock(), who=who, what=what, is_private=True)
    with core.database.reading() as session:
        found = list(cases(session, first, last))
    if kind is Kind.CIN:
        files = {"cin.xml": census(found, last=last)}
    else:
        files = {
            "annex-a-list-1-contacts.csv": contacts(found).encode(),
            "annex-a-list-2-referrals.csv": referrals(found).encode(),
        }
    return Export(files=files, lines=len(found))

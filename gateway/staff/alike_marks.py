"""Marks of a line of the queue that rest on likeness and suggestions: which report it is, what is perhaps red."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from gateway.guards import rank
from gateway.likeness.marks import marks
from storage import suggestion
from storage.referral import Referral, Severity

PERHAPS_RED = "Perhaps red"


def marks_of(session: Session, rows: Sequence[Referral]) -> Mapping[int, tuple[str, ...]]:
    """In a few questions for a whole page; what a person rated red, or has set aside, is not marked."""
    below = [row.id or 0 for row in rows if rank(row.severity) < rank(Severity.RED) == rank(row.severity_floor)]
    perhaps = suggestion.perhaps(session, below) if below else {}
    counted = marks(session, [row.id or 0 for row in rows])
    return {
        one: (*((PERHAPS_RED,) if perhaps.get(one) == Severity.RED else ()), *counted.get(one, ()))
        for one in (row.id or 0 for row in rows)
    }

"""The sentence that may be said in public of a sample, made from the figures that stand in its table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import datetime

from gateway import saying
from gateway.sampling.as_it_was import Report
from storage.referral import Severity

HARM = (Severity.RED, Severity.AMBER)


def sentence(reports: Sequence[Report], as_at: datetime) -> str:
    """Open ones count as not answered, never left out."""
    if not reports:
        return f"No report had been received by {saying.moment_and_year(as_at)}."
    harm = [one for one in reports if one.severity in HARM]
    first, last = reports[0].ledger_no, reports[-1].ledger_no
    opening = f"We reviewed the latest {len(reports)} reports in strict order of receipt (nos {first}-{last})."
    return f"{opening} {_speed('Of all of them', reports, as_at)} {_speed(_harm_words(len(harm)), harm, as_at)}"


def _harm_words(count: int) -> str:
    return f"In the {count} rated red or amber, where a child may be at risk of significant harm"


def _speed(who: str, reports: Sequence[Report], as_at: datetime) -> str:
    hours = sorted(taken for one in reports if (taken := one.hours_to_first_look) is not None)
    unanswered = f"{len(reports) - len(hours)} had no response by {saying.moment_and_year(as_at)}."
    if not hours:
        return f"{who}, {unanswered}"
    middle = statistics.median(hours)
    return (
        f"{who}, the first human look came within {middle:.1f} hours (median), {hours[-1]:.1f} (slowest); {unanswered}"
    )

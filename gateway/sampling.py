"""The inspector's pack: the last reports in strict order of receipt, how fast each was looked at, and by whom."""

from __future__ import annotations

import csv
import io
import re
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from gateway import saying
from storage import audit, referral
from storage.audit import Audit
from storage.referral import Referral, Severity

HEADINGS = (
    "ledger_no", "reference", "channel", "contact_source", "received_at", "captured_at", "severity", "look_by",
    "looked_at", "looked_by", "hours_to_first_look", "state", "decision",
)  # fmt: skip
PAGE = 500
RATED = re.compile(r"Rated \w+ \(was (\w+)\)")  # as gateway.deciding writes history
DECIDED = re.compile(r"Decided: (\w+),")
HARM = (Severity.RED, Severity.AMBER)


def write(session: Session, folder: Path, *, n: int, as_at: datetime) -> str:
    """``sample.csv`` and ``sentence.txt`` in ``folder``, the same bytes for the same ``as_at``; the sentence."""
    rows = as_they_were(session, list(reversed(referral.newest(session, limit=n, as_at=as_at))), as_at)
    told = sentence(rows, as_at)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sample.csv").write_text(table(rows, as_at), encoding="utf-8", newline="")
    (folder / "sentence.txt").write_text(told + "\n", encoding="utf-8")
    return told


def as_they_were(session: Session, rows: Sequence[Referral], as_at: datetime) -> list[Referral]:
    """Copies with the rating and the decision of that moment, which history tells."""
    history: dict[int | None, list[Audit]] = {}
    for first in range(0, len(rows), PAGE):
        for line in audit.of_referrals(session, [row.id or 0 for row in rows[first : first + PAGE]]):
            history.setdefault(line.referral_id, []).append(line)
    return [_as_it_was(row, history.get(row.id, []), as_at) for row in rows]


def _as_it_was(row: Referral, history: Sequence[Audit], as_at: datetime) -> Referral:
    rated_later = (found[1] for line in history if line.at > as_at and (found := RATED.match(line.what)))
    decided = [(line.at, found[1]) for line in history if line.at <= as_at and (found := DECIDED.match(line.what))]
    was = row.model_dump() | {"severity": next(rated_later, row.severity)}
    if decided and (row.decided_at is None or row.decided_at > as_at):
        was["decided_at"], was["decision_code"] = decided[-1]
    return Referral(**was)


def table(rows: Sequence[Referral], as_at: datetime) -> str:
    """The CSV the sentence rests on; what happened after ``as_at`` is left out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        looked = _looked_at(row, as_at)
        hours = _hours(row, as_at)
        decided = row.decided_at is not None and row.decided_at <= as_at
        writer.writerow([
            row.ledger_no, row.reference, row.channel, row.contact_source_code, _iso(row.received_at),
            _iso(row.captured_at), row.severity, _iso(row.look_by), _iso(looked) if looked else "",
            row.looked_by if looked else "", f"{hours:.2f}" if hours is not None else "",
            "looked at" if looked else "not looked at", row.decision_code if decided else "",
        ])  # fmt: skip
    return out.getvalue()


def sentence(rows: Sequence[Referral], as_at: datetime) -> str:
    """What may be said of them in public: open ones count as not answered, never left out."""
    if not rows:
        return f"No report had been received by {saying.moment_and_year(as_at)}."
    harm = [row for row in rows if row.severity in HARM]
    first, last = rows[0].ledger_no, rows[-1].ledger_no
    opening = f"We reviewed the latest {len(rows)} reports in strict order of receipt (nos {first}-{last})."
    return f"{opening} {_speed('Of all of them', rows, as_at)} {_speed(_harm_words(len(harm)), harm, as_at)}"


def _harm_words(count: int) -> str:
    return f"In the {count} rated red or amber, where a child may be at risk of significant harm"


def _speed(who: str, rows: Sequence[Referral], as_at: datetime) -> str:
    hours = sorted(h for row in rows if (h := _hours(row, as_at)) is not None)
    waiting = len(rows) - len(hours)
    unanswered = f"{waiting} had no response by {saying.moment_and_year(as_at)}."
    if not hours:
        return f"{who}, {unanswered}"
    middle = statistics.median(hours)
    return (
        f"{who}, the first human look came within {middle:.1f} hours (median), {hours[-1]:.1f} (slowest); {unanswered}"
    )


def _hours(row: Referral, as_at: datetime) -> float | None:
    looked = _looked_at(row, as_at)
    return (looked - row.received_at).total_seconds() / 3600 if looked else None


def _looked_at(row: Referral, as_at: datetime) -> datetime | None:
    return row.looked_at if row.looked_at is not None and row.looked_at <= as_at else None


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

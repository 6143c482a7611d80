"""The tables of the pack, one line a report and one a number of the ledger, as CSV that any program reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from gateway.sampling.as_it_was import Entry, Report
from storage.message import received_text

HEADINGS = (
    "ledger_no", "reference", "channel", "contact_source", "received_at", "captured_at", "severity", "look_by",
    "looked_at", "looked_by", "hours_to_first_look", "state", "decision", "decided_at",
)  # fmt: skip
LEDGER_HEADINGS = ("ledger_no", "channel", "received_at", "captured_at", "sha256", "prev_hash", "chain_hash", "became")


def table(reports: Sequence[Report]) -> str:
    """The CSV the sentence rests on."""
    return _csv(HEADINGS, map(line_of, reports))


def line_of(report: Report) -> tuple[object, ...]:
    """One report under ``HEADINGS``; hours with two places, times in UTC to the second."""
    hours = report.hours_to_first_look
    return (
        report.ledger_no, report.reference, report.channel, report.contact_source_code, _iso(report.received_at),
        _iso(report.captured_at), report.severity, _iso(report.look_by), _iso(report.looked_at),
        report.looked_by or "", f"{hours:.2f}" if hours is not None else "",
        "looked at" if report.looked_at else "not looked at", report.decision_code or "", _iso(report.decided_at),
    )  # fmt: skip


def ledger_table(entries: Sequence[Entry]) -> str:
    """Every number of the ledger in the range; ``received_at`` as it goes into the chain, to the microsecond."""
    return _csv(LEDGER_HEADINGS, map(_number_of, entries))


def _number_of(entry: Entry) -> tuple[object, ...]:
    kept = entry.kept
    return (
        kept.ledger_no, kept.channel, received_text(kept.received_at), _iso(kept.captured_at), kept.sha256,
        kept.prev_hash, kept.chain_hash, entry.became,
    )  # fmt: skip


def _csv(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(lines)
    return out.getvalue()


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""

"""The last reports as they stood at a moment, told from what never changes and from what each change left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from gateway import working_days
from gateway.census_codes import UNKNOWN_SOURCE
from gateway.desk_words import NOT_A_REPORT
from storage import ledger_mark, was
from storage.message import Message
from storage.referral import Referral, Severity

PAGE = 500
SEEN = (
    "ledger_no", "reference", "channel", "received_at", "captured_at", "sha256", "prev_hash", "chain_hash",
    "referral_id", "read_at",
)  # fmt: skip
TOLD = (
    "reference", "contact_source_code", "received_at", "severity", "look_by", "looked_at", "looked_by", "decided_at",
    "decision_code",
)  # fmt: skip


class NotMarked(Exception):
    """Nobody has marked how far the ledger had come since that moment: ``ledger_mark.mark`` comes first."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One number of the ledger: all that never changes, and in what it ended once it was read."""

    ledger_no: int
    reference: str
    channel: str
    received_at: datetime
    captured_at: datetime
    sha256: str
    prev_hash: str
    chain_hash: str
    referral_id: int | None
    read_at: datetime | None

    def was_read(self, as_at: datetime) -> bool:
        """Whether it had been read into a report by then."""
        return self.read_at is not None and self.read_at <= as_at


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One number of the ledger with what had become of it by the moment asked for."""

    kept: Kept
    became: str
    is_report: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report as it stood at the moment asked for."""

    ledger_no: int
    reference: str
    channel: str
    contact_source_code: str
    received_at: datetime
    captured_at: datetime
    severity: str
    look_by: datetime
    looked_at: datetime | None
    looked_by: str | None
    decided_at: datetime | None
    decision_code: str | None

    @property
    def hours_to_first_look(self) -> float | None:
        """None while nobody had looked."""
        return (self.looked_at - self.received_at).total_seconds() / 3600 if self.looked_at else None


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The reports in order of receipt, and every number of the ledger from the first of them to the last one kept."""

    as_at: datetime
    reports: Sequence[Report]
    ledger: Sequence[Entry]


def drawn(session: Session, *, n: int, as_at: datetime) -> Drawn:
    """The latest ``n`` reports of that moment; the same for ever once the ledger is marked. Raises ``NotMarked``."""
    ledger: list[Entry] = []
    reports: list[Report] = []
    for page in _pages(session, as_at):
        for entry, report in _read(session, page, as_at):
            ledger.append(entry)
            if report is not None:
                reports.append(report)
            if len(reports) >= n:
                return Drawn(as_at=as_at, reports=reports[::-1], ledger=ledger[::-1])
    first = reports[-1].ledger_no if reports else 0
    return Drawn(
        as_at=as_at, reports=reports[::-1], ledger=[each for each in ledger[::-1] if each.kept.ledger_no >= first]
    )


def _pages(session: Session, as_at: datetime) -> Iterator[Sequence[Kept]]:
    """What the ledger held, the last number first."""
    mark = ledger_mark.first_at_or_after(session, as_at) or ledger_mark.latest(session)
    if mark is None:
        raise NotMarked
    columns = [getattr(Message, name) for name in SEEN]
    below = mark.ledger_no + 1
    while True:
        query = select(*columns).where(col(Message.ledger_no) < below).order_by(col(Message.ledger_no).desc())
        rows = session.execute(query.limit(PAGE))
        page = [Kept(**dict(zip(SEEN, row, strict=True))) for row in rows]
        if not page:
            return
        yield page
        below = page[-1].ledger_no


def _read(session: Session, page: Sequence[Kept], as_at: datetime) -> Iterator[tuple[Entry, Report | None]]:
    known = {kept.referral_id for kept in page if kept.was_read(as_at)} - {None}
    those = {row.id: row for row in session.exec(select(Referral).where(col(Referral.id).in_(known)))}
    past = _past(session, list(those), as_at)
    for kept in page:
        about = those.get(kept.referral_id) if kept.was_read(as_at) else None
        became, is_report = _became(kept, about, as_at)
        entry = Entry(kept=kept, became=became, is_report=is_report)
        yield entry, _report(kept, about, past.get(about.id, {}) if about else {}) if is_report else None


def _past(session: Session, ids: Sequence[int | None], as_at: datetime) -> dict[int | None, dict[str, object]]:
    """What the fields of these referrals held then, where that was something else than now."""
    held: dict[int | None, dict[str, object]] = {}
    for one in was.later_than(session, [each for each in ids if each is not None], as_at):
        held.setdefault(one.referral_id, {})[one.field] = was.value_of(one.field, one.value)
    return held


def _became(kept: Kept, about: Referral | None, as_at: datetime) -> tuple[str, bool]:
    """In words, and whether it was a report."""
    if kept.captured_at > as_at:
        return "kept later", False
    if not kept.was_read(as_at):
        return "a report, not read yet", True
    if about is None:
        return "set aside: it belongs to nothing that is known", False
    if about.ledger_no != kept.ledger_no:
        return f"added to {about.reference}", False
    if about.treated_as == NOT_A_REPORT:
        return "not a report: staff wrote of the desk itself", False
    return "a report", True


def _report(kept: Kept, about: Referral | None, past: Mapping[str, object]) -> Report:
    said = partial(Report, ledger_no=kept.ledger_no, channel=kept.channel, captured_at=kept.captured_at)
    if about is None:
        return said(
            reference=kept.reference, contact_source_code=UNKNOWN_SOURCE, received_at=kept.received_at,
            severity=Severity.UNRATED, look_by=working_days.look_by(kept.received_at), looked_at=None, looked_by=None,
            decided_at=None, decision_code=None,
        )  # fmt: skip
    told: dict[str, Any] = {name: past.get(name, getattr(about, name)) for name in TOLD}
    return said(**told)

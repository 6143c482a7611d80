"""The pack as files: the sentence, the table it rests on, the ledger that proves nothing was picked, and their sums."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from gateway import saying
from gateway.core import Core
from gateway.sampling.as_it_was import Drawn, Report, drawn
from gateway.sampling.sentence import sentence
from gateway.sampling.table import ledger_table, table
from storage import audit, ledger_mark

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
SUMS = "SHA256SUMS.txt"
READ_ME = """About this pack

{sentence}

What is here
- sample.csv: the {count} reports, one on each line, in the order in which they were received. The sentence above
  (also in sentence.txt) rests on nothing else.
- ledger.csv: every number the ledger gave from {first} to {last}, one on each line, with what became of it.
  {others}
- SHA256SUMS.txt: a checksum of each file.

How the reports were chosen
Nobody chose them. Each thing that reaches the front door gets the next number of one ledger, before anybody reads it.
The pack takes the latest {count} numbers that were reports about a child by {moment}. A report that nobody had
looked at is in it as not looked at. What was added to an earlier report is no report of its own. What staff write
about the desk itself is no report, and is listed in ledger.csv as such.

How to check it
- The numbers in ledger.csv must follow each other without a gap, and each number in sample.csv must stand in ledger.csv
  as a report.
- chain_hash is sha256, in hexadecimal, of prev_hash|ledger_no|channel|received_at|sha256, and prev_hash is the
  chain_hash of the line before. A line that was changed or left out breaks the chain.
- The last number is {last} and its hash is {head}.
- Ask for the pack of the same number of reports as at the same time again: it is the same to the byte, whatever has
  been done with the reports since.

hours_to_first_look is wall-clock hours from received_at to looked_at. Times are UTC. severity, decision and
contact_source are what had been recorded by that time. The pack does not say who told us.
"""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """The files by name, and what they say."""

    files: Mapping[str, bytes]
    sentence: str
    reports: Sequence[Report]


def take(core: Core, *, n: int, as_at: datetime, who: str) -> Pack:
    """The pack of that moment; that it was taken, and by whom, is on record before it is drawn.

    A moment of the last minute may still be written to by a step that had begun: whole to the byte for ever is the pack
    of a moment that lies further back. Of one that lies ahead it tells how things stand, and is another later.
    """
    asked = as_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with core.database.transaction() as session:
        ledger_mark.mark(session, core.clock())
        what = f"Took the inspectors' sample: the latest {n} reports as at {asked}"
        audit.record(session, at=core.clock(), who=who, what=what)
    with core.database.reading() as session:
        return of(session, n=n, as_at=as_at)


def of(session: Session, *, n: int, as_at: datetime) -> Pack:
    """The pack, where the ledger is marked already."""
    found = drawn(session, n=n, as_at=as_at)
    told = sentence(found.reports, as_at)
    files = {
        "README.txt": _read_me(found, told),
        "sentence.txt": told + "\n",
        "sample.csv": table(found.reports),
        "ledger.csv": ledger_table(found.ledger),
    }
    as_bytes = {name: words.encode() for name, words in files.items()}
    sums = "".join(f"{hashlib.sha256(kept).hexdigest()}  {name}\n" for name, kept in as_bytes.items())
    return Pack(files={**as_bytes, SUMS: sums.encode()}, sentence=told, reports=found.reports)


def written(pack: Pack, folder: Path) -> None:
    """The files in a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kept in pack.files.items():
        (folder / name).write_bytes(kept)


def zipped(pack: Pack) -> bytes:
    """One file to hand over: the same bytes for the same pack, for nothing in it is of the moment it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, kept in pack.files.items():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, kept)
    return out.getvalue()


def _read_me(found: Drawn, told: str) -> str:
    others = len(found.ledger) - len(found.reports)
    last = found.ledger[-1] if found.ledger else None
    said = "Each of them is one of these reports." if not others else f"{others} of them are no reports of their own."
    return READ_ME.format(
        sentence=told, count=len(found.reports), first=found.ledger[0].kept.ledger_no if last else 0,
        last=last.kept.ledger_no if last else 0, head=last.kept.chain_hash if last else "not given yet", others=said,
        moment=saying.moment_and_year(found.as_at),
    )  # fmt: skip

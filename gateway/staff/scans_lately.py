"""The scans that came last, with what became of each: for the clerk who put them in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage import message
from storage.message import Message
from storage.referral import Referral
from storage.sealing import Seal

SHOWN = 50
NAMED = 3


@dataclass(frozen=True, kw_only=True)
class ScanSeen:
    """One file of post. ``references`` are of the first few of its ``letters``; ``is_read``: it is known how many.
    ``name`` is the file's. ``arrived_on``: the day the first of them reached the council, where that is known.
    """

    id: str
    at: datetime
    name: str
    way: str
    letters: int
    references: tuple[str, ...]
    is_read: bool
    unreadable: str
    arrived_on: date | None = None

    @property
    def further(self) -> int:
        """How many letters are not named."""
        return self.letters - len(self.references)


def scans_lately(session: Session, seal: Seal) -> list[ScanSeen]:
    """The newest first."""
    scans = message.scans_lately(session, SHOWN)
    ids = [scan.id for scan in scans]
    letters = letters_by_scan(scans, message.of_scans(session, ids))
    known = _references(session, [each for found in letters.values() for each in found[:NAMED]])
    envelopes = message.envelopes(session, ids)
    return [_seen(scan, letters[scan.id], known, _opened(seal, scan.id, envelopes[scan.id])) for scan in scans]


def letters_by_scan(scans: Sequence[Message], found: Sequence[Message]) -> dict[str, list[Message]]:
    """A scan nobody divided is one letter: itself."""
    letters: dict[str, list[Message]] = {scan.id: [] for scan in scans}
    for each in found:
        letters[each.scan_id or each.id].append(each)
    return {scan.id: letters[scan.id] or [scan] for scan in scans}


def way_in_words(envelope: Mapping[str, str]) -> str:
    """How a file of post came."""
    if by := envelope.get("handed_in_by"):
        return f"Handed in by {by}"
    if program := envelope.get("program"):
        return f"By the program {program}"
    if "rcpt_to" in envelope:
        return "Mailed by a scanner"
    return "Scan folder" if "folder" in envelope else "By a command"


def _seen(scan: Message, letters: Sequence[Message], known: Mapping[int, str], envelope: Mapping[str, str]) -> ScanSeen:
    references = [known.get(each.referral_id or 0, each.reference) for each in letters[:NAMED]]
    return ScanSeen(
        id=scan.id, at=scan.received_at, name=envelope.get("name", ""), way=way_in_words(envelope),
        letters=len(letters), references=tuple(dict.fromkeys(references)), unreadable=scan.unreadable,
        arrived_on=letters[0].arrived_on, is_read=all(each.read_at is not None for each in letters),
    )  # fmt: skip


def _references(session: Session, letters: Sequence[Message]) -> dict[int, str]:
    ids = {each.referral_id for each in letters if each.referral_id is not None}
    query = select(Referral.id, Referral.reference).where(col(Referral.id).in_(ids))
    return {id_: reference for id_, reference in session.exec(query) if id_ is not None} if ids else {}


def _opened(seal: Seal, message_id: str, envelope: bytes) -> dict[str, str]:
    return dict(json.loads(seal.open(envelope, f"envelope:{message_id}")))

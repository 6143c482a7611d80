"""Which letter of a scan a message is, as programs and pages see it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel
from sqlmodel import Session

from storage import message, sheet
from storage.message import Message


class ScanView(BaseModel):
    """A letter of a scan: ``letter`` of ``letters`` (from 1), its ``pages`` in order, as numbered in the scan.

    ``id`` is the message that brought the file; ``scanned`` is how many pages that has.
    """

    id: str
    letter: int
    letters: int
    pages: list[int]
    scanned: int


def scan_views(session: Session, shown: Sequence[Message]) -> dict[str, ScanView]:
    """Of those that are letters of scans, by their ids."""
    ids = sorted({each.scan_id for each in shown if each.scan_id})
    if not ids:
        return {}
    letters: dict[str, list[str]] = {}
    for each in message.of_scans(session, ids):
        letters.setdefault(each.scan_id or "", []).append(each.id)
    pages = sheet.of_letters(session, [each.id for each in shown if each.scan_id])
    scanned = sheet.counts(session, ids)
    return {
        each.id: ScanView(
            id=each.scan_id, letter=letters[each.scan_id].index(each.id) + 1, letters=len(letters[each.scan_id]),
            pages=[page.number for page in pages if page.message_id == each.id], scanned=scanned.get(each.scan_id, 0),
        )
        for each in shown
        if each.scan_id
    }  # fmt: skip

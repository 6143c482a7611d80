"""Puts on record that somebody looked at the pages of a scan: once for each time they open it, not for each picture."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.dividing.as_it_stands import POST, Scan
from storage import audit
from storage.audit import Audit
from storage.message import Message
from storage.sheet import Sheet

ONE_LOOK = timedelta(hours=12)
"""Pictures asked for without the page, or long after it, are a look of their own."""


def scan_that_brought(session: Session, message_id: str) -> str:
    """The id of the scan that a letter came in, or its own; raises ``NotFound``."""
    letter = session.get(Message, message_id)
    if letter is None or letter.channel != POST:
        raise NotFound(message_id)
    return letter.scan_id or letter.id


def look_on_record(core: Core, actor: Actor, scan_id: str, *, is_new: bool = False) -> None:
    """``is_new``: they open the page; else only where they have not lately. Raises ``NotFound``."""
    with core.database.reading() as session:
        scan = session.get(Message, scan_id)
        if scan is None:
            raise NotFound(scan_id)
        what = f"Opened the pages of the scan that came as number {scan.ledger_no}"
    _record(core, actor, what, scan.referral_id, is_new=is_new)


def large_look_on_record(core: Core, actor: Actor, scan: Scan, sheet: Sheet) -> None:
    """A page that can be read was opened: with the referral of the letter it belongs to, else with the scan's."""
    letter = next((each for each in scan.letters if each.id == sheet.message_id), scan.message)
    what = f"Opened page {sheet.number} of the scan that came as number {scan.message.ledger_no}"
    _record(core, actor, what, letter.referral_id)


def _record(core: Core, actor: Actor, what: str, about: int | None, *, is_new: bool = False) -> None:
    """Once for a while, unless it ``is_new``."""
    with core.database.reading() as session:
        if not is_new and _has_looked(session, actor.name, what, about, since=core.clock() - ONE_LOOK):
            return
    with core.database.transaction() as session:
        audit.record(session, at=core.clock(), who=actor.name, what=what, referral_id=about, is_private=True)


def _has_looked(session: Session, who: str, what: str, about: int | None, *, since: datetime) -> bool:
    query = select(Audit.id).where(Audit.who == who, Audit.what == what, col(Audit.at) >= since)
    return session.exec(query.where(Audit.referral_id == about).limit(1)).first() is not None

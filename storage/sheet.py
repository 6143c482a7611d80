"""Every page of a scan, and which letter it belongs to: nothing of a scan is ever out of sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import direct
from storage.columns import UtcDateTime, locked, new_id


class SheetKind(StrEnum):
    """What a page of a scan is, as the machine sees it or a person says."""

    PAGE = "page"
    BLANK = "blank"
    SEPARATOR = "separator"  # a sheet of ours that parts letters
    OURS = "ours"  # a letter of ours that came back, or is written on
    ENVELOPE = "envelope"  # as a person said: kept with its letter, as the last page


class Sheet(SQLModel, table=True):
    """One page. ``scan_id`` is the message that brought the file, ``number`` the page in it, from 1.

    ``message_id`` is the letter it belongs to, None for what is left out (separators, blanks, or by a person);
    ``place`` is its place in that letter, from 1, and ``turned`` by how many degrees clockwise a person turned it.
    ``code`` is what the machine-readable code on it says, empty where there is none. ``sha256`` and ``media_type`` are
    of the file as it came. ``moved_by`` names who last moved it, empty while it stands where the machine put it.
    """

    __table_args__ = (UniqueConstraint("scan_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scan_id: str = Field(index=True)
    number: int
    message_id: str | None = Field(default=None, index=True)
    place: int = 0
    turned: int = 0
    kind: str = SheetKind.PAGE
    code: str = ""
    sha256: str
    media_type: str
    width: float = 0
    height: float = 0
    moved_by: str = ""
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def add_all(session: Session, rows: Sequence[Sheet]) -> None:
    """The pages of a scan that is seen for the first time."""
    direct.insert(session, "sheet", [row.model_dump() for row in rows])


def of_scan(session: Session, scan_id: str) -> list[Sheet]:
    """Every page of a scan, in the order they were scanned."""
    return list(session.exec(select(Sheet).where(Sheet.scan_id == scan_id).order_by(col(Sheet.number))))


def held(session: Session, scan_id: str) -> list[Sheet]:
    """Every page of a scan, locked until the transaction ends: two who sort it at once do so one after the other."""
    return list(session.exec(locked(select(Sheet).where(Sheet.scan_id == scan_id).order_by(col(Sheet.number)))))


def counts(session: Session, scan_ids: Sequence[str]) -> dict[str, int]:
    """How many pages some scans have."""
    query = select(Sheet.scan_id, func.count()).where(col(Sheet.scan_id).in_(scan_ids)).group_by(Sheet.scan_id)
    return dict(session.exec(query).all())


def of_letters(session: Session, message_ids: Sequence[str]) -> list[Sheet]:
    """The pages of some letters, each letter's in its order."""
    query = select(Sheet).where(col(Sheet.message_id).in_(message_ids))
    return list(session.exec(query.order_by(col(Sheet.message_id), col(Sheet.place), col(Sheet.number))))

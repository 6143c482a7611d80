"""Buttons that must do a thing once however often they are pressed: what a page's button led to."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from storage import direct
from storage.columns import UtcDateTime

_LED_TO = "UPDATE pressed SET at = at WHERE mark = ? RETURNING reference"
_KEEP = "INSERT INTO pressed (mark, at, reference) VALUES (?, ?, '') ON CONFLICT (mark) DO NOTHING"


class Pressed(SQLModel, table=True):
    """One button of one page as it was drawn. ``reference`` is what the press led to, empty where there was nothing."""

    mark: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    reference: str = ""


def is_first(session: Session, mark: str, at: datetime) -> bool:
    """Whether nobody pressed it before; whoever presses it meanwhile waits until this transaction ends."""
    return direct.change(session, _KEEP, (mark, at)) == 1


def led_to(session: Session, mark: str) -> str:
    """What the last press led to, empty where there was nothing; held, so that others who press it wait."""
    rows = direct.ask(session, _LED_TO, (mark,))
    return str(rows[0][0]) if rows else ""


def remember(session: Session, mark: str, reference: str) -> None:
    """What this press led to."""
    direct.change(session, "UPDATE pressed SET reference = ? WHERE mark = ?", (reference, mark))


def forget(session: Session, *, before: datetime) -> None:
    """Pages that old are open nowhere."""
    direct.change(session, "DELETE FROM pressed WHERE at < ?", (before,))

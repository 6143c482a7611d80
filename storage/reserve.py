"""References set aside for a host, to be given out while the database cannot be reached."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage import direct
from storage.columns import UtcDateTime, new_id
from storage.sealing import Seal, SealBroken, sync_folder

FILE = "reserve"


class Reserved(SQLModel, table=True):
    """One reference that nobody else may be given. ``host`` is the id of the process's folder it is for.

    ``stands_for``: it was told to somebody whose message was kept under that other reference already.
    """

    reference: str = Field(primary_key=True)
    host: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    stands_for: str | None = None


def set_aside(session: Session, references: Collection[str], *, host: str, at: datetime) -> None:
    """From the end of this transaction on, nobody draws these."""
    rows = [{"reference": one, "host": host, "at": at} for one in references]
    if rows:
        direct.insert(session, "reserved", rows)


def still_set_aside(session: Session, references: Iterable[str]) -> set[str]:
    """Those of them that nobody has been given."""
    wanted = list(references)
    query = select(Reserved.reference).where(col(Reserved.stands_for).is_(None))
    some = (wanted[at : at + direct.AT_ONCE] for at in range(0, len(wanted), direct.AT_ONCE))
    return {found for part in some for found in session.exec(query.where(col(Reserved.reference).in_(part)))}


def give(session: Session, references: Collection[str]) -> None:
    """They have been given to messages kept in this transaction."""
    if references:
        free = col(Reserved.stands_for).is_(None)
        session.execute(delete(Reserved).where(col(Reserved.reference).in_(list(references)), free))


def let_stand_for(session: Session, told: Mapping[str, str], *, at: datetime) -> None:
    """Each reference on the left was told for what is kept under the one on the right: both must find it."""
    kept = {row.reference: row for row in session.exec(select(Reserved).where(col(Reserved.reference).in_(list(told))))}
    for reference, other in told.items():
        row = kept.get(reference) or Reserved(reference=reference, host="", at=at)
        row.stands_for = other
        session.add(row)
    session.flush()


def meant_by(session: Session, references: Sequence[str]) -> list[str]:
    """The references these were told instead of."""
    if not references:
        return []
    query = select(Reserved.stands_for).where(col(Reserved.reference).in_(references))
    return [found for found in session.exec(query) if found]


class Reserve:
    """References set aside for this process that were not given yet; safe in several threads.

    They lie sealed in its folder. One that was given stays in the file until ``save``: whoever takes a folder over
    must ``drop`` what the records in it were told.
    """

    def __init__(self, seal: Seal) -> None:
        self._seal, self._lock = seal, threading.Lock()
        self._left: dict[str, None] = {}
        self._is_saved = True

    @property
    def count(self) -> int:
        """How many are left."""
        return len(self._left)

    def left(self) -> list[str]:
        """All of them."""
        with self._lock:
            return list(self._left)

    def draw(self) -> str | None:
        """One that nobody else will be given, or None when there is none left."""
        with self._lock:
            self._is_saved = False
            return self._left.popitem()[0] if self._left else None

    def add(self, references: Iterable[str]) -> None:
        """More of them."""
        with self._lock:
            self._is_saved = False
            self._left |= dict.fromkeys(references)

    def drop(self, references: Iterable[str]) -> None:
        """These are somebody's."""
        with self._lock:
            for one in references:
                self._is_saved = self._left.pop(one, self) is self and self._is_saved

    def take_over(self, folder: Path) -> None:
        """What another process left there: never in two files at once, and lost rather than given twice."""
        found = _load(folder, self._seal)
        (folder / FILE).unlink(missing_ok=True)
        sync_folder(folder)
        self.add(found)

    def save(self, folder: Path) -> None:
        """Keep what is left durably in a folder, instead of what lay there; raises OSError."""
        with self._lock:
            if self._is_saved:
                return
            aside = folder / f".{FILE}-{new_id()}"
            with aside.open("wb") as file:
                file.write(self._seal.close(json.dumps(list(self._left)).encode(), f"reserve:{folder.name}"))
                file.flush()
                os.fsync(file.fileno())
            aside.rename(folder / FILE)
            sync_folder(folder)
            self._is_saved = True


def _load(folder: Path, seal: Seal) -> list[str]:
    try:
        return list(json.loads(seal.open((folder / FILE).read_bytes(), f"reserve:{folder.name}")))
    except (FileNotFoundError, SealBroken):
        return []

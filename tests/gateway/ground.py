"""What a walk stands on: one gateway that is emptied between walks, and how a walk sees its one referral."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from channels.contract import RawMessage
from channels.note import note_message
from gateway.core import Core, build_core
from gateway.guards import Actor
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_climbing, wire_desks
from storage import migrations, referral
from storage.blobs import open_blobs
from storage.database import Database
from storage.referral import Referral
from storage.sealing import Seal
from storage.staff import Role, Staff
from tests.builders import a_message
from tests.fakes import MONDAY_MORNING, MovableClock

MOBILE = "+447700900123"
ACTORS = tuple(Actor(name=f"a {role}", role=role) for role in Role)


@dataclass(kw_only=True)
class Ground:
    """What all walks of one run walk on: one gateway, emptied between them, and how many steps were taken."""

    core: Core
    empty: Path
    clock: MovableClock
    runner: asyncio.Runner
    walks: int = 0
    taken: int = 0
    refused: int = 0
    states: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.desk = wire_desks(self.core, wire_channels(self.core), ["reading"]).named("reading")
        self.climbing = wire_climbing(self.core)

    def receive(self, raw: RawMessage) -> str:
        """Accepted and read; its reference."""
        reference = self.runner.run(self.core.intake.accept(raw)).reference
        self.runner.run(self.desk.drain())
        return reference

    def clear(self) -> None:
        """All but the staff is forgotten, and it is Monday morning again."""
        self.clock.at = MONDAY_MORNING
        held = self.core.database.engine.raw_connection()
        with contextlib.closing(held), contextlib.closing(sqlite3.connect(self.empty)) as empty:
            empty.backup(held.driver_connection)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One referral at one moment, as a walk compares it with the next."""

    row: dict[str, Any]
    lines: int

    @property
    def state(self) -> str:
        """Where it is in the life cycle."""
        return str(self.row["state"])


def held(session: Session, reference: str) -> Referral:
    """The one referral of a walk."""
    row = referral.by_reference(session, reference)
    if row is None:
        raise LookupError("the walk lost its referral")
    return row


def a_text(said: str) -> RawMessage:
    """From the one mobile."""
    raw = a_message(b"", media_type="application/x-www-form-urlencoded")
    fields = {"MessageSid": raw.source_key, "From": MOBILE, "To": "+441632960000", "Body": said}
    return a_message(urlencode(fields).encode(), source_key=raw.source_key, media_type=raw.media_type)


def a_note_of(said: str, **fields: str) -> RawMessage:
    """What a call taker typed."""
    return note_message(json.dumps({"text": said, **fields}).encode(), taken_by="casey")


@contextlib.contextmanager
def a_ground(folder: Path) -> Iterator[Ground]:
    """A gateway on a database of its own, with one account for each role."""
    clock, data = MovableClock(), folder / "data"
    data.mkdir()
    database, seal = Database(f"sqlite:///{data / 'frontdoor.db'}"), Seal(b"k" * 32)
    migrations.upgrade(database)
    values = Settings(data_dir=data, http="", smtp="", _env_file=None)
    core = build_core(values, clock=clock, seal=seal, database=database, blobs=open_blobs(f"file://{data / 'b'}", seal))
    with database.transaction() as session:
        session.add_all(Staff(name=a.name, role=a.role, password_hash="", created_at=clock()) for a in ACTORS)
    empty = data / "empty.db"
    with (
        contextlib.closing(sqlite3.connect(empty)) as kept,
        contextlib.closing(database.engine.raw_connection()) as made,
    ):
        made.driver_connection.backup(kept)  # type: ignore[union-attr]
    try:
        with asyncio.Runner() as runner:
            yield Ground(core=core, empty=empty, clock=clock, runner=runner)
    finally:
        core.close()

"""What every part of a running gateway stands on: settings, key, database, files, words and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import select

from gateway.clock import Clock, now
from gateway.contents import Contents
from gateway.deciding import Deciding
from gateway.delivery import Delivery
from gateway.intake import Intake
from gateway.owing import Owing
from gateway.reaching import Reaching
from gateway.settings import Settings, WrongSetting
from gateway.words import Words
from storage import migrations
from storage.blobs import Blobs, open_blobs
from storage.database import Database
from storage.message import Content
from storage.sealing import KeyUnusable, Seal, SealBroken, load_seal


@dataclass(frozen=True, kw_only=True)
class Core:
    """Made once at start and passed as an argument; a test makes one with its own clock and database."""

    settings: Settings
    clock: Clock
    seal: Seal
    database: Database
    blobs: Blobs
    words: Words
    owing: Owing
    reaching: Reaching
    delivery: Delivery
    deciding: Deciding
    intake: Intake
    contents: Contents

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def key_file(settings: Settings) -> Path:
    """Where the key that seals everything is kept."""
    return settings.data_dir / "key"


def open_core(settings: Settings, *, clock: Clock = now, may_upgrade: bool = True) -> Core:
    """Open the data folder and the database, both brought up to date; raises ``WrongSetting`` if they cannot be."""
    database = _open_database(settings, may_upgrade=may_upgrade)
    try:
        seal = load_seal(key_file(settings), may_create=not _has_messages(database))
        _must_fit(seal, database)
    except (KeyUnusable, OSError) as error:
        database.close()
        raise WrongSetting(f"FRONTDOOR_DATA_DIR: {_why(error)}, and nothing is read or kept without the key") from None
    try:
        blobs = open_blobs(settings.blobs, seal)
    except (ValueError, OSError) as error:
        database.close()
        raise WrongSetting(f"FRONTDOOR_BLOBS_URL: {_why(error).removeprefix('FRONTDOOR_BLOBS_URL ')}") from None
    return build_core(settings, clock=clock, seal=seal, database=database, blobs=blobs)


def _open_database(settings: Settings, *, may_upgrade: bool) -> Database:
    """The database in this version's shape; ``WrongSetting`` names what leads to one that cannot be used."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(f"FRONTDOOR_DATA_DIR: the folder cannot be made: {_why(error)}") from None
    name = "FRONTDOOR_DATABASE_URL" if settings.database_url else "FRONTDOOR_DATA_DIR"
    try:
        database = Database(settings.database)
    except (SQLAlchemyError, ValueError):
        raise WrongSetting(f"{name}: that is no address of a database") from None
    try:
        if may_upgrade:
            migrations.upgrade(database)
        else:
            _has_messages(database)
    except DBAPIError as error:
        database.close()
        raise WrongSetting(f"{name}: the database cannot be used: {str(error.orig).partition(chr(10))[0]}") from None
    return database


def _why(error: Exception) -> str:
    """What the system said, without its numbers and paths."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)


def build_core(settings: Settings, *, clock: Clock, seal: Seal, database: Database, blobs: Blobs) -> Core:
    """The parts put together."""
    words = Words(
        organisation=settings.organisation, phone=settings.phone, address=settings.address,
        complaint_url=settings.complaint_url, text_number=settings.twilio_number,
    )  # fmt: skip
    owing, reaching = Owing(words=words, seal=seal, clock=clock), Reaching(seal=seal, clock=clock)
    return Core(
        settings=settings, clock=clock, seal=seal, database=database, blobs=blobs, words=words, owing=owing,
        reaching=reaching, delivery=Delivery(owing=owing, reaching=reaching, clock=clock),
        deciding=Deciding(owing=owing, reaching=reaching, clock=clock, outcome_levels=settings.outcome_levels),
        intake=Intake(database=database, blobs=blobs, seal=seal, clock=clock),
        contents=Contents(blobs=blobs, seal=seal),
    )  # fmt: skip


def _must_fit(seal: Seal, database: Database) -> None:
    """Another host's desks could open nothing that this one would seal; raises ``KeyUnusable``."""
    with database.reading() as session:
        kept = session.exec(select(Content.message_id, Content.envelope).limit(1)).first()
    try:
        if kept is not None:
            seal.open(kept[1], f"envelope:{kept[0]}")
    except SealBroken:
        raise KeyUnusable("the key file is not the key that sealed what is kept") from None


def _has_messages(database: Database) -> bool:
    with database.reading() as session:
        return migrations.has_messages(session)

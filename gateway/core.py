"""What every part of a running gateway stands on: settings, key, database, files, words and the clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import select

from gateway.clock import Clock, now
from gateway.contents import Contents
from gateway.deciding import Deciding
from gateway.delivery import Delivery
from gateway.ending import Ending
from gateway.intake import Intake
from gateway.likeness.accumulating import Accumulating, limit_of
from gateway.likeness.following import Following
from gateway.live import Capturing
from gateway.owing import Owing
from gateway.proposing.gate import Gate
from gateway.proposing.keeping import Proposing
from gateway.proposing.proposers import proposers
from gateway.reaching import Reaching
from gateway.settings import Settings, WrongSetting
from gateway.shelving import Shelving
from gateway.standard_form.files import blank_sheets, printed_lines
from gateway.standard_form.keeping import Forms
from gateway.standard_form.word_form import Ours
from gateway.suggesting.gate import Gate as SuggestionGate
from gateway.suggesting.gate import suggesters
from gateway.suggesting.keeping import Suggesting
from gateway.translating import PageWords
from gateway.words import Words
from storage import migrations
from storage.away import cannot_connect_now
from storage.blobs import Blobs, open_blobs
from storage.database import Database
from storage.message import Content
from storage.referral import settle_spam
from storage.sealing import KeyUnusable, Seal, SealBroken, load_seal

log = logging.getLogger(__name__)


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
    capturing: Capturing
    contents: Contents
    forms: Forms
    proposing: Proposing
    suggesting: Suggesting
    shelving: Shelving
    ending: Ending
    page_words: PageWords = field(default_factory=PageWords)

    def close(self) -> None:
        """Let go of the database, of the spool and of what has not come to its end."""
        self.database.close()
        self.shelving.close()
        self.intake.holding.close()


def key_file(settings: Settings) -> Path:
    """Where the key that seals everything is kept."""
    return settings.data_dir / "key"


def open_core(settings: Settings, *, clock: Clock = now, may_upgrade: bool = True, may_wait: bool = False) -> Core:
    """Open the data folder and the database, both brought up to date; raises ``WrongSetting`` if they cannot be.

    ``may_wait``: with its key there, a gateway opens while the database cannot be reached, and holds what arrives.
    """
    database = _database_at(settings)
    try:
        is_there = _is_there(settings, database, may_upgrade=may_upgrade, may_wait=may_wait)
        seal = load_seal(key_file(settings), may_create=is_there and not _has_messages(database))
        if is_there:
            _must_fit(seal, database)
    except (KeyUnusable, OSError) as error:
        database.close()
        raise WrongSetting(f"FRONTDOOR_DATA_DIR: {_why(error)}, and nothing is read or kept without the key") from None
    try:
        blobs = open_blobs(settings.blobs, seal)
    except (ValueError, OSError) as error:
        database.close()
        raise WrongSetting(f"FRONTDOOR_BLOBS_URL: {_why(error).removeprefix('FRONTDOOR_BLOBS_URL ')}") from None
    core = build_core(settings, clock=clock, seal=seal, database=database, blobs=blobs)
    if not is_there:
        core.intake.draining.wait_for_database(lambda: _bring_up(seal, database))
    return core


def _database_at(settings: Settings) -> Database:
    """The database at its address, not asked yet; ``WrongSetting`` names an address that is none."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(f"FRONTDOOR_DATA_DIR: the folder cannot be made: {_why(error)}") from None
    try:
        return Database(settings.database)
    except (SQLAlchemyError, ValueError):
        raise WrongSetting(f"{_database_setting(settings)}: that is no address of a database") from None


def _is_there(settings: Settings, database: Database, *, may_upgrade: bool, may_wait: bool) -> bool:
    """Bring it to this version's shape; False if it cannot be reached now and may be waited for."""
    try:
        if may_upgrade:
            migrations.upgrade(database)
        else:
            _has_messages(database)
    except DBAPIError as error:
        name, said = _database_setting(settings), str(error.orig).partition(chr(10))[0]
        if may_wait and key_file(settings).is_file() and cannot_connect_now(error, database.url):
            log.error("%s: the database cannot be reached, what arrives is held until it is back: %s", name, said)
            return False
        database.close()
        raise WrongSetting(f"{name}: the database cannot be used: {said}") from None
    return True


def _bring_up(seal: Seal, database: Database) -> None:
    """What is done at start where the database is there; raises what the database raises, and ``KeyUnusable``."""
    migrations.upgrade(database)
    _must_fit(seal, database)


def _database_setting(settings: Settings) -> str:
    return "FRONTDOOR_DATABASE_URL" if settings.database_url else "FRONTDOOR_DATA_DIR"


def _why(error: Exception) -> str:
    """What the system said, without its numbers and paths."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)


def build_core(settings: Settings, *, clock: Clock, seal: Seal, database: Database, blobs: Blobs) -> Core:
    """The parts put together."""
    words = words_of(settings)
    owing = Owing(words=words, seal=seal, clock=clock, web=settings.public_url)
    reaching = Reaching(seal=seal, clock=clock, texts_per_number=settings.texts_per_number)
    intake = Intake(database=database, blobs=blobs, seal=seal, clock=clock, folder=settings.data_dir)
    suggesting = Suggesting(gate=SuggestionGate(suggesters()), owing=owing, clock=clock)
    proposing = Proposing(gate=Gate(proposers()), seal=seal, clock=clock, suggesting=suggesting)
    accumulating = Accumulating(owing=owing, clock=clock, limit=limit_of(settings.accumulation))
    database.endings = (Following(seal=seal, accumulating=accumulating).follow, settle_spam)
    return Core(
        settings=settings, clock=clock, seal=seal, database=database, blobs=blobs, words=words, owing=owing,
        reaching=reaching, delivery=Delivery(owing=owing, reaching=reaching, clock=clock),
        deciding=Deciding(
            owing=owing, reaching=reaching, clock=clock, outcome_levels=settings.outcome_levels,
            lease=timedelta(minutes=settings.lease_minutes),
        ),
        intake=intake, contents=Contents(blobs=blobs, seal=seal),
        forms=Forms(
            seal=seal, owing=owing, clock=clock, printed=lambda: printed_lines(ours_of(settings)),
            sheets=lambda: blank_sheets(ours_of(settings)), proposing=proposing,
        ),
        proposing=proposing, suggesting=suggesting,
        shelving=Shelving(blobs=blobs, seal=seal, data_dir=settings.data_dir),
        ending=Ending(),
        capturing=Capturing(
            folder=settings.data_dir, seal=seal, database=database, accept=intake.accept, clock=clock,
            is_behind=lambda: intake.holding.is_in_force,
        ),
    )  # fmt: skip


def ours_of(settings: Settings) -> Ours:
    """Who the form goes to."""
    return Ours(organisation=settings.organisation, mailbox=settings.mailbox_list[0], address=settings.address)


def words_of(settings: Settings) -> Words:
    """The words of every notice, with what they say of us."""
    return Words(
        organisation=settings.organisation, phone=settings.phone, address=settings.address,
        complaint_url=settings.complaint_url, text_number=settings.twilio_number,
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

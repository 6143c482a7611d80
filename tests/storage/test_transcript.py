"""Versions of a part's words: numbered without gaps, none lost on the way from older tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlmodel import text

from storage import migrations, transcript
from storage.attachment import Attachment
from storage.database import Database
from storage.transcript import Transcript
from tests.fakes import MONDAY_MORNING

OLDER = (
    "INSERT INTO attachment (id, message_id, referral_id, position, channel, name, media_type, text, text_state,"
    " engine, segments, note, transcribed_at) VALUES (:id, 'm', 1, 1, 'voicemail', 'a.wav', 'audio/wav', :text, :state,"
    " 'faster-whisper 1 small', '[[\"help me\",0,1,null,0.9,false]]', '', :at)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the version before this one, with one part that has been read and one that waits."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'frontdoor.db'}" if is_sqlite else request.getfixturevalue("postgres_database")
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for part, words, state, at in (("read", "help me", "done", MONDAY_MORNING), ("waits", "", "waiting", None)):
            moment = at.replace(tzinfo=None) if at and is_sqlite else at
            connection.execute(text(OLDER), {"id": part, "text": words, "state": state, "at": moment and str(moment)})
        connection.commit()
    yield database
    database.close()


def test_words_read_before_there_were_versions_are_the_first(older: Database) -> None:
    migrations.upgrade(older)
    with older.reading() as session:
        [version] = transcript.of_parts(session, ["read", "waits"])
        part = session.get_one(Attachment, "read")
        assert (version.segments, part.text) == (part.segments, "help me")
    assert (version.attachment_id, version.version, version.text, version.made_by) == (
        "read", 1, "help me", "frontdoor",
    )  # fmt: skip
    assert version.engine == "faster-whisper 1 small" and version.made_at == MONDAY_MORNING


def a_version(number: int, *, is_checked: bool = False) -> Transcript:
    at = MONDAY_MORNING if is_checked else None
    return Transcript(attachment_id="part", version=number, made_at=MONDAY_MORNING, checked_by="casey", checked_at=at)


@pytest.mark.parametrize(
    ("checked", "shown"),
    [((), 3), ((1,), 1), ((1, 2), 2), ((3,), 3)],
    ids=["none checked", "the first", "the first two", "the last"],
)
def test_the_last_that_a_person_vouches_for_is_shown_else_the_last(checked: tuple[int, ...], shown: int) -> None:
    versions = [a_version(number, is_checked=number in checked) for number in (1, 2, 3)]
    found = transcript.to_be_shown(versions)
    assert found is not None and found.version == shown
    assert transcript.to_be_shown([]) is None


def test_what_was_heard_so_far_is_kept_once_and_forgotten(database: Database) -> None:
    for begun in ("one", "two"):
        with database.transaction() as session:
            transcript.keep_heard(session, "part", begun, MONDAY_MORNING)
    with database.transaction() as session:
        assert transcript.heard_so_far(session, "part") == "two"
        transcript.forget_heard(session, "part")
        transcript.forget_heard(session, "part")
    with database.transaction() as session:
        assert transcript.heard_so_far(session, "part") == ""

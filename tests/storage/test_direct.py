"""Statements in the database's own words do what the layers above would, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage import direct
from storage.database import Database
from storage.identity import Identity
from storage.mark import Mark
from storage.referral import Referral

AT = datetime(2026, 11, 23, 10, 15, 0, 250, tzinfo=UTC)


def an_identity(address_hash: str = "a") -> Identity:
    return Identity(address_class="email", address_hash=address_hash, sealed_address=b"\x00sealed", created_at=AT)


def a_referral(reference: str, number: int) -> Referral:
    return Referral(
        reference=reference, ledger_no=number, channel="email", received_at=AT, captured_at=AT, look_by=AT, due_at=AT,
        next_action="Read it", last_message_at=AT, child_known=True,
    )  # fmt: skip


def test_a_row_that_was_added_is_read_back_as_it_was_written(database: Database) -> None:
    with database.transaction() as session:
        direct.add(session, first := a_referral("KMR-4729-HX", 1))
        direct.add(session, second := a_referral("KMR-4729-HY", 2))
        written = [first.model_dump(), second.model_dump()]
    with database.reading() as session:
        assert [row.model_dump() for row in session.exec(select(Referral).order_by("ledger_no"))] == written
    assert None not in {first.id, second.id}


def test_an_added_row_is_the_sessions_and_what_changes_of_it_is_written(database: Database) -> None:
    with database.transaction() as session:
        direct.add(session, row := an_identity())
        assert session.get(Identity, row.id) is row
        assert not session.dirty
        row.ok_words = "open"
    with database.reading() as session:
        assert session.exec(select(Identity)).one().ok_words == "open"


def test_a_row_that_is_there_already_is_not_added_twice(database: Database) -> None:
    with database.transaction() as session:
        assert direct.add(session, an_identity(), unless_there="address_hash")
        assert not direct.add(session, an_identity(), unless_there="address_hash")
        assert direct.add(session, an_identity("b"), unless_there="address_hash")
    with database.reading() as session:
        assert len(session.exec(select(Identity)).all()) == 2


def test_saving_writes_what_changed_and_nothing_else(database: Database) -> None:
    with database.transaction() as session:
        direct.add(session, an_identity())
    with database.transaction() as session:
        row = session.exec(select(Identity)).one()
        direct.update(session, "identity", row.id, asked_by="Ama")
        row.ok_words, row.asked_at = "none", AT
        direct.save(session, row)
        assert row not in session
    with database.reading() as session:
        found = session.exec(select(Identity)).one()
        assert (found.ok_words, found.asked_at, found.asked_by) == ("none", AT, "Ama")


def test_times_are_kept_in_utc_and_none_without_a_zone(database: Database) -> None:
    half_past = timezone(timedelta(hours=5, minutes=30))
    with database.transaction() as session:
        direct.insert(session, "mark", [{"channel": "sms", "at": AT.astimezone(half_past)}])
        ((kept,),) = direct.ask(session, "SELECT at FROM mark WHERE at = ?", (AT,))
        assert direct.moment(kept) == session.exec(select(Mark)).one().at == AT
    with pytest.raises(ValueError, match="zone"), database.transaction() as session:
        direct.insert(session, "mark", [{"channel": "phone", "at": AT.replace(tzinfo=None)}])


def test_an_error_is_the_same_as_from_the_layers_above_and_shows_no_value(database: Database) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            direct.insert(session, "mark", [{"channel": "a secret", "at": AT}])

    with pytest.raises(IntegrityError) as raised, database.transaction() as session:
        twice(session)
    assert raised.value.hide_parameters


def test_changing_tells_how_many_rows_it_was(database: Database) -> None:
    with database.transaction() as session:
        direct.insert(session, "mark", [{"channel": name, "at": AT} for name in ("sms", "phone")])
        assert direct.change(session, "UPDATE mark SET at = ? WHERE channel <> ?", (AT, "none")) == 2
        assert direct.change(session, "UPDATE mark SET at = ? WHERE channel = ?", (AT, "none")) == 0

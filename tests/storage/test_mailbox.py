"""Who fetches from a mailbox, and since when it cannot be reached."""

from __future__ import annotations

from datetime import timedelta

from storage import mailbox
from storage.database import Database
from tests.fakes import MovableClock

LEASE = timedelta(seconds=60)
NAME = "imap:mail.example.org/referrals/INBOX"


def hold(database: Database, clock: MovableClock, holder: str) -> bool:
    with database.transaction() as session:
        mailbox.known(session, NAME, clock())
        return mailbox.hold(session, NAME, holder=holder, now=clock(), lease=LEASE)


def test_one_process_has_it_until_it_lets_go(database: Database, clock: MovableClock) -> None:
    assert hold(database, clock, "first")
    assert hold(database, clock, "first")
    assert not hold(database, clock, "second")
    with database.transaction() as session:
        mailbox.let_go(session, NAME, holder="second")
    assert not hold(database, clock, "second")
    with database.transaction() as session:
        mailbox.let_go(session, NAME, holder="first")
    assert hold(database, clock, "second")


def test_another_takes_over_when_it_was_not_renewed(database: Database, clock: MovableClock) -> None:
    assert hold(database, clock, "first")
    clock.move(seconds=61)
    assert hold(database, clock, "second")
    assert not hold(database, clock, "first")


def test_a_lease_of_a_clock_that_was_ahead_binds_nobody(database: Database, clock: MovableClock) -> None:
    clock.move(hours=5)
    assert hold(database, clock, "first")
    clock.move(hours=-5)
    assert hold(database, clock, "second")


def test_it_is_away_since_the_first_time_and_until_it_answers(database: Database, clock: MovableClock) -> None:
    began = clock()
    with database.transaction() as session:
        mailbox.known(session, NAME, clock())
        mailbox.away(session, NAME, clock(), "cannot be reached")
        clock.move(minutes=5)
        mailbox.away(session, NAME, clock(), "the password is not accepted")
    with database.reading() as session:
        row = mailbox.named(session, [NAME, "another"])[NAME]
        assert (row.away_since, row.why) == (began, "the password is not accepted")
    with database.transaction() as session:
        mailbox.answered(session, NAME, clock())
    with database.reading() as session:
        row = mailbox.named(session, [NAME])[NAME]
        assert (row.away_since, row.why, row.answered_at) == (None, "", clock())


def test_knowing_it_again_changes_nothing(database: Database, clock: MovableClock) -> None:
    with database.transaction() as session:
        mailbox.known(session, NAME, clock())
        mailbox.looked(session, NAME, series="7", mark="next")
        mailbox.looked(session, NAME)
    began = clock()
    clock.move(days=1)
    with database.transaction() as session:
        row = mailbox.known(session, NAME, clock())
        assert (row.begun_at, row.series, row.mark) == (began, "7", "next")

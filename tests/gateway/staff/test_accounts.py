"""Accounts, sign-ins and tokens as they are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.staff import accounts
from gateway.staff.accounts import SIGNED_IN_FOR
from storage import staff
from storage.staff import Role, SignIn, Staff, Token
from tests.fakes import MovableClock

PASSWORD = "three random words"


def test_a_password_and_a_token_are_kept_only_as_hashes(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        assert accounts.add_user(session, "casey", Role.CALL_TAKER, PASSWORD, at=clock())
        token = accounts.add_token(session, "robot", Role.READONLY, at=clock())
    with core.database.reading() as session:
        assert PASSWORD not in repr(session.exec(select(Staff)).one())
        kept = session.exec(select(Token)).one()
        assert token and token not in repr(kept)
        assert staff.token_in_force(session, accounts.hashed(token)) == kept


def test_a_name_is_given_once(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        assert accounts.add_user(session, "casey", Role.CALL_TAKER, PASSWORD, at=clock())
        assert not accounts.add_user(session, "casey", Role.MANAGER, PASSWORD, at=clock())
        assert accounts.add_token(session, "robot", Role.READONLY, at=clock())
        assert accounts.add_token(session, "robot", Role.MANAGER, at=clock()) is None


def test_a_short_password_is_refused(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session, pytest.raises(ValueError, match="too short"):
        accounts.add_user(session, "casey", Role.CALL_TAKER, "x" * 9, at=clock())


def test_only_the_right_password_of_an_account_in_force_is_known(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        accounts.add_user(session, "casey", Role.CALL_TAKER, PASSWORD, at=clock())
        found = accounts.known_by(session, "casey", PASSWORD)
        assert found and found.name == "casey"
        assert accounts.known_by(session, "casey", PASSWORD + " ") is None
        assert accounts.known_by(session, "nobody", PASSWORD) is None
        accounts.disable_user(session, "casey", at=clock())
        assert accounts.known_by(session, "casey", PASSWORD) is None


def test_a_sign_in_ends_after_its_time_and_old_ones_are_swept_away(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        accounts.add_user(session, "casey", Role.CALL_TAKER, PASSWORD, at=clock())
        row = staff.by_name(session, "casey")
        assert row
        secret = accounts.hashed(accounts.sign_in(session, row, at=clock()))
        assert staff.signed_in(session, secret, clock() + SIGNED_IN_FOR - timedelta(seconds=1)) == row
        assert staff.signed_in(session, secret, clock() + SIGNED_IN_FOR) is None
        accounts.sign_in(session, row, at=clock() + SIGNED_IN_FOR)
        assert len(session.exec(select(SignIn)).all()) == 1


def test_disabling_an_account_signs_it_out_everywhere(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        accounts.add_user(session, "casey", Role.CALL_TAKER, PASSWORD, at=clock())
        row = staff.by_name(session, "casey")
        assert row
        accounts.sign_in(session, row, at=clock())
        assert accounts.disable_user(session, "casey", at=clock())
        assert session.exec(select(SignIn)).all() == []
        assert not accounts.disable_user(session, "nobody", at=clock())


def test_a_revoked_token_is_no_longer_in_force(core: Core, clock: MovableClock) -> None:
    with core.database.transaction() as session:
        token = accounts.add_token(session, "robot", Role.READONLY, at=clock())
        assert token and accounts.revoke_token(session, "robot", at=clock())
        assert staff.token_in_force(session, accounts.hashed(token)) is None
        assert not accounts.revoke_token(session, "nobody", at=clock())

"""``user`` and ``token``: who may come in."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from gateway.core import Core, open_core
from gateway.settings import Settings, WrongSetting
from gateway.staff import accounts
from storage.staff import Role, Staff, Token

Load = Callable[..., Settings]
ROLES = [role.value for role in Role]


def add_to(commands: Any) -> None:
    """The parsers of these commands."""
    user = commands.add_parser("user", help="staff accounts: add, list, disable").add_subparsers(
        dest="what", required=True
    )
    add = user.add_parser("add", help="add an account; the password is asked for, or read from a pipe")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, default=Role.SOCIAL_WORKER.value)
    add.set_defaults(run=_user_add)
    user.add_parser("list").set_defaults(run=_user_list)
    disable = user.add_parser("disable", help="end an account and its sign-ins")
    disable.add_argument("name")
    disable.set_defaults(run=_user_disable)
    token = commands.add_parser("token", help="API tokens: add, list, revoke").add_subparsers(
        dest="what", required=True
    )
    new = token.add_parser("add", help="add a token; it is printed once")
    new.add_argument("name")
    new.add_argument("--role", choices=ROLES, default=Role.READONLY.value)
    new.set_defaults(run=_token_add)
    token.add_parser("list").set_defaults(run=_token_list)
    revoke = token.add_parser("revoke")
    revoke.add_argument("name")
    revoke.set_defaults(run=_token_revoke)


@contextmanager
def _opened(load: Load) -> Iterator[Core]:
    core = open_core(load())
    try:
        yield core
    finally:
        core.close()


@contextmanager
def _writing(load: Load) -> Iterator[tuple[Session, datetime]]:
    """A session that is committed at the end of the block, and the time."""
    with _opened(load) as core, core.database.transaction() as session:
        yield session, core.clock()


def _password() -> str:
    typed = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(typed) < accounts.SHORTEST_PASSWORD:
        raise WrongSetting(f"the password must have at least {accounts.SHORTEST_PASSWORD} characters")
    return typed


def _user_add(asked: argparse.Namespace, load: Load) -> int:
    with _opened(load) as core:
        password = _password()
        with core.database.transaction() as session:
            added = accounts.add_user(session, asked.name, Role(asked.role), password, at=core.clock())
    return _said(added, f"{asked.name} may sign in as {asked.role}", f"there is an account {asked.name} already")


def _user_list(_: argparse.Namespace, load: Load) -> int:
    with _opened(load) as core, core.database.reading() as session:
        for row in session.exec(select(Staff).order_by(Staff.name)):
            print(f"{row.name:<24} {row.role:<16} {'disabled' if row.disabled_at else 'active'}")
    return 0


def _user_disable(asked: argparse.Namespace, load: Load) -> int:
    with _writing(load) as (session, at):
        found = accounts.disable_user(session, asked.name, at=at)
    return _said(found, f"{asked.name} is disabled", f"there is no account {asked.name}")


def _token_add(asked: argparse.Namespace, load: Load) -> int:
    with _writing(load) as (session, at):
        token = accounts.add_token(session, asked.name, Role(asked.role), at=at)
    return _said(token is not None, token or "", f"there is a token {asked.name} already")


def _token_list(_: argparse.Namespace, load: Load) -> int:
    with _opened(load) as core, core.database.reading() as session:
        for row in session.exec(select(Token).order_by(Token.name)):
            print(f"{row.name:<24} {row.role:<16} {'revoked' if row.revoked_at else 'in force'}")
    return 0


def _token_revoke(asked: argparse.Namespace, load: Load) -> int:
    with _writing(load) as (session, at):
        found = accounts.revoke_token(session, asked.name, at=at)
    return _said(found, f"{asked.name} is revoked", f"there is no token {asked.name}")


def _said(is_well: bool, yes: str, no: str) -> int:
    print(yes if is_well else f"frontdoor: {no}", file=sys.stdout if is_well else sys.stderr)
    return 0 if is_well else 2

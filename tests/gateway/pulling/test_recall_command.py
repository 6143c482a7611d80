"""``frontdoor recall`` asks every mailbox too, and ends with 1 where one cannot be reached."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway.__main__ import parser
from gateway.core import open_core
from gateway.settings import Settings
from tests.dovecot import Dovecot
from tests.gateway.pulling.fetching import a_mail, kept


@pytest.fixture
def unopened(settings: Settings, server: Dovecot) -> Settings:
    """The settings of a gateway that fetches from the server."""
    return settings.model_copy(update={"imap": server.url()})


async def recall(settings: Settings, *words: str) -> int:
    asked = parser().parse_args(["recall", *words])
    return int(await asyncio.to_thread(asked.run, asked, lambda: settings))


async def test_what_lies_there_is_fetched_and_with_a_time_what_lay_there_before_us(
    unopened: Settings, server: Dovecot, capsys: pytest.CaptureFixture[str]
) -> None:
    server.put(a_mail(1), at=datetime.now(UTC) - timedelta(days=9))
    server.put(a_mail(2))
    assert await recall(unopened) == 0
    assert "IMAP mailbox 1 1 missed" in capsys.readouterr().out
    since = (datetime.now(UTC) - timedelta(days=10)).isoformat()
    assert await recall(unopened, "--since", since) == 0
    assert "IMAP mailbox 1 1 missed" in capsys.readouterr().out
    core = open_core(unopened)
    assert len(kept(core)) == 2
    core.close()


async def test_one_that_cannot_be_reached_is_named(
    unopened: Settings, server: Dovecot, capsys: pytest.CaptureFixture[str]
) -> None:
    server.kill()
    assert await recall(unopened) == 1
    assert "IMAP mailbox 1 could not be asked" in capsys.readouterr().out

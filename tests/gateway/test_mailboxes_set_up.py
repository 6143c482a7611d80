"""The doctor signs in to every mailbox and says what it found, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from gateway.commands.mailboxes_set_up import mailbox_rows
from gateway.commands.set_up import Row
from gateway.core import Core
from tests.channels.mailbox.graph_twin import GraphTwin, graph_settings
from tests.dovecot import USER, Dovecot, dovecot
from tests.missing_parts import needs

pytestmark = needs("dovecot")


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


async def rows(core: Core, **settings: object) -> Sequence[Row]:
    return await mailbox_rows(replace(core, settings=core.settings.model_copy(update=settings)))


async def test_what_lies_there_and_how_news_comes_is_told(core: Core, server: Dovecot) -> None:
    server.put(b"From: a@example.org\r\n\r\nWorried")
    async with GraphTwin() as twin:
        by_imap, by_graph = await rows(core, imap=server.url(), **graph_settings(twin))
    assert (by_imap.state, by_imap.part) == ("ok", f"IMAP mailbox 1 {USER}")
    assert by_imap.what == "1 mail in the folder, news at once (IDLE)"
    assert (by_graph.state, by_graph.what) == ("ok", "0 mails in the folder, news every 30 s")


async def test_what_is_wrong_is_told_and_never_the_password(core: Core, server: Dovecot) -> None:
    missing, refused, unmoved = (
        *await rows(core, imap=f"{server.url('Nowhere')},{server.url(password='secret')}"),
        *await rows(core, imap=server.url(), imap_afterwards="move:Done"),
    )
    assert (missing.state, missing.what) == ("look", "there is no such folder, or it may not be opened")
    assert (refused.state, refused.what) == ("look", "user or password are not accepted")
    assert unmoved.what.endswith("there is no folder of the name that kept mail is to be moved to")
    assert "secret" not in repr((missing, refused, unmoved))

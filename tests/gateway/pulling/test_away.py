"""Operators see at once that a mailbox cannot be reached; after a quarter of an hour it stands in the queue, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from channels.mailbox import Mailbox
from gateway.core import Core
from gateway.health import health_router
from gateway.pulling import MailboxesAway
from storage.message import with_content
from tests.builders import read_all
from tests.dovecot import Dovecot
from tests.fakes import MovableClock
from tests.gateway.pulling.fetching import a_mail, a_pulling, fetching, kept, until, with_mailboxes


@pytest.fixture
def clock() -> MovableClock:
    """The server has a clock of its own, so this one says the same."""
    return MovableClock(datetime.now(UTC))


async def ready(core: Core, boxes: tuple[Mailbox, ...]) -> tuple[int, str]:
    app = FastAPI()
    app.include_router(health_router(core, 1, boxes))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway.example") as operator:
        answer = await operator.get("/health/ready")
    return answer.status_code, answer.json()["parts"]["mailboxes"]


async def test_without_mailboxes_there_is_nothing_to_reach(core: Core) -> None:
    assert await ready(core, ()) == (200, "ready")


async def test_an_outage_is_seen_at_once_and_its_end_too(core: Core, server: Dovecot, clock: MovableClock) -> None:
    boxes = tuple(with_mailboxes(core, imap=server.url()))
    assert (await ready(core, boxes))[1] == "ready to receive, but IMAP mailbox 1: nobody has looked into it yet"
    server.put(a_mail(1))
    async with fetching(core, boxes):
        await until(lambda: len(kept(core)) == 1)
        assert (await ready(core, boxes)) == (200, "ready")
        server.kill()
        since = f"{clock():%Y-%m-%d %H:%M} UTC"
        status, told = 0, ""
        for _ in range(500):
            status, told = await ready(core, boxes)
            if told != "ready":
                break
        assert told.startswith("ready to receive, but IMAP mailbox 1: it does not answer")
        assert told.endswith(f"not reached since {since}")
        assert status == 200
        server.start()
        server.put(a_mail(2))
        await until(lambda: len(kept(core)) == 2)
        assert (await ready(core, boxes)) == (200, "ready")


async def test_after_a_quarter_of_an_hour_it_stands_in_the_queue_once_for_each_outage(
    core: Core, server: Dovecot, clock: MovableClock
) -> None:
    boxes = with_mailboxes(core, imap=server.url())

    def a_sweep() -> MailboxesAway:
        return MailboxesAway(database=core.database, intake=core.intake, mailboxes=boxes, clock=clock)

    sweep, of_another_host = a_sweep(), a_sweep()
    assert [await sweep.look(), await of_another_host.look()] == [0, 0]
    await a_pulling(core, boxes).recall()
    clock.move(minutes=14)
    assert await sweep.look() == 0
    clock.move(minutes=2)
    assert [await sweep.look(), await sweep.look(), await of_another_host.look()] == [1, 0, 0]
    await read_all(core)
    (row,) = kept(core, "note")
    with core.database.reading() as session:
        _, content = with_content(session, row.id)
    assert content.body is not None
    words = json.loads(core.seal.open(content.body, f"body:{row.id}"))["text"]
    assert words.startswith("The mailbox referrals@northshire.example has not been reached since ")
    await a_pulling(core, boxes).recall()
    assert await sweep.look() == 0
    clock.move(minutes=20)
    assert await sweep.look() == 1


async def test_a_gateway_that_was_stopped_for_a_while_is_given_time_to_reach_them_again(
    core: Core, server: Dovecot, clock: MovableClock
) -> None:
    boxes = with_mailboxes(core, imap=server.url())
    await a_pulling(core, boxes).recall()
    clock.move(hours=9)
    sweep = MailboxesAway(database=core.database, intake=core.intake, mailboxes=boxes, clock=clock)
    assert await sweep.look() == 0
    clock.move(minutes=14)
    assert await sweep.look() == 0
    clock.move(minutes=2)
    assert await sweep.look() == 1

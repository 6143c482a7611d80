"""Mail is fetched from a real IMAP server as it arrives, whoever reads or moves it, and nothing there changes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlmodel import select

from gateway.core import Core
from storage.mailbox import Mailbox
from storage.message import with_content
from tests.dovecot import Dovecot, dovecot
from tests.fakes import MovableClock
from tests.gateway.pulling.fetching import a_mail, a_pulling, fetching, kept, until, with_mailboxes
from tests.missing_parts import needs

pytestmark = needs("dovecot")


@pytest.fixture
def clock() -> MovableClock:
    """The server has a clock of its own, so this one says the same."""
    return MovableClock(datetime.now(UTC))


async def test_a_mail_that_arrives_is_kept_within_two_seconds_and_stays_as_it_was(core: Core, server: Dovecot) -> None:
    async with fetching(core, with_mailboxes(core, imap=server.url())):
        took = []
        for number in range(1, 4):
            await until(lambda: is_looked_through(core))
            await asyncio.sleep(0.3)
            arrived = monotonic()
            await asyncio.to_thread(server.put, a_mail(number))
            await until(lambda known=number: len(kept(core)) == known)  # type: ignore[misc]
            took.append(monotonic() - arrived)
        assert min(took) < 2.0  # the server's news, not the machine's other work
    assert [row.sha256 for row in kept(core)] == [hashlib.sha256(a_mail(number)).hexdigest() for number in (1, 2, 3)]
    assert server.flags() == ["1 (FLAGS ())", "2 (FLAGS ())", "3 (FLAGS ())"]


async def test_the_clock_starts_when_the_mail_reached_the_mailbox(core: Core, server: Dovecot) -> None:
    yesterday = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    server.put(a_mail(1), at=yesterday)
    assert await a_pulling(core, with_mailboxes(core, imap=server.url())).recall() == {"IMAP mailbox 1": 1}
    (row,) = kept(core)
    assert row.received_at == yesterday
    with core.database.reading() as session:
        _, content = with_content(session, row.id)
    envelope = json.loads(core.seal.open(content.envelope, f"envelope:{row.id}"))
    assert envelope == {"peer": "imap", "rcpt_to": "referrals@northshire.example", "received_by": "IMAP INTERNALDATE"}


async def test_a_mail_that_a_person_read_before_us_is_fetched(core: Core, server: Dovecot) -> None:
    async with fetching(core, with_mailboxes(core, imap=server.url())):
        await until(lambda: is_looked_through(core))
        server.put(a_mail(1), seen=True)
        await until(lambda: len(kept(core)) == 1)
    assert server.flags() == ["1 (FLAGS (\\Seen))"]


async def test_old_mail_is_left_alone_until_it_is_copied_in_or_asked_for(core: Core, server: Dovecot) -> None:
    month_ago = datetime.now(UTC) - timedelta(days=30)
    server.put(a_mail(1), a_mail(2), at=month_ago)
    server.put(a_mail(3))
    boxes = with_mailboxes(core, imap=server.url())
    pulling = a_pulling(core, boxes)
    assert await pulling.recall() == {"IMAP mailbox 1": 1}
    with server.someone() as somebody:
        somebody.create("Elsewhere")
        server.put(a_mail(4), folder="Elsewhere", at=month_ago)
        somebody.select("Elsewhere")
        somebody.copy("1", "INBOX")
    assert await pulling.recall() == {"IMAP mailbox 1": 1}
    assert await pulling.recall(month_ago - timedelta(days=1)) == {"IMAP mailbox 1": 2}
    assert await pulling.recall(month_ago - timedelta(days=1)) == {"IMAP mailbox 1": 0}


async def test_old_mail_moved_out_and_back_is_fetched(core: Core, server: Dovecot) -> None:
    server.put(a_mail(1), at=datetime.now(UTC) - timedelta(days=30))
    pulling = a_pulling(core, with_mailboxes(core, imap=server.url()))
    assert await pulling.recall() == {"IMAP mailbox 1": 0}
    with server.someone() as somebody:
        somebody.create("Elsewhere")
        somebody.uid("MOVE", "1", "Elsewhere")
        assert await pulling.recall() == {"IMAP mailbox 1": 0}
        somebody.select("Elsewhere")
        somebody.uid("MOVE", "1", "INBOX")
    assert await pulling.recall() == {"IMAP mailbox 1": 1}


async def test_when_the_server_numbers_all_mail_anew_nothing_comes_twice_and_old_mail_stays_old(
    core: Core, server: Dovecot
) -> None:
    server.put(a_mail(1), a_mail(2), at=datetime.now(UTC) - timedelta(days=30))
    server.put(a_mail(3))
    pulling = a_pulling(core, with_mailboxes(core, imap=server.url()))
    await pulling.recall()
    server.put(a_mail(4))
    server.make_anew()
    assert await pulling.recall() == {"IMAP mailbox 1": 1}
    assert await pulling.recall() == {"IMAP mailbox 1": 0}
    assert len(kept(core)) == 2


async def test_without_idle_it_is_asked_now_and_then(core: Core) -> None:
    with dovecot(capability="IMAP4rev1 UIDPLUS") as server:
        boxes = with_mailboxes(core, imap=server.url())
        vars(boxes[0])["_poll_seconds"] = 0.2
        async with fetching(core, boxes):
            await until(lambda: is_looked_through(core))
            server.put(a_mail(1))
            await until(lambda: len(kept(core)) == 1)


async def test_three_thousand_old_mails_become_no_referrals(core: Core, server: Dovecot) -> None:
    server.fill(*(a_mail(number) for number in range(3000)), at=datetime.now(UTC) - timedelta(days=3))
    server.put(a_mail(5000))
    pulling = a_pulling(core, with_mailboxes(core, imap=server.url()))
    assert await pulling.recall() == {"IMAP mailbox 1": 1}
    assert len(server.flags()) == 3001
    assert await pulling.recall() == {"IMAP mailbox 1": 0}


async def test_only_what_was_found_in_a_mailbox_is_worth_a_warning(
    core: Core, server: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert await a_pulling(core, with_mailboxes(core, imap=server.url())).recall() == {"IMAP mailbox 1": 0}
    assert levels_of(caplog) == [logging.INFO]
    server.put(a_mail(1))
    since = datetime.now(UTC) - timedelta(days=1)
    assert await a_pulling(core, with_mailboxes(core, imap=server.url())).recall(since) == {"IMAP mailbox 1": 1}
    assert levels_of(caplog) == [logging.INFO, logging.WARNING]


def levels_of(caplog: pytest.LogCaptureFixture) -> list[int]:
    """How loudly each first look was told of."""
    return [each.levelno for each in caplog.records if "older ones left" in each.getMessage()]


def is_looked_through(core: Core) -> bool:
    """Whether a whole look has come to its end."""
    with core.database.reading() as session:
        return any(row.series for row in session.exec(select(Mailbox)))

"""Servers that end in the midst of things, processes that are killed, folders and passwords that are wrong."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from channels.contract import NotKept, RawMessage, Receipt
from channels.mailbox import CannotFetch
from gateway.core import Core
from gateway.pulling import Pulling
from tests.dovecot import USER, Dovecot, dovecot
from tests.fakes import MovableClock
from tests.gateway.pulling.fetching import QUICK, a_mail, a_pulling, fetching, kept, until, with_mailboxes
from tests.gateway.pulling.struck import Struck
from tests.missing_parts import needs

pytestmark = needs("dovecot")
LABEL = "IMAP mailbox 1"


@pytest.fixture
def clock() -> MovableClock:
    """The server has a clock of its own, so this one says the same."""
    return MovableClock(datetime.now(UTC))


async def test_a_server_killed_in_the_midst_is_gone_back_to_and_each_mail_is_kept_once(
    core: Core, server: Dovecot
) -> None:
    server.put(*(a_mail(number, "x" * 200_000) for number in range(5)))
    (box,) = with_mailboxes(core, imap=server.url())

    def crash() -> None:
        server.kill()
        server.start()

    async with fetching(core, [Struck(box, before_fetch=crash, before_put_away=crash)]):
        await until(lambda: len(kept(core)) == 5)
    assert sorted(row.size for row in kept(core)) == [len(a_mail(number, "x" * 200_000)) for number in range(5)]


async def test_a_mail_that_breaks_off_in_the_midst_is_fetched_again_whole(core: Core, server: Dovecot) -> None:
    large = a_mail(1, "y" * 76 + "\r\n" + "x" * 3_000_000)
    server.put(large, a_mail(2))
    async with cut_after(server.port, 2_000_000) as cut:
        boxes = with_mailboxes(core, imap=server.url().replace(f":{server.port}/", f":{cut}/"))
        async with fetching(core, boxes):
            await until(lambda: len(kept(core)) == 2)
    assert {row.sha256 for row in kept(core)} == {hashlib.sha256(mail).hexdigest() for mail in (large, a_mail(2))}


async def test_a_process_killed_between_keeping_and_noting_makes_no_second_referral(
    core: Core, server: Dovecot
) -> None:
    server.put(a_mail(1), a_mail(2))
    settings = {"imap": server.url(), "imap_afterwards": "seen"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.gateway.pulling.killed", str(core.settings.data_dir), core.settings.database,
        json.dumps(settings),
    )  # fmt: skip
    assert await process.wait() == -signal.SIGKILL
    assert len(kept(core)) == 1
    assert all("Seen" not in flags for flags in server.flags())
    assert await a_pulling(core, with_mailboxes(core, **settings)).recall() == {LABEL: 1}
    assert len(kept(core)) == 2
    assert all("Seen" in flags for flags in server.flags())


async def test_nothing_is_marked_or_noted_that_could_not_be_kept(core: Core, server: Dovecot) -> None:
    server.put(a_mail(1))
    boxes = with_mailboxes(core, imap=server.url(), imap_afterwards="move:Done")

    class Full:
        async def accept(self, raw: RawMessage) -> Receipt:
            raise NotKept("the disk is full")

    full = Pulling(database=core.database, intake=Full(), mailboxes=boxes, clock=core.clock)  # type: ignore[arg-type]
    assert await full.recall() == {LABEL: None}
    assert len(server.flags()) == 1
    assert await a_pulling(core, boxes).recall() == {LABEL: 1}


@pytest.mark.parametrize("capability", ["", "IMAP4rev1 IDLE UIDPLUS"])
async def test_a_kept_mail_is_moved_and_no_other(core: Core, capability: str) -> None:
    with dovecot(capability=capability) as server:
        with server.someone() as somebody:
            somebody.create("Done")
        server.put(a_mail(1), a_mail(2))
        with server.someone() as somebody:
            somebody.store("2", "+FLAGS", r"(\Deleted)")
        (box,) = with_mailboxes(core, imap=server.url(), imap_afterwards="move:Done")

        def arrives() -> None:
            server.put(a_mail(3))

        assert await a_pulling(core, [Struck(box, before_put_away=arrives)]).recall() == {LABEL: 2}
        assert len(server.flags("Done")) == 2
        assert len(server.flags()) == 1


async def test_a_server_that_cannot_move_one_mail_alone_leaves_it_where_it_is(core: Core) -> None:
    with dovecot(capability="IMAP4rev1 IDLE") as server:
        with server.someone() as somebody:
            somebody.create("Done")
        server.put(a_mail(1))
        pulling = a_pulling(core, with_mailboxes(core, imap=server.url(), imap_afterwards="move:Done"))
        assert await pulling.recall() == {LABEL: 1}
        assert await pulling.recall() == {LABEL: 0}
        assert len(server.flags()) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"folder": "Nowhere"}, "there is no such folder, or it may not be opened"),
        ({"password": "wrong"}, "user or password are not accepted"),
    ],
)
async def test_it_is_said_why_it_cannot_be_reached_and_the_password_nowhere(
    core: Core, server: Dovecot, caplog: pytest.LogCaptureFixture, wrong: dict[str, str], why: str
) -> None:
    url = server.url(**wrong)
    assert await a_pulling(core, with_mailboxes(core, imap=url)).recall() == {LABEL: None}
    assert caplog.messages == [f"{LABEL} could not be recalled: {why}"]


async def test_a_server_that_is_not_there_yet_is_asked_again(core: Core, server: Dovecot) -> None:
    server.put(a_mail(1))
    server.kill()
    async with fetching(core, with_mailboxes(core, imap=server.url())):
        await asyncio.sleep(0.5)
        server.start()
        await until(lambda: len(kept(core)) == 1)


async def test_one_process_at_a_time_is_signed_in_and_another_takes_over(core: Core, server: Dovecot) -> None:
    boxes = with_mailboxes(core, imap=server.url())
    async with fetching(core, boxes):
        server.put(a_mail(1))
        await until(lambda: len(kept(core)) == 1)
        async with fetching(core, boxes):
            await asyncio.sleep(3 * QUICK.look_again)
            assert signed_in(server) == 1
    async with fetching(core, boxes):
        server.put(a_mail(2))
        await until(lambda: len(kept(core)) == 2)


async def test_a_mail_the_server_does_not_hand_over_holds_up_no_other(core: Core, server: Dovecot) -> None:
    server.put(a_mail(1), a_mail(2), a_mail(3))
    (box,) = with_mailboxes(core, imap=server.url())

    def broken() -> None:
        raise CannotFetch("the server answers NO")

    assert await a_pulling(core, [Struck(box, before_fetch=broken)]).recall() == {LABEL: None}
    assert len(kept(core)) == 2
    assert await a_pulling(core, [box]).recall() == {LABEL: 1}


@pytest.mark.parametrize("error", [CannotFetch("the server answers NO"), LookupError("unknown to us")])
async def test_a_mail_that_could_not_be_fetched_is_tried_again_with_the_next(
    core: Core, server: Dovecot, error: Exception
) -> None:
    (box,) = with_mailboxes(core, imap=server.url())
    struck = asyncio.Event()

    def broken() -> None:
        struck.set()
        raise error

    async with fetching(core, [Struck(box, before_fetch=broken)]):
        server.put(a_mail(1))
        await struck.wait()
        assert kept(core) == []
        server.put(a_mail(2))
        await until(lambda: len(kept(core)) == 2)


@asynccontextmanager
async def cut_after(port: int, size: int) -> AsyncIterator[int]:
    """A port that leads to the server's; the first connection is cut after so many bytes from there."""
    left = [size]

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", port)

        async def answers() -> None:
            while block := await from_server.read(65536):
                left[0] -= len(block)
                if left[0] <= 0 and not cut:
                    cut.append(True)
                    break
                writer.write(block)
            writer.close()
            to_server.close()

        back = asyncio.create_task(answers())
        while block := await reader.read(65536):
            to_server.write(block)
        to_server.close()
        await back

    cut: list[bool] = []
    listening = await asyncio.start_server(through, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
        assert cut
    finally:
        listening.close()


def signed_in(server: Dovecot) -> int:
    """How many sessions of the user the server has open."""
    lines = (server.folder / "log").read_text().splitlines()
    begun = sum("imap-login: Info: Login" in line for line in lines)
    return begun - sum(f"imap({USER})" in line and "Disconnected" in line for line in lines)

"""What one IMAP folder tells and does, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from channels.email.own import Own
from channels.mailbox import Afterwards, Found, GoneMeanwhile, Open
from channels.mailbox.as_mail import AsMail
from channels.mailbox.contract import Move
from channels.mailbox.imap import ImapMailbox
from channels.mailbox.imap_address import imap_addresses
from tests.dovecot import USER, Dovecot, dovecot
from tests.missing_parts import needs

pytestmark = needs("dovecot")
MAIL = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nWorried\r\n"
OWN = Own(mailboxes=(USER,), mail_from=USER, loop_key=b"key")


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@asynccontextmanager
async def opened(server: Dovecot, move: Move = Move.KEEP) -> AsyncIterator[Open]:
    (where,) = imap_addresses(server.url())
    box = ImapMailbox(where, label="IMAP", as_mail=AsMail(own=OWN), afterwards=Afterwards(move=move))
    async with box.open() as there:
        yield there


async def found(there: Open, mark: str = "") -> tuple[list[Found], str]:
    async def all_of(ids: Sequence[str]) -> Sequence[str]:
        return ids

    pages = [page async for page in there.look(mark, all_of)]
    return [each for page in pages for each in page.found], pages[-1].mark


async def test_a_mail_that_comes_between_the_list_and_the_waiting_is_news(server: Dovecot) -> None:
    async with opened(server) as there:
        _, mark = await found(there)
        server.put(MAIL)
        await there.state()  # with its answer the server tells of the mail
        async with asyncio.timeout(5):
            await there.wait()
        listed, _ = await found(there, mark)
        assert [each.id for each in listed] == ["1"]


async def test_what_came_with_the_consent_to_idle_is_news(server: Dovecot) -> None:
    async with opened(server) as there:
        await found(there)
        server.put(MAIL)
        async with asyncio.timeout(5):
            await there.wait()


async def test_waiting_is_given_up_at_once(server: Dovecot) -> None:
    async with asyncio.timeout(5):
        async with opened(server) as there:
            await found(there)
            waiting = asyncio.create_task(there.wait())
            await asyncio.sleep(0.2)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


async def test_a_mark_leaves_out_what_was_listed(server: Dovecot) -> None:
    server.put(MAIL, MAIL)
    async with opened(server) as there:
        first, mark = await found(there)
        assert [each.id for each in first] == ["1", "2"]
        assert await found(there, mark) == ([], "2")


@pytest.mark.parametrize("extra", [-1, 0, 1])
async def test_a_mail_of_just_a_piece_is_whole(server: Dovecot, extra: int) -> None:
    mail = MAIL + b"x" * (1024 * 1024 - len(MAIL) + extra)
    server.put(mail)
    async with opened(server) as there:
        (one,), _ = await found(there)
        assert (await there.fetch(one)).body == mail
        assert one.size == len(mail)


async def test_a_mail_taken_out_meanwhile_is_said_to_be_gone(server: Dovecot) -> None:
    server.put(MAIL)
    async with opened(server) as there:
        (one,), _ = await found(there)
        with pytest.raises(GoneMeanwhile):
            await there.fetch(replace(one, id="7"))


async def test_pages_may_be_left_in_the_midst(server: Dovecot) -> None:
    server.put(MAIL)

    async def all_of(ids: Sequence[str]) -> Sequence[str]:
        return ids

    async with opened(server) as there:
        async with aclosing(there.look("", all_of)) as pages:  # type: ignore[type-var]
            await anext(pages)
        assert (await there.state()).count == 1

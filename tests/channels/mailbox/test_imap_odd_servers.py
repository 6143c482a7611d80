"""Servers that tell of mail in the same breath, know no pieces, break one mail, or hang up in the midst."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from channels.email.own import Own
from channels.mailbox import CannotFetch, CannotReach, Found, Open
from channels.mailbox.as_mail import AsMail
from channels.mailbox.imap import ImapMailbox
from channels.mailbox.imap_address import imap_addresses
from tests.channels.mailbox.scripted_imap import scripted_imap

OWN = Own(mailboxes=("a@northshire.example",), mail_from="a@northshire.example", loop_key=b"key")
MAIL = "From: a@example.org\r\n\r\nWorried"
TIMES = 'INTERNALDATE "21-Nov-2026 09:30:00 +0000" RFC822.SIZE 10'


@asynccontextmanager
async def opened(**answers: str) -> AsyncIterator[Open]:
    async with scripted_imap(**answers) as port:
        (where,) = imap_addresses(f"imap://a%40northshire.example:secret@127.0.0.1:{port}")
        async with ImapMailbox(where, label="IMAP", as_mail=AsMail(own=OWN)).open() as there:
            yield there


async def listed(there: Open) -> list[Found]:
    async def all_of(ids: Sequence[str]) -> Sequence[str]:
        return ids

    return [each async for page in there.look("", all_of) for each in page.found]


@pytest.mark.parametrize(
    "answer",
    [
        {"IDLE": "+ idling\r\n* 3 EXISTS\r\n"},
        {"IDLE": "* 3 EXISTS\r\n+ idling\r\n"},
        {"UID_SEARCH": "* SEARCH 1 2\r\n* 3 EXISTS\r\n{tag} OK done\r\n"},
    ],
)
async def test_news_in_the_same_breath_as_another_answer_is_heard(answer: dict[str, str]) -> None:
    async with opened(**answer) as there:
        await listed(there)
        async with asyncio.timeout(5):
            await there.wait()


async def test_without_news_it_is_listened_for() -> None:
    async with opened() as there:
        await listed(there)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await there.wait()


async def test_a_mail_is_whole_from_a_server_that_knows_no_pieces() -> None:
    literal = f"* 1 FETCH (UID 1 BODY[] {{{len(MAIL)}}}\r\n{MAIL})\r\n{{tag}} OK done\r\n"
    async with opened(UID_FETCH_1=literal) as there:
        assert (await there.fetch(Found(id="1", received_at=None))).body == MAIL.encode()


async def test_one_mail_a_server_cannot_tell_of_hides_none_of_the_others() -> None:
    async with opened(
        UID_FETCH_1="{tag} NO it is broken\r\n", UID_FETCH_2=f"* 2 FETCH (UID 2 {TIMES})\r\n{{tag}} OK done\r\n"
    ) as there:
        first, second = await listed(there)
        assert (first.id, first.received_at, second.id, second.size) == ("1", None, "2", 10)
        with pytest.raises(CannotFetch):
            await there.fetch(first)


@pytest.mark.parametrize(
    "answer", [{"IDLE": ""}, {"IDLE": "{tag} NO not now\r\n"}, {"DONE": "", "IDLE": "+ x\r\n* 1 EXISTS\r\n"}]
)
async def test_a_server_that_hangs_up_or_will_not_idle_is_said_to_be_away(answer: dict[str, str]) -> None:
    async with opened(**answer) as there:
        with pytest.raises(CannotReach):
            async with asyncio.timeout(5):
                await there.wait()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"LOGIN": "{tag} NO wrong for a@northshire.example\r\n"}, "user or password are not accepted"),
        ({"LOGIN": ""}, "it does not answer"),
        ({"EXAMINE": "{tag} NO no such folder\r\n"}, "no such folder"),
        ({"EXAMINE": "{tag} OK [READ-ONLY] done\r\n"}, "no lasting numbers"),
        ({"CAPABILITY": "* BYE too many\r\n"}, "it does not answer"),
    ],
)
async def test_a_server_that_does_not_let_us_in_says_why_and_names_nobody(answer: dict[str, str], why: str) -> None:
    with pytest.raises(CannotReach, match=why) as refused:
        async with opened(**answer):
            pass
    assert "northshire" not in refused.value.why


def a_piece(start: int, words: str) -> str:
    return f"* 1 FETCH (UID 1 BODY[]<{start}> {{{len(words)}}}\r\n{words})\r\n{{tag}} OK done\r\n"


AT_10 = "UID_FETCH_1_(BODY.PEEK[]<10."


async def test_a_mail_is_whole_from_a_server_that_gives_less_than_it_is_asked_for() -> None:
    async with opened(**{"UID_FETCH_1": a_piece(0, MAIL[:10]), AT_10: a_piece(10, MAIL[10:])}) as there:
        found = Found(id="1", received_at=None, size=len(MAIL))
        assert (await there.fetch(found)).body == MAIL.encode()


@pytest.mark.parametrize(
    "beyond",
    [
        "* 1 FETCH (UID 1 BODY[]<31> NIL)\r\n{tag} OK done\r\n",
        '* 1 FETCH (UID 1 BODY[]<31> "")\r\n{tag} OK done\r\n',
        "{tag} OK done\r\n",
        "{tag} NO there is no more\r\n",
        f"* 1 FETCH (UID 1 BODY[] {{{len(MAIL)}}}\r\n{MAIL})\r\n{{tag}} OK done\r\n",
    ],
)
async def test_a_server_that_counts_a_mail_for_longer_than_it_is_gives_it_once(beyond: str) -> None:
    after_it = f"UID_FETCH_1_(BODY.PEEK[]<{len(MAIL)}."
    async with opened(**{"UID_FETCH_1": a_piece(0, MAIL), after_it: beyond}) as there:
        found = Found(id="1", received_at=None, size=len(MAIL) + 7)
        assert (await there.fetch(found)).body == MAIL.encode()

"""The queue told live: what changed, to everybody, at once; and no stream outlives its sign-in or the gateway."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import pytest

from gateway.core import Core
from gateway.staff import accounts
from storage import referral
from storage.database import Database
from storage.news import News
from storage.staff import Role
from tests.builders import a_note, a_referral
from tests.gateway.queue_news import PATIENCE, listening, open_gateway, signed_in

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AT_ONCE = 3.0  # on a machine that tests much else; the benchmark of the live queue says how soon it is


def rate(database: Database, reference: str, severity: str) -> None:
    """Somebody rates it, wherever they are."""
    with database.transaction() as session:
        row = referral.by_reference(session, reference)
        assert row
        row.severity = severity
        session.add(row)


async def answered(address: str, cookie: str) -> int:
    """What a browser is answered that leaves at once."""
    async with listening(address, cookie) as browser:
        return browser.status


@only_sqlite
async def test_what_arrives_is_told_to_five_browsers_at_once(core: Core) -> None:
    async with open_gateway(core) as (gateway, address), AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(listening(address, signed_in(core))) for _ in range(5)]
        assert all([(await each.next())["rest"] == [] for each in browsers])
        receipt = await gateway.intake.accept(a_note("Shouting at night"))
        began = time.monotonic()
        for each in browsers:
            told = await each.next()
            assert told["rest"] == [receipt.reference] and list(told["rows"]) == [receipt.reference]
            assert told["numbers"]["open"] == "1" and told["says"] == "1 new: not rated, 1 day left"
        assert time.monotonic() - began < AT_ONCE


async def test_what_another_process_commits_is_told_too_and_only_the_line_that_changed(
    core: Core, database_url: str
) -> None:
    rows = [await a_referral(core, text=f"Note {number}") for number in range(3)]
    async with open_gateway(core) as (_, address), listening(address, signed_in(core)) as browser:
        assert len((await browser.next())["rows"]) == 3
        elsewhere = Database(database_url)
        telling = asyncio.create_task(News(elsewhere, lambda _: None).run())
        await asyncio.sleep(0.2)
        await asyncio.to_thread(rate, elsewhere, rows[1].reference, "red")
        told = await browser.next(AT_ONCE)
        telling.cancel()
        elsewhere.close()
        assert list(told["rows"]) == [rows[1].reference] and "Red" in told["rows"][rows[1].reference]
        assert "banner" not in told and told["numbers"]["red"] == "1"


@only_sqlite
async def test_a_page_that_is_as_it_was_drawn_is_told_nothing_and_one_that_fell_behind_only_what_it_missed(
    core: Core,
) -> None:
    first, second = [await a_referral(core, text=text) for text in ("One", "Two")]
    async with open_gateway(core) as (_, address):
        cookie = signed_in(core)
        async with listening(address, cookie) as browser:
            await browser.next()
            version = browser.version
            async with listening(address, cookie, headers={"Last-Event-ID": version}) as other:
                rate(core.database, first.reference, "amber")
                assert list((await other.next())["rows"]) == [first.reference]
                await browser.next()
                rate(core.database, second.reference, "red")
                await browser.next()
            async with listening(address, cookie, f"?has={version}") as back:
                assert set((await back.next())["rows"]) == {first.reference, second.reference}


@only_sqlite
async def test_a_stream_ends_when_its_user_signs_out_and_no_other_does(core: Core) -> None:
    async with open_gateway(core) as (gateway, address):
        cookie, other_cookie = signed_in(core), signed_in(core)
        async with listening(address, cookie) as browser, listening(address, other_cookie) as other:
            await browser.next(), await other.next()
            with core.database.transaction() as session:
                accounts.sign_out(session, cookie)
            await browser.next()
            assert browser.names[-1] == "signed-out"
            with pytest.raises(EOFError):
                await browser.next()
            receipt = await gateway.intake.accept(a_note("Still there"))
            assert (await other.next())["rest"] == [receipt.reference]


@only_sqlite
async def test_the_gateway_stops_within_two_seconds_with_streams_open(core: Core) -> None:
    async with AsyncExitStack() as streams:
        async with open_gateway(core) as (_, address):
            browsers = [await streams.enter_async_context(listening(address, signed_in(core))) for _ in range(10)]
            for each in browsers:
                await each.next()
            began = time.monotonic()
        assert time.monotonic() - began < 2.0
        with pytest.raises(EOFError):
            await browsers[0].next(1)


@only_sqlite
async def test_nobody_who_is_not_signed_in_is_told_anything(core: Core) -> None:
    async with open_gateway(core) as (_, address), listening(address, "no such cookie") as browser:
        assert browser.status == 303


@only_sqlite
async def test_more_streams_than_there_may_be_are_refused_and_a_place_that_is_left_is_free(core: Core) -> None:
    async with open_gateway(core, queue_streams=3, queue_streams_each=2) as (_, address):
        robin, alex = signed_in(core, "robin"), signed_in(core, "alex")
        async with listening(address, robin) as first, listening(address, robin) as second:
            await first.next(), await second.next()
            async with listening(address, robin) as third:
                assert third.status == 503
            async with listening(address, alex) as other:
                await other.next()
                async with listening(address, alex) as one_too_many:
                    assert one_too_many.status == 503
        began = time.monotonic()
        while (status := await answered(address, robin)) == 503 and time.monotonic() < began + PATIENCE:
            await asyncio.sleep(0.05)
        assert status == 200


@only_sqlite
async def test_a_line_told_live_is_the_same_for_everybody_and_never_says_who_told_us(core: Core) -> None:
    async with open_gateway(core) as (_, address):
        manager, reader = signed_in(core, role=Role.MANAGER), signed_in(core, role=Role.READONLY)
        async with listening(address, manager) as one, listening(address, reader) as other:
            await one.next(), await other.next()
            row = await a_referral(core, callback="07700 900123", safe_text="yes", caller_name="Robin Example")
            seen: list[str] = []
            for browser in (one, other):
                told = await browser.next()
                while "A neighbour rang" not in told["rows"].get(row.reference, ""):
                    told = await browser.next()
                seen.append(told["rows"][row.reference])
            assert seen[0] == seen[1]
            assert "900123" not in seen[0] and "Robin" not in seen[0]


@only_sqlite
async def test_while_the_database_cannot_be_asked_the_page_is_told_that_it_may_be_old(core: Core) -> None:
    async with open_gateway(core) as (_, address), listening(address, signed_in(core)) as browser:
        await browser.next()
        with core.database.transaction() as session:
            session.connection().exec_driver_sql("ALTER TABLE draft RENAME TO away")
        await browser.next()
        assert browser.names[-1] == "away"
        with core.database.transaction() as session:
            session.connection().exec_driver_sql("ALTER TABLE away RENAME TO draft")
        await browser.next()
        assert browser.names[-1] == "back"

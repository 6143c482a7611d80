"""The call taker's page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from gateway import saying
from gateway.core import Core
from gateway.wiring import wire_channels, wire_desks
from storage import identity
from storage.message import Message
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral, read_all
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def reading(core: Core) -> AsyncIterator[None]:
    """The reading desk at work while the test runs."""
    desk = wire_desks(core, wire_channels(core), ["reading"]).named("reading")
    running = asyncio.create_task(desk.run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_no_field_is_required(office: Office) -> None:
    page = await (await office.browser(Role.CALL_TAKER)).see("/notes/new")
    assert page.css("[required], [aria-required]") == []
    assert page.css_first("textarea[name=text]") is not None


@pytest.mark.usefixtures("reading")
async def test_a_saved_note_gives_the_words_to_read_out(core: Core, office: Office) -> None:
    browser = await office.browser(Role.CALL_TAKER, "casey")
    saved = await browser.send(await browser.see("/notes/new"), "/notes/new", text="A neighbour rang", child="Alex")
    with core.database.reading() as session:
        row = session.exec(select(Message)).one()
    words = words_of(saved)
    assert row.reference in words
    assert saying.read_out_reference(row.reference) in words
    assert "10 15 am on Tuesday 24 November" in words
    assert "A neighbour rang" in words_of(await browser.see(f"/referrals/{row.reference}"))


@pytest.mark.usefixtures("reading")
async def test_pressing_the_button_twice_keeps_one_note(core: Core, office: Office) -> None:
    browser = await office.browser(Role.CALL_TAKER)
    page = await browser.see("/notes/new")
    for _ in range(2):
        assert (await browser.send(page, "/notes/new", text="A neighbour rang")).status_code == 200
    with core.database.reading() as session:
        assert len(session.exec(select(Message)).all()) == 1


@pytest.mark.usefixtures("reading")
async def test_adding_to_a_referral_reads_out_the_reference_the_caller_knows(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser(Role.CALL_TAKER)
    page = await browser.see(f"/notes/new?reference={row.reference}")
    field = page.css_first("input#reference")
    assert field and field.attributes["value"] == row.reference
    saved = await browser.send(page, "/notes/new", text="She rang again", reference=row.reference)
    assert saying.read_out_reference(row.reference) in words_of(saved)


async def test_a_note_that_cannot_be_kept_stays_on_the_page(core: Core, office: Office) -> None:
    browser = await office.browser(Role.CALL_TAKER)
    page = await browser.see("/notes/new")
    with core.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE content RENAME TO lost")
    answer = await browser.send(page, "/notes/new", text="A neighbour rang", safe_text="yes")
    assert answer.status_code == 503
    assert "Not saved yet" in words_of(answer)
    assert "A neighbour rang</textarea>" in answer.text
    assert 'name="safe_text" type="checkbox" value="yes" checked' in answer.text


async def test_a_reader_takes_no_calls(office: Office) -> None:
    client = (await office.browser(Role.READONLY)).client
    answer = await client.get("/notes/new")
    assert answer.status_code == 403 and "This is not for your role" in words_of(answer)


async def test_what_the_caller_said_of_each_way_to_reach_them_is_kept(core: Core) -> None:
    casey = await Office(core).browser(Role.CALL_TAKER)
    page = await casey.see("/notes/new")
    await casey.send(
        page, "/notes/new", text="words", email="jo@example.org", safe_email="yes", callback="01632 960123"
    )
    await read_all(core)
    with core.database.reading() as session:
        (row,) = session.exec(select(Referral))
        (way,) = identity.ways_of(session, row.id or 0, row.identity_id)
        assert identity.address_of(core.seal, way) == "jo@example.org"
        assert way.ok_for == '{"email": true}'

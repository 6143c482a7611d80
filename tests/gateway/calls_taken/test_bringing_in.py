"""A manager is told at once, by every way their role hears of things, and hears nothing of the concern."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlmodel import col, select

from gateway.calls_taken import calls_taken
from gateway.core import Core
from gateway.wiring import wire_channels, wire_desks
from storage.notice import Notice
from storage.referral import Referral
from tests.builders import read_all
from tests.fakes import MovableClock
from tests.gateway.calls_taken.test_left import begun

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_duty_manager_is_told_once_while_the_call_goes_on(core: Core) -> None:
    settings = core.settings.model_copy(update={"alert_to": "duty_manager=duty@northshire.example"})
    bringing_in = calls_taken(replace(core, settings=settings)).bringing_in
    row = begun(core, {"text": "He is back", "child": "Alex"})
    reading = asyncio.create_task(wire_desks(core, wire_channels(core), ["reading"]).named("reading").run())
    for _ in range(2):
        await bringing_in.ask(row.id, by="casey")
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    with core.database.reading() as session:
        told = session.exec(select(Notice).where(Notice.for_role == "duty_manager").order_by(col(Notice.channel))).all()
    assert [(one.channel, one.state) for one in told] == [("email", "owed"), ("staff", "owed")]
    assert row.reference in told[0].text and "a call taker asks for a manager" in told[0].text
    assert "back" not in told[0].text and "Alex" not in told[0].text


async def test_a_caller_who_is_cut_off_after_a_manager_was_brought_in_is_owed_their_acknowledgement(
    core: Core, clock: MovableClock
) -> None:
    calls = calls_taken(core)
    row = begun(core, {"text": "He is back", "child": "Alex"})
    await calls.handing_in.keep_so_far(row.id)
    await read_all(core)
    clock.move(minutes=11)
    assert await calls.left.look() == 1
    await read_all(core)
    with core.database.reading() as session:
        [about] = session.exec(select(Referral))
        tasks = session.exec(select(Notice).where(Notice.kind == "staff_task", Notice.state == "owed")).all()
    assert about.reference == row.reference
    assert [one.reason for one in tasks if one.for_role is None] == ["acknowledge by hand: the call was not finished"]

"""A call taker's message, sent by a program."""

from __future__ import annotations

import asyncio

import pytest

from gateway.core import Core
from gateway.wiring import wire_channels, wire_desks
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Office, problem_of


@pytest.fixture
async def reading(core: Core) -> object:
    """The reading desk at work while the test runs."""
    desk = wire_desks(core, wire_channels(core), ["reading"]).named("reading")
    running = asyncio.create_task(desk.run())
    yield desk
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.usefixtures("reading")
async def test_a_note_becomes_a_referral_with_words_to_read_out(core: Core, office: Office) -> None:
    answer = await office.program(Role.CALL_TAKER).post("/api/v1/notes", json={"text": "A neighbour rang"})
    seen = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/referrals/{seen['reference']}"
    assert (seen["channel"], seen["text"], seen["look_by"]) == ("note", "A neighbour rang", "2026-11-24T10:15:00Z")
    assert "10 15 am on Tuesday 24 November" in seen["read_out"]


@pytest.mark.usefixtures("reading")
async def test_a_note_that_adds_to_a_referral_answers_with_that_one(core: Core, office: Office) -> None:
    row = await a_referral(core)
    body = {"text": "She rang again", "reference": row.reference.lower()}
    seen = (await office.program().post("/api/v1/notes", json=body)).json()
    assert seen["reference"] == row.reference
    assert "She rang again" in seen["text"]


@pytest.mark.usefixtures("reading")
async def test_the_same_note_sent_twice_is_one_note(core: Core, office: Office) -> None:
    program, body = office.program(), {"text": "A neighbour rang", "note_id": "call 17"}
    first, second = [(await program.post("/api/v1/notes", json=body)).json()["reference"] for _ in range(2)]
    assert first == second
    assert len((await program.get("/api/v1/referrals")).json()) == 1


@pytest.mark.usefixtures("reading")
async def test_nothing_in_a_note_is_mandatory(office: Office) -> None:
    answer = await office.program().post("/api/v1/notes", json={})
    assert answer.status_code == 201
    assert sorted(n["kind"] for n in answer.json()["notices"]) == ["receipt", "staff_task"]


async def test_a_note_is_kept_and_told_while_no_desk_reads(office: Office) -> None:
    answer = await office.program().post("/api/v1/notes", json={"text": "A neighbour rang"})
    assert (answer.status_code, answer.json()["state"], answer.json()["parts"]) == (201, "received", [])
    assert answer.json()["read_out"]


async def test_what_is_not_a_note_is_refused_and_says_why(office: Office) -> None:
    for content in (b"A neighbour rang", b"[]", b"\xff", b"[" * 100_000):
        told = problem_of(await office.program().post("/api/v1/notes", content=content))
        assert (told["status"], told["field"]) == (422, "body")
    told = problem_of(await office.program().post("/api/v1/notes", json={"text": "x" * 2_000_000}))
    assert told["status"] == 422


async def test_a_reader_takes_no_notes(office: Office) -> None:
    answer = await office.program(Role.READONLY).post("/api/v1/notes", json={"text": "x"})
    assert problem_of(answer)["status"] == 403

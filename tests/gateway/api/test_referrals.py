"""Referrals as programs read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.core import Core
from storage import referral
from storage.staff import Role
from tests.builders import a_message, a_note, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.office import Office, problem_of

PUBLIC = {
    "reference", "ledger_no", "channel", "kind", "state", "received_at", "captured_at", "look_by", "severity",
    "severity_floor", "owner", "child_known", "sender", "text", "messages", "parts", "notices", "history",
}  # fmt: skip


async def test_a_referral_has_everything_the_public_surface_promises(core: Core, office: Office) -> None:
    row = await a_referral(core, text="Shouting at night", child="Alex")
    [found] = (await office.program().get("/api/v1/referrals")).json()
    assert found.keys() >= PUBLIC
    assert found["reference"] == row.reference
    assert found["received_at"] == "2026-11-23T10:15:00Z"
    assert found["look_by"] == "2026-11-24T10:15:00Z"
    assert found["sender"] == {"class": "none", "address": None}
    assert found["child_known"] is True
    assert "Shouting at night" in found["text"]
    assert found["messages"][0].keys() >= {"id", "channel", "received_at", "sha256", "size"}
    assert found["notices"][0].keys() >= {"id", "kind", "channel", "state", "due_at", "sent_at", "attempts", "text"}
    assert found["history"][0].keys() == {"at", "who", "what"}


async def test_what_is_kept_but_not_read_yet_is_in_the_list_and_in_the_queue(core: Core, office: Office) -> None:
    first = await a_referral(core)
    unread = await core.intake.accept(a_message())
    for address in ("/api/v1/referrals", "/api/v1/queue"):
        found = (await office.program().get(address)).json()
        assert [one["reference"] for one in found] == [first.reference, unread.reference]
        assert found[1]["state"] == "received"
        assert found[1]["messages"][0]["size"] == len(b"Please check on the kids next door")


async def test_a_program_pages_on_with_the_last_ledger_number(core: Core, office: Office) -> None:
    told = [(await core.intake.accept(a_note(f"Note {n}"))).reference for n in range(5)]
    await read_all(core)
    told += [(await core.intake.accept(a_message())).reference for _ in range(2)]
    program, seen, after = office.program(), [], 0
    while page := (await program.get("/api/v1/referrals", params={"after": after, "limit": 2})).json():
        seen += [one["reference"] for one in page]
        after = page[-1]["ledger_no"]
    assert seen == told


async def test_the_queue_is_in_the_order_of_the_time_left(core: Core, office: Office, clock: MovableClock) -> None:
    late, early = await a_referral(core), await a_referral(core)
    with core.database.transaction() as session:
        row = referral.by_reference(session, early.reference)
        assert row is not None
        row.due_at -= timedelta(hours=3)
        session.add(row)
    found = (await office.program().get("/api/v1/queue")).json()
    assert [one["reference"] for one in found] == [early.reference, late.reference]


@pytest.mark.parametrize("typed", [str.lower, lambda r: r.replace("-", ""), lambda r: r.replace("-", " ")])
async def test_a_reference_may_be_typed_in_any_way(core: Core, office: Office, typed: object) -> None:
    row = await a_referral(core)
    assert callable(typed)
    answer = await office.program().get(f"/api/v1/referrals/{typed(row.reference)}")
    assert answer.json()["reference"] == row.reference


async def test_a_reference_promised_for_more_of_the_same_answers_with_that_referral(core: Core, office: Office) -> None:
    row = await a_referral(core)
    more = await core.intake.accept(a_note("More about it", reference=row.reference))
    await read_all(core)
    assert more.reference != row.reference
    answer = await office.program().get(f"/api/v1/referrals/{more.reference}")
    assert answer.json()["reference"] == row.reference
    assert len(answer.json()["messages"]) == 2


async def test_addresses_are_for_social_workers_and_a_look_is_on_record(core: Core, office: Office) -> None:
    await a_referral(core, callback="07700 900123", safe_text="yes")
    [reader] = (await office.program(Role.READONLY).get("/api/v1/referrals")).json()
    [taker] = (await office.program(Role.CALL_TAKER).get("/api/v1/queue")).json()
    assert reader["sender"] == taker["sender"] == {"class": "mobile", "address": None}
    assert office.private_history() == []
    [worker] = (await office.program(Role.SOCIAL_WORKER, "case system").get("/api/v1/referrals")).json()
    assert worker["sender"] == {"class": "mobile", "address": "+447700900123"}
    assert office.private_history() == [("case system", "Read who told us of 1 referrals, ledger numbers 1")]


async def test_without_a_token_in_force_nothing_is_told(core: Core, office: Office) -> None:
    await a_referral(core)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}):
        answer = await office.stranger().get("/api/v1/referrals", headers=headers)
        assert problem_of(answer)["status"] == 401
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_token_of_the_settings_is_an_administrators(core: Core, office: Office) -> None:
    row = await a_referral(core)
    headers = {"Authorization": "Bearer administrator-for-tests"}
    answer = await office.stranger().post(f"/api/v1/referrals/{row.reference}/open", headers=headers)
    assert answer.json()["state"] == "in_triage"


async def test_what_is_not_there_and_what_is_not_valid_are_told_as_problems(office: Office) -> None:
    program = office.program()
    assert problem_of(await program.get("/api/v1/referrals/KMR-4729-HX"))["status"] == 404
    told = problem_of(await program.get("/api/v1/queue", params={"limit": 0}))
    assert (told["status"], told["field"]) == (422, "limit")


async def test_broken_promises_are_told_as_the_command_tells_them(
    core: Core, office: Office, clock: MovableClock
) -> None:
    row = await a_referral(core)
    assert (await office.program().get("/api/v1/check")).json() == []
    clock.move(days=3)
    broken = (await office.program(Role.READONLY).get("/api/v1/check")).json()
    assert sorted(one["rule"] for one in broken) == ["not_escalated", "not_looked_at", "sender_not_told"]
    assert next(one for one in broken if one["rule"] == "not_looked_at") == {
        "rule": "not_looked_at", "reference": row.reference, "since": "2026-11-24T10:15:00Z",
        "what": "no social worker has looked by the promised time",
    }  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_database_that_cannot_be_asked_is_told_as_such(core: Core, office: Office) -> None:
    program = office.program()
    with core.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE notice RENAME TO lost")
    await core.intake.accept(a_note())
    answer = await program.get("/api/v1/referrals")
    assert problem_of(answer)["status"] == 503
    assert answer.headers["retry-after"] == "5"

"""What programs may do with a referral."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_message, a_note, a_referral, read_all
from tests.gateway.office import Office, problem_of

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DECISION = {"code": "nfa", "reason": "Nothing of concern was found", "level": 1}


async def step(program: httpx.AsyncClient, reference: str, action: str, **body: Any) -> httpx.Response:
    """Ask for one step."""
    return await program.post(f"/api/v1/referrals/{reference}/{action}", json=body)


async def test_a_referral_can_be_worked_from_arrival_to_closing_and_back(core: Core, office: Office) -> None:
    row, program = await a_referral(core), office.program(Role.SOCIAL_WORKER, "case system")
    states = []
    for action, body in (
        ("claim", {}), ("open", {}), ("rate", {"severity": "green", "reason": "No harm seen"}),
        ("decide", DECISION), ("close", {"reason": "Advice was given"}), ("reopen", {"reason": "They wrote again"}),
    ):  # fmt: skip
        answer = await step(program, row.reference, action, **body)
        assert answer.status_code == 200, answer.text
        states.append(answer.json()["state"])
    seen = (await program.get(f"/api/v1/referrals/{row.reference}")).json()
    assert states == ["received", "in_triage", "in_triage", "decided", "closed", "reopened"]
    assert (seen["owner"], seen["severity"], seen["decision"]) == ("case system", "green", "nfa")
    assert [line["who"] for line in seen["history"]].count("case system") == 6


async def test_a_step_out_of_turn_is_refused_and_says_which_are_allowed(core: Core, office: Office) -> None:
    row, program = await a_referral(core), office.program()
    told = problem_of(await step(program, row.reference, "decide", **DECISION))
    assert told["status"] == 409
    assert told["allowed"] == ["claim", "release", "open", "link", "note"]
    assert (await program.get(f"/api/v1/referrals/{row.reference}")).json()["state"] == "received"


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("rate", {"severity": "purple", "reason": "x"}, "severity"),
        ("rate", {"severity": "red"}, "reason"),
        ("decide", {**DECISION, "level": None}, "level"),
        ("decide", {**DECISION, "level": 5}, "level"),
        ("decide", {**DECISION, "code": "not_about_a_child"}, "agreed_by"),
        ("ask", {"question": "Which street?", "answer_by": "soon"}, "answer_by"),
        ("note", {"text": "   "}, "text"),
        ("link", {"to": "KMR-4729-HX"}, "to"),
        ("note", {"text": {"a": 1}}, "text"),
    ],
)
@ON_SQLITE
async def test_what_is_missing_is_named(
    core: Core, office: Office, action: str, body: dict[str, Any], field: str
) -> None:
    row, program = await a_referral(core), office.program()
    await step(program, row.reference, "open")
    told = problem_of(await step(program, row.reference, action, **body))
    assert (told["status"], told["field"]) == (422, field)


@ON_SQLITE
async def test_a_body_that_is_not_json_is_told_as_such(core: Core, office: Office) -> None:
    row, program = await a_referral(core), office.program()
    answer = await program.post(f"/api/v1/referrals/{row.reference}/rate", content=b"{severity")
    assert problem_of(answer)["status"] == 422


async def test_a_question_brings_the_answer_date_forward_as_the_next_due_time(core: Core, office: Office) -> None:
    row, program = await a_referral(core), office.program()
    await step(program, row.reference, "open")
    seen = (
        await step(program, row.reference, "ask", question="Which street?", answer_by="2026-11-26T17:00:00Z")
    ).json()
    assert (seen["state"], seen["due_at"]) == ("awaiting_information", "2026-11-26T17:00:00Z")


async def test_a_link_takes_a_reference_typed_in_any_way(core: Core, office: Office) -> None:
    one, other = await a_referral(core), await a_referral(core)
    answer = await step(office.program(), one.reference.lower(), "link", to=other.reference.lower().replace("-", " "))
    assert answer.json()["linked_to"] == other.reference


async def test_a_step_on_a_reference_that_joined_another_is_done_there(core: Core, office: Office) -> None:
    row = await a_referral(core)
    more = await core.intake.accept(a_note("More about it", reference=row.reference))
    await read_all(core)
    answer = await step(office.program(), more.reference, "claim")
    assert answer.json()["reference"] == row.reference


async def test_what_is_not_read_yet_cannot_be_worked_yet(core: Core, office: Office) -> None:
    unread = await core.intake.accept(a_message())
    told = problem_of(await step(office.program(), unread.reference, "open"))
    assert (told["status"], told["allowed"]) == (409, [])


@pytest.mark.parametrize(
    ("role", "action", "status"),
    [
        (Role.READONLY, "note", 403),
        (Role.READONLY, "claim", 403),
        (Role.CALL_TAKER, "open", 403),
        (Role.CALL_TAKER, "note", 200),
        (Role.MANAGER, "open", 200),
    ],
)
@ON_SQLITE
async def test_each_role_may_do_only_its_own_steps(
    core: Core, office: Office, role: Role, action: str, status: int
) -> None:
    row = await a_referral(core)
    answer = await step(office.program(role), row.reference, action, text="A note")
    assert answer.status_code == status


async def test_a_task_is_done_only_with_a_result_and_only_once(core: Core, office: Office) -> None:
    row, program = await a_referral(core, text=""), office.program(Role.CALL_TAKER, "casey")
    address = f"/api/v1/referrals/{row.reference}"
    [task] = [n for n in (await program.get(address)).json()["notices"] if n["kind"] == "staff_task"]
    done = f"{address}/tasks/{task['id']}"
    assert problem_of(await program.post(done))["field"] == "result"
    seen = (await program.post(done, json={"result": "Rang back, gave the reference"})).json()
    [after] = [n for n in seen["notices"] if n["kind"] == "staff_task"]
    assert (after["state"], after["reason"]) == ("sent", "Rang back, gave the reference")
    assert seen["history"][-1]["what"] == f"Task done: {task['reason']}. Result: Rang back, gave the reference"
    assert problem_of(await program.post(done, json={"result": "Again"}))["status"] == 409
    assert problem_of(await office.program(Role.READONLY).post(done, json={"result": "x"}))["status"] == 403


async def test_a_task_of_another_referral_is_not_there(core: Core, office: Office) -> None:
    one, other = await a_referral(core, text=""), await a_referral(core)
    program = office.program()
    seen = (await program.get(f"/api/v1/referrals/{one.reference}")).json()
    [task] = [n for n in seen["notices"] if n["kind"] == "staff_task"]
    wrong = f"/api/v1/referrals/{other.reference}/tasks/{task['id']}"
    assert problem_of(await program.post(wrong, json={"result": "x"}))["status"] == 404

"""How a sender can be reached safely, by the API: written down by staff, read only by those who may, and on record."""

from typing import Any

import pytest
from sqlmodel import select

from channels.contract import SendError
from gateway.coming_back import came_back
from gateway.core import Core
from storage.identity import Identity
from storage.staff import Role
from tests.builders import a_message, a_referral, read_all
from tests.gateway.office import Office, problem_of

TEXT = b"MessageSid=SM1&From=%2B447700900123&Body=The+baby+cries"


async def a_text(core: Core) -> str:
    receipt = await core.intake.accept(a_message(TEXT))
    await read_all(core)
    return receipt.reference


async def written(core: Core, reference: str, what: str = "contact", **body: Any) -> Any:
    answer = await Office(core).program().post(f"/api/v1/referrals/{reference}/{what}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_what_the_sender_answered_is_kept_with_their_address(core: Core) -> None:
    reference = await a_text(core)
    seen = await written(
        core, reference, ok_for={"sms": True, "post": False}, words="discreet", hours="before noon",
        who_else_can_see="my husband", code_word="heron", asked_by="Casey",
    )  # fmt: skip
    (contact,) = seen["contacts"]
    assert contact["address"] == "+447700900123" and contact["class"] == "mobile"
    assert (contact["ok_for"], contact["words"]) == ({"sms": True, "letter": False}, "discreet")
    assert [contact[each] for each in ("hours", "who_else_can_see", "code_word", "asked_by")] == [
        "before noon", "my husband", "heron", "Casey",
    ]  # fmt: skip


async def test_large_print_is_written_down_and_only_where_it_was_asked(core: Core) -> None:
    reference = await a_text(core)
    wanted: list[dict[str, Any]] = [{"large_print": True}, {"ok_for": {"sms": True}}, {"large_print": False}]
    seen = [(await written(core, reference, **body))["contacts"][0]["large_print"] for body in wanted]
    assert seen == [True, True, False]


@pytest.mark.parametrize(("is_safe", "has_end"), [(True, True), (False, False)])
async def test_a_yes_has_an_end_and_a_no_has_none(core: Core, is_safe: bool, has_end: bool) -> None:
    (contact,) = (await written(core, await a_text(core), ok_for={"sms": is_safe}))["contacts"]
    assert (contact["expires_at"] is not None) is has_end


async def test_another_address_of_theirs_is_added_to_the_referral(core: Core) -> None:
    reference = await a_text(core)
    seen = await written(core, reference, address="jo@example.org", ok_for={"email": True})
    assert [(c["whose"], c["address"]) for c in seen["contacts"]] == [
        ("the address they used", "+447700900123"),
        ("another address of theirs", "jo@example.org"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"address": "call Jo"}, "address"),
        ({"address": "jo@example"}, "address"),
        ({"address": "12345"}, "address"),
        ({"address": "jo@example.org", "ok_for": {"pigeon": True}}, "ok_for"),
        ({"address": "jo@example.org", "words": "loud"}, "words"),
    ],
)
async def test_what_cannot_be_kept_names_its_field(core: Core, body: dict[str, Any], field: str) -> None:
    reference = await a_text(core)
    answer = await Office(core).program().post(f"/api/v1/referrals/{reference}/contact", json=body)
    assert (answer.status_code, problem_of(answer)["field"]) == (422, field)


async def test_without_an_address_it_is_of_the_one_they_used_and_there_must_be_one(core: Core) -> None:
    row = await a_referral(core)
    answer = await Office(core).program().post(f"/api/v1/referrals/{row.reference}/contact", json={"words": "none"})
    assert (answer.status_code, problem_of(answer)["field"]) == (422, "address")


async def test_the_childs_home_is_written_down_once(core: Core) -> None:
    reference = await a_text(core)
    await written(core, reference, "household", address="2 Example Lane, Northtown NT1 1AA")
    seen = await written(core, reference, "household", address="2, example lane\nNT1 1AA")
    assert [(h["address"], h["class"]) for h in seen["household"]] == [("2 Example Lane, Northtown NT1 1AA", "postal")]
    answer = await Office(core).program().post(f"/api/v1/referrals/{reference}/household", json={"address": "home"})
    assert (answer.status_code, problem_of(answer)["field"]) == (422, "address")


async def test_who_may_not_know_who_told_us_writes_but_reads_nothing(core: Core) -> None:
    reference, office = await a_text(core), Office(core)
    taker = office.program(Role.CALL_TAKER)
    seen = await taker.post(f"/api/v1/referrals/{reference}/contact", json={"code_word": "heron", "hours": "noon"})
    assert seen.status_code == 201
    assert "heron" not in seen.text and "7700900123" not in seen.text
    assert (await taker.get(f"/api/v1/referrals/{reference}/contact")).status_code == 403
    reader = office.program(Role.READONLY)
    assert (await reader.post(f"/api/v1/referrals/{reference}/contact", json={})).status_code == 403


async def test_every_read_is_on_record(core: Core) -> None:
    reference, office = await a_text(core), Office(core)
    worker = office.program(Role.SOCIAL_WORKER, name="sam")
    seen = (await worker.get(f"/api/v1/referrals/{reference}/contact")).json()
    assert seen["contacts"][0]["address"] == "+447700900123"
    assert office.private_history()[-1] == ("sam", "Read who told us of 1 referrals, ledger numbers 1")


async def test_history_says_what_was_asked_but_neither_address_nor_code_word(core: Core) -> None:
    reference = await a_text(core)
    await written(core, reference, address="jo@example.org", ok_for={"email": True}, words="open", code_word="heron")
    seen = (await Office(core).program().get(f"/api/v1/referrals/{reference}")).json()
    (line,) = [each["what"] for each in seen["history"] if "safely" in each["what"]]
    assert line == "Asked how to reach the sender safely: email yes, words open"


async def test_an_unknown_reference_is_not_found(core: Core) -> None:
    answer = await Office(core).program().get("/api/v1/referrals/KMR-4729-HX/contact")
    assert answer.status_code == 404


async def test_a_person_clears_an_address_whose_notices_came_back(core: Core) -> None:
    reference = await a_text(core)
    with core.database.transaction() as session:
        who = session.exec(select(Identity)).one()
        came_back(session, who, SendError.BAD_ADDRESS, core.clock())
    seen = await written(core, reference, hours="noon")
    assert seen["contacts"][0]["why_no_machine"] == "an earlier notice came back from there"
    seen = await written(core, reference, ok_for={"sms": True})
    assert seen["contacts"][0]["why_no_machine"] == ""

"""The day a letter reached the council, said on the page of its referral and by programs."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_message, a_referral, read_all
from tests.gateway.office import Office, problem_of, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def a_letter(core: Core) -> str:
    raw = a_message(b"%PDF-1.4\n%%EOF\n", channel="letter", media_type="application/pdf", envelope={"name": "s.pdf"})
    reference = (await core.intake.accept(raw)).reference
    await read_all(core)
    return reference


async def test_the_page_asks_for_the_day_and_shows_who_said_it_and_that_it_is_overdue(core: Core) -> None:
    reference, casey = await a_letter(core), await Office(core).browser(Role.CALL_TAKER, "casey")
    page = await casey.see(f"/referrals/{reference}")
    assert "When did it reach the council?" in words_of(page)
    answer = await casey.send(page, f"/referrals/{reference}/arrived", on="2026-11-20", basis="date_stamp")
    assert answer.status_code == 303
    words = words_of(await casey.see(answer.headers["location"]))
    for said in ("The day is saved.", "It reached us on Friday 20 November 2026, by the date stamp",
                 "Letter 9am Fri 20 Nov", "Overdue", "casey"):  # fmt: skip
        assert said in words


REFUSED = (
    ("2026-11-24", "It was scanned on Monday 23 November 2026: it cannot have reached us after that"),
    ("", "Give the day it reached the council"),
    ("Friday", "Give the day it reached the council"),
    ("2026-08-03", "Yes, it lay here that long"),
)


async def test_a_day_that_cannot_be_is_refused_in_words_and_one_long_ago_is_saved_once_somebody_is_sure(
    core: Core,
) -> None:
    reference, casey = await a_letter(core), await Office(core).browser(Role.CALL_TAKER)
    page, address = await casey.see(f"/referrals/{reference}"), f"/referrals/{reference}/arrived"
    for on, said in REFUSED:
        answer = await casey.send(page, address, on=on, basis="postmark")
        assert answer.status_code == 422 and said in words_of(answer), on
        assert 'value="postmark" checked' in answer.text, "what was typed stays"
    assert (await casey.send(page, address, on="2026-08-03", basis="postmark", sure="yes")).status_code == 303


MISSING: tuple[tuple[dict[str, str], str], ...] = (
    ({"on": "2026-11-20", "basis": "scan_folder"}, "basis"),
    ({"on": "2026-11-20", "message": "0"}, "message"),
    ({"on": "2025-11-20"}, "sure"),
    ({}, "on"),
)


async def test_a_program_gets_the_referral_as_it_is_afterwards_or_what_is_missing(core: Core) -> None:
    reference, office = await a_letter(core), Office(core)
    program, address = office.program(Role.SOCIAL_WORKER, "case system"), f"/api/v1/referrals/{reference}/arrived"
    for told, field in MISSING:
        refused = problem_of(await program.post(address, json=told))
        assert (refused["status"], refused["field"]) == (422, field)
    seen = (await program.post(address, json={"on": "2026-11-20"})).json()
    assert (seen["received_at"], seen["look_by"]) == ("2026-11-20T09:00:00Z", "2026-11-23T09:00:00Z")
    [letter] = seen["messages"]
    assert (letter["arrived_on"], letter["arrived_basis"], letter["arrived_by"]) == (
        "2026-11-20", "staff_entered", "case system",
    )  # fmt: skip
    assert letter["received_at"] == "2026-11-23T10:15:00Z", "when it was scanned is never rewritten"
    other = await a_referral(core)
    told_no = await program.post(f"/api/v1/referrals/{other.reference}/arrived", json={"on": "2026-11-20"})
    assert problem_of(told_no)["status"] == 409, "it did not come by post"
    looks = await office.browser(Role.READONLY)
    page = await looks.see(f"/referrals/{reference}")
    assert "It reached us on Friday 20 November 2026, as staff know it" in words_of(page)
    assert page.css_first(f'form[action="/referrals/{reference}/arrived"]') is None
    refused_role = await office.program(Role.READONLY).post(address, json={"on": "2026-11-20"})
    assert problem_of(refused_role)["status"] == 403

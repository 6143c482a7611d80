"""What may be about the same as a call stands beside its notes as they are written, and may be linked, never merged."""

from __future__ import annotations

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col, select

from gateway.core import Core
from gateway.likeness.cluster import cluster_of
from storage import audit, direct
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_note, a_referral, read_all
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_call_page import a_call

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KNOWN = "Albie Crane (DOB 3/5/2020) is hungry. They live at 9 Elm Row, NT1 2AB. His dad's number is 07700 900101."
SAID = "Albie Crane is out alone again"


async def kept(browser: Browser, call: str, **typed: str) -> httpx.Response:
    """What the page's script is answered when it keeps these words."""
    page = await browser.see(call)
    hidden = {str(i.attributes["name"]): i.attributes.get("value") or "" for i in page.css("#call input[type=hidden]")}
    return await browser.client.post(f"{call}/kept", data={**hidden, "turn": "1", **typed})


def strip_of(answer: httpx.Response) -> str:
    """The words of the strip in it."""
    return words_of(LexborHTMLParser(f"<body>{answer.json()['alike']}</body>"))


async def test_what_is_like_the_words_so_far_comes_with_the_save_and_stands_on_the_page(
    core: Core, office: Office
) -> None:
    known = (await a_referral(core, KNOWN)).reference
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    assert (await kept(casey, call, text="A man is shouting")).json()["alike"] == ""
    answer = await kept(casey, call, text="Out alone again", child="Albie Crane, 6", where="4 Elm Row")
    assert f"About {known} : Same street and first name" in strip_of(answer)
    page = await casey.see(call)
    assert "Same street and first name" in words_of(page) and page.css_first(f"#about-{known}") is not None
    assert "Same house" in strip_of(await kept(casey, call, text=f"{SAID}, at 9 Elm Row, NT1 2AB"))


async def test_a_call_that_is_said_to_be_about_another_report_is_linked_with_it_and_stays_its_own(
    core: Core, office: Office
) -> None:
    known = await a_referral(core, KNOWN)
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    said = {"text": SAID, "where": "4 Elm Row", "about": known.reference}
    await casey.send(await casey.see(call), call, do="save", **said)
    chosen = (await casey.see(call)).css_first("input[name=about][checked]")
    assert chosen is not None and chosen.attributes["value"] == known.reference
    elsewhere = await kept(casey, call, text="Something else", about=known.reference)
    assert f"About {known.reference}" in strip_of(elsewhere)
    await casey.send(await casey.see(call), call, do="finish", **said)
    await read_all(core)
    with core.database.reading() as session:
        before, new = session.exec(select(Referral).order_by(col(Referral.id))).all()
        history = [line.what for line in audit.of_referrals(session, [before.id or 0, new.id or 0])]
    assert new.linked_to == known.reference and known.reference not in new.summary
    assert f"A call taker says it is about {known.reference}: linked, and not merged" in history
    assert f"A call taker says that {new.reference} is about this: see there too" in history


async def test_that_there_is_another_report_is_not_read_to_the_caller(core: Core, office: Office) -> None:
    known = (await a_referral(core, KNOWN)).reference
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    page, older = await casey.see(call), await casey.see(call)
    await casey.send(page, call, do="save", text=SAID, child="Albie Crane, 6", about=known)
    back = words_of(await casey.see(f"{call}/read-back"))
    assert "Albie Crane, 6" in back and known not in back
    meanwhile = await casey.send(older, call, do="save", text="Written elsewhere", child="Albie")
    assert meanwhile.status_code == 409 and f"About the report {known}" in words_of(meanwhile)


async def test_who_told_us_is_not_to_be_learned_by_typing_a_number(core: Core, office: Office) -> None:
    await a_referral(core, "Shouting next door", callback="07700 900155")
    known = await a_referral(core, KNOWN)
    casey, kim = [await office.browser(Role.CALL_TAKER, name) for name in ("casey", "kim")]
    call = await a_call(casey)
    assert (await kept(casey, call, text="Shouting", callback="07700 900155")).json()["alike"] == ""
    assert known.reference in strip_of(await kept(casey, call, text="Shouting", callback="07700 900101"))
    assert known.reference not in words_of(await kim.see(call)), "who cannot see the number is not told what has it"
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    assert known.reference in words_of(await sam.see(call))
    assert office.private_history()[-1][0] == "sam"


async def test_a_report_that_is_none_links_nothing(core: Core) -> None:
    row = await a_referral(core, SAID, about="the one from last week")
    assert row.linked_to is None


async def test_words_are_kept_and_told_to_be_kept_where_nothing_alike_can_be_looked_for(
    core: Core, office: Office
) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    with core.database.transaction() as session:
        direct.ask(session, "ALTER TABLE likeness RENAME TO elsewhere")
    answer = await kept(casey, call, text=SAID, callback="07700 900101")
    assert (answer.status_code, answer.json()["alike"], answer.json()["version"]) == (200, None, 1)


async def test_a_second_report_a_call_is_about_is_found_from_it_too_and_is_told_of_once(core: Core) -> None:
    one, two, told = [await a_referral(core, f"Shouting at number {number}") for number in range(3)]
    for number, other in enumerate((one, two, two)):
        again = a_note(f"They rang again, {number}", reference=told.reference, about=other.reference)
        await core.intake.accept(again)
        await read_all(core)
    with core.database.reading() as session:
        row = session.get_one(Referral, told.id)
        found = {like.row.reference for like in cluster_of(session, row, may_identify=False).strong}
        history = [line.what for line in audit.of_referrals(session, [told.id or 0]) if "linked" in line.what]
    assert row.linked_to == one.reference and found >= {one.reference, two.reference}
    assert len(history) == 2

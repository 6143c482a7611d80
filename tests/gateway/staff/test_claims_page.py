"""What a form says, on the page: grouped, with words and place, settled with a press, who told us only on record."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.core import Core
from storage import referral
from storage.staff import Role
from tests.gateway.office import Browser, Office, problem_of, words_of
from tests.gateway.standard_form.filled import STATED, WHO, a_mail, pdf, receive, word

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the journey is on both


async def a_form(core: Core, **values: str) -> str:
    named = {name.replace("__", "."): value for name, value in values.items()} or STATED | WHO
    return await receive(core, a_mail(("form.pdf", pdf(named))))


def row(page: LexborHTMLParser, label: str) -> LexborNode:
    """The row of a value."""
    labels = page.css(".staff-claim__label")
    found = next(each for each in labels if each.text() == label).parent
    assert found is not None and found.parent is not None
    return found.parent


def text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


async def press(browser: Browser, reference: str, label: str, **typed: str) -> str:
    """Send the form of one row; where it leads."""
    page = await browser.see(f"/referrals/{reference}{'?who=shown' if typed.pop('who', '') else ''}")
    action = row(page, label).css_first("form").attributes["action"]  # type: ignore[union-attr]
    answer = await browser.send(page, str(action), **typed)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_the_page_shows_what_is_stated_by_child_and_adult_and_place(core: Core) -> None:
    reference, sam = await a_form(core), await Office(core).browser()
    page = await sam.see(f"/referrals/{reference}")
    titles = [each.text(strip=True) for each in page.css(".staff-stated__group")]
    assert titles == ["The concern", "Child 1", "Child 2", "Adult 1", "Where"]
    born = row(page, "Date of birth")
    assert "3 May 2019" in text(born) and "Read as 2019-05-03" in text(born) and "Stated, not checked" in text(born)
    link = born.css_first("a")
    assert link is not None and str(link.attributes["href"]).endswith("#page=4")
    assert "Boy" in text(row(page, "Sex")) and "12 to settle" in words_of(page)
    assert "5 answers are about who told us" in words_of(page) and "Quillfeather" not in str(page.html)


async def test_each_button_is_spoken_with_the_child_or_adult_it_is_about(core: Core) -> None:
    reference, sam = await a_form(core), await Office(core).browser()
    page = await sam.see(f"/referrals/{reference}")
    spoken = [text(each) for each in page.css("#stated li button, #stated li summary")]
    assert "Confirm Date of birth of child 1" in spoken and "Reject First name of child 2" in spoken
    assert "Put it right : First name of child 1" in spoken and "Save it : First name of child 2" in spoken
    assert any(each.startswith("Confirm") and each.endswith("of adult 1") for each in spoken)
    assert len(set(spoken)) == len(spoken)


async def test_confirming_leads_to_the_next_and_says_who_and_when(core: Core) -> None:
    reference, sam = await a_form(core), await Office(core).browser(name="Sam")
    to = await press(sam, reference, "First name", status="confirmed")
    page = await sam.see(to.partition("#")[0])
    confirmed = row(page, "First name")
    assert "Confirmed Sam" in text(confirmed) and "is-confirmed" in str(confirmed.attributes["class"])
    onward = page.css_first("#" + to.partition("#")[2])
    assert onward is not None and onward.css_first(".staff-claim__label").text() == "Family name"  # type: ignore[union-attr]
    assert "Confirmed: child 1, first name" in words_of(page) and "11 to settle" in words_of(page)


async def test_a_value_put_right_takes_the_place_of_the_first_which_is_kept(core: Core) -> None:
    reference, sam = await a_form(core, child__1__dob="3 May 2019"), await Office(core).browser()
    await press(sam, reference, "Date of birth", status="corrected", value="4 May 2019")
    (old, new) = (await sam.see(f"/referrals/{reference}")).css(".staff-claim")
    assert "3 May 2019" in old.text() and "Put right" in old.text() and old.css_first("form") is None
    assert "4 May 2019" in new.text() and "It says: 3 May 2019" in new.text() and "Confirmed" in new.text()


async def test_a_rejected_value_can_be_confirmed_after_all(core: Core) -> None:
    reference, sam = await a_form(core, child__1__dob="3 May 2019"), await Office(core).browser()
    assert (await press(sam, reference, "Date of birth", status="rejected")).endswith("#stated")
    await press(sam, reference, "Date of birth", status="confirmed")
    assert "Confirmed" in text(row(await sam.see(f"/referrals/{reference}"), "Date of birth"))


async def test_what_is_wrong_is_told_beside_the_row(core: Core) -> None:
    reference, sam = await a_form(core, child__1__dob="6"), await Office(core).browser()
    page = await sam.see(f"/referrals/{reference}")
    action = str(page.css_first(".staff-claim form").attributes["action"])  # type: ignore[union-attr]
    assert "Write what it should be" in words_of(await sam.send(page, action, status="corrected", value=" "))
    assert (await sam.send(page, action, status="believed")).status_code == 422
    assert (await sam.send(page, action, status="corrected", value="7")).status_code == 303
    assert (await sam.send(page, action, status="confirmed")).status_code == 409


async def test_who_told_us_is_shown_only_when_asked_for_and_that_is_put_on_record(core: Core) -> None:
    reference, office = await a_form(core), Office(core)
    sam = await office.browser(name="Sam")
    before = len(office.private_history())
    page = await sam.see(f"/referrals/{reference}?who=shown")
    assert "Perpetua Quillfeather" in text(row(page, "Your name"))
    assert [who for who, what in office.private_history()[before:] if "Read who told us" in what] == ["Sam"]
    await press(sam, reference, "Your name", status="confirmed", who="shown")
    history = words_of(await sam.see(f"/referrals/{reference}"))
    assert "Confirmed: who told us, your name" in history and "Quillfeather" not in history


async def test_a_call_taker_settles_values_but_never_sees_who_told_us(core: Core) -> None:
    reference, office = await a_form(core), Office(core)
    casey = await office.browser(Role.CALL_TAKER)
    page = await casey.see(f"/referrals/{reference}?who=shown")
    assert "Quillfeather" not in str(page.html) and "Social workers can see them" in words_of(page)
    await press(casey, reference, "First name", status="confirmed")


async def test_who_only_reads_has_no_buttons(core: Core) -> None:
    reference, reader = await a_form(core), await Office(core).browser(Role.READONLY)
    assert (await reader.see(f"/referrals/{reference}")).css(".staff-claim form") == []


async def test_hostile_words_are_shown_as_words(core: Core) -> None:
    name = "<script>alert(1)</script>{{ 7*7 }}"
    reference = await receive(core, a_mail(("form.docx", word({"child.1.given_name": name}))))
    page = await (await Office(core).browser()).see(f"/referrals/{reference}")
    assert name in text(row(page, "First name")) and page.css("script:not([src])") == []


async def test_two_forms_are_told_apart_by_their_files(core: Core) -> None:
    forms = ("a.docx", word({"child.1.given_name": "Alfie"})), ("b.docx", word({"child.1.given_name": "Zeph"}))
    page = await (await Office(core).browser()).see(f"/referrals/{await receive(core, a_mail(*forms))}")
    assert [text(each) for each in page.css(".staff-stated__group")] == ["Child 1 a.docx", "Child 1 b.docx"]


async def test_the_name_of_a_form_is_shown_without_the_signs_that_turn_letters_round(core: Core) -> None:
    reference = await receive(core, a_mail(("a\u202excod.docx", word({"child.1.given_name": "Alfie"}))))
    page = await (await Office(core).browser()).see(f"/referrals/{reference}")
    assert "axcod.docx" in text(row(page, "First name"))
    assert "\u202e" not in (page.html or "")


async def test_a_program_sees_and_settles_them_as_its_role_allows(core: Core) -> None:
    reference, office = await a_form(core), Office(core)
    worker, taker = office.program(Role.SOCIAL_WORKER), office.program(Role.CALL_TAKER)
    seen = (await worker.get(f"/api/v1/referrals/{reference}")).json()["claims"]
    who = next(each for each in seen if each["field"] == "name" and each["entity"] == "referrer")
    born = next(each for each in seen if each["field"] == "dob")
    assert who["value"] == "Perpetua Quillfeather" and who["identifies_referrer"]
    assert (born["value_norm"], born["words"], born["status"]) == ("2019-05-03", "3 May 2019", "proposed")
    assert born["place"]["page"] == 4 and not born["is_usable"]
    hidden = (await taker.get(f"/api/v1/referrals/{reference}")).json()["claims"]
    assert {each["value"] for each in hidden if each["entity"] == "referrer"} == {None}
    address = f"/api/v1/referrals/{reference}/claims"
    assert problem_of(await taker.post(f"{address}/{who['id']}", json={"status": "confirmed"}))["status"] == 403
    assert problem_of(await taker.post(f"{address}/{'0' * 32}", json={"status": "confirmed"}))["status"] == 404
    assert problem_of(await taker.post(f"{address}/{born['id']}", json={}))["field"] == "status"
    after = await taker.post(f"{address}/{born['id']}", json={"status": "corrected", "value": "4 May 2019"})
    values = {each["value"]: each for each in after.json()["claims"] if each["field"] == "dob"}
    assert values["3 May 2019"]["status"] == "corrected" and values["4 May 2019"]["is_usable"]
    assert values["4 May 2019"]["supersedes"] == born["id"]
    assert problem_of(await taker.post(f"{address}/{born['id']}", json={"status": "confirmed"}))["status"] == 409


async def test_who_told_us_by_a_form_without_a_sender_is_known_too_and_each_look_is_on_record(core: Core) -> None:
    """The form of somebody whose mail named nobody."""
    reference, office = await a_form(core), Office(core)
    with core.database.transaction() as session:
        found = referral.by_reference(session, reference)
        assert found is not None
        found.identity_id = None
        session.add(found)
    worker, before = office.program(Role.SOCIAL_WORKER, "Jo"), office.private_history()
    seen = (await worker.get(f"/api/v1/referrals/{reference}")).json()["claims"]
    assert "Perpetua Quillfeather" in {each["value"] for each in seen}
    sam = await office.browser(name="Sam")
    assert "Quillfeather" in str((await sam.see(f"/referrals/{reference}?who=shown")).html)
    assert [who for who, _ in office.private_history()[len(before) :]] == ["Jo", "Sam"]


@pytest.mark.parametrize("status", ["", "rejected"])
async def test_a_decision_cannot_rest_on_what_nobody_confirmed(core: Core, status: str) -> None:
    reference, worker = await a_form(core, child__1__given_name="Alfie"), Office(core).program(Role.SOCIAL_WORKER)
    address = f"/api/v1/referrals/{reference}"
    (claim,) = (await worker.post(f"{address}/open")).json()["claims"]
    if status:
        await worker.post(f"{address}/claims/{claim['id']}", json={"status": status})
    decision = {"code": "s17", "reason": "hungry", "level": 3, "rests_on": [claim["id"]]}
    told = problem_of(await worker.post(f"{address}/decide", json=decision))
    assert (told["status"], told["field"]) == (422, "rests_on")
    await worker.post(f"{address}/claims/{claim['id']}", json={"status": "confirmed"})
    done = await worker.post(f"{address}/decide", json=decision)
    assert done.status_code == 200 and "It rests on 1 confirmed value." in done.json()["history"][-1]["what"]


async def test_the_form_of_a_decision_offers_what_is_confirmed_and_nothing_else(core: Core) -> None:
    reference, sam = await a_form(core), await Office(core).browser()
    await sam.send(await sam.see(f"/referrals/{reference}"), f"/referrals/{reference}/open")
    await press(sam, reference, "Date of birth", status="confirmed")
    page = await sam.see(f"/referrals/{reference}")
    (offered,) = [str(each.attributes["name"]) for each in page.css('input[name^="rests_on_"]')]
    decision = {"code": "s17", "reason": "hungry", "level": "3", offered: "yes"}
    done = await sam.take(page, f"/referrals/{reference}/decide", **decision)
    assert done.status_code == 303
    assert "It rests on 1 confirmed value." in words_of(await sam.see(f"/referrals/{reference}"))


async def test_no_notice_says_anything_that_a_form_states(core: Core) -> None:
    reference, worker = await a_form(core), Office(core).program(Role.SOCIAL_WORKER)
    address = f"/api/v1/referrals/{reference}"
    await worker.post(f"{address}/open")
    done = await worker.post(
        f"{address}/decide", json={"code": "nfa", "reason": "known", "level": 1, "agreed_by": "Jo"}
    )
    said = "\n".join(each["text"] for each in done.json()["notices"])
    assert len(done.json()["notices"]) >= 3
    for value in ("Alfie", "Northwood", "Maya", "Harrow Way", "960444", "Quillfeather", "Aldhelm"):
        assert value not in said

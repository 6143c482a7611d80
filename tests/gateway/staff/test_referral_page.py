"""One referral as staff see and work it."""

from __future__ import annotations

import json

import pytest
import typst
from selectolax.lexbor import LexborHTMLParser

from gateway.core import Core
from storage import message, notice
from storage.attachment import Attachment, TextState
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.office import Browser, Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SEGMENTS = [
    ["He waits at the bus station.", 0.0, 3.2, None, 0.96, False],
    ["At Harrow Way.", 63.5, 66.0, None, 0.5, True],
]


def with_part(core: Core, row: Referral, **given: object) -> str:
    """A file on the first message of a referral; its id."""
    values = {
        "name": "recording.wav", "media_type": "audio/wav", "size": 4, "position": 1000,
        "sha256": core.blobs.put(b"RIFF"),
    } | given  # fmt: skip
    with core.database.transaction() as session:
        [about] = message.of_referrals(session, [row.id or 0])
        part = Attachment(message_id=about.id, referral_id=row.id or 0, channel=row.channel, **values)  # type: ignore[arg-type]
        session.add(part)
        return part.id


async def seen(office: Office, row: Referral, role: Role = Role.SOCIAL_WORKER) -> tuple[Browser, str]:
    """A browser of this role and everything it reads on the referral's page."""
    browser = await office.browser(role)
    return browser, words_of(await browser.see(f"/referrals/{row.reference}"))


async def test_the_page_says_what_was_said_what_we_told_and_what_is_next(core: Core, office: Office) -> None:
    row = await a_referral(core, text="Shouting at night")
    _, words = await seen(office, row)
    for said in ("Shouting at night", "Received by note, number 1", "To the sender: we have it. Spoken, sent.",
                 "Next: Read it and decide who acts. By 10:15am on Tuesday 24 November. 1 day left"):  # fmt: skip
        assert said in words


async def test_a_recording_plays_beside_its_words_and_unclear_ones_are_marked(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(
        core, row, text="He waits", text_state=TextState.DONE, segments=json.dumps(SEGMENTS), confidence=0.9
    )
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    sound = page.css_first("audio")
    assert sound and sound.attributes["preload"] == "none"
    sources = [source.attributes["src"] for source in sound.css("source")]
    assert sources == [f"/parts/{part}", f"/parts/{part}/sound"]
    lines = [" ".join(line.text(separator=" ").split()) for line in page.css(".staff-segments li")]
    assert lines == ["0:00 He waits at the bus station.", "1:03 At Harrow Way. unclear"]
    answer = await browser.client.get(f"/parts/{part}", headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.content) == (206, b"RI")


async def test_words_that_are_still_being_written_down_appear_by_themselves(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(core, row, text_state=TextState.WAITING, note="Not transcribed yet.")
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    waiting = page.css_first(f'[hx-get="/parts/{part}/words"]')
    assert waiting and "Not transcribed yet." in waiting.text()
    with core.database.transaction() as session:
        stored = session.get_one(Attachment, part)
        stored.text, stored.text_state = "He waits", TextState.DONE
        session.add(stored)
    fragment = await browser.client.get(f"/parts/{part}/words")
    assert "He waits" in fragment.text and "hx-get" not in fragment.text and "<html" not in fragment.text


async def test_a_picture_is_blurred_until_somebody_asks_for_it(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with_part(core, row, name="scan.png", media_type="image/png")
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    picture = page.css_first(".staff-picture")
    assert picture and picture.css_first("input[type=checkbox]") and picture.css_first("img")


async def test_a_call_taker_sees_words_but_opens_no_originals_and_no_identities(core: Core, office: Office) -> None:
    row = await a_referral(core, text="Shouting", callback="07700 900123", safe_text="yes")
    part = with_part(core, row)
    browser, words = await seen(office, row, Role.CALL_TAKER)
    assert "Shouting" in words and "Social workers can open the original." in words
    assert "Social workers can see who it was." in words and "900 123" not in words
    assert (await browser.client.get(f"/parts/{part}")).status_code == 403
    shown = await browser.client.get(f"/referrals/{row.reference}?who=shown")
    assert "900 123" not in words_of(shown)
    assert office.private_history() == []


async def test_who_told_us_is_shown_when_asked_and_the_look_is_on_record(core: Core, office: Office) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes", caller_name="Robin Example")
    browser, words = await seen(office, row)
    assert "Robin" not in words and office.private_history() == []
    shown = words_of(await browser.see(f"/referrals/{row.reference}?who=shown"))
    assert "Robin Example 07700 900 123" in shown
    assert office.private_history() == [(browser.name, "Read who told us of 1 referrals, ledger numbers 1")]


async def test_each_step_leads_to_the_next_and_says_that_it_is_done(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser()
    here = f"/referrals/{row.reference}"
    for action, typed, said in (
        ("claim", {}, "It is yours now."),
        ("open", {}, "You have opened it."),
        ("rate", {"severity": "green", "reason": "No harm seen"}, "The rating is saved."),
        ("decide", {"code": "advice", "level": "1", "reason": "Talked it through"}, "The decision is saved."),
        ("close", {"reason": "Advice was given"}, "It is closed."),
        ("reopen", {"reason": "They rang again"}, "It is open again."),
    ):
        answer = await browser.send(await browser.see(here), f"{here}/{action}", **typed)
        assert answer.status_code == 303, words_of(answer)
        assert said in words_of(await browser.see(answer.headers["location"]))


async def test_only_forms_that_may_be_posted_are_there_and_why_not_the_others(core: Core, office: Office) -> None:
    row = await a_referral(core)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    posted_to = {
        str(form.attributes["action"]).rpartition("/")[2] for form in page.css(".staff-work form[method=post]")
    }
    assert posted_to == {"open", "note", "link", "contact", "household"}
    words = words_of(page)
    assert "Decide Open it first." in words and "Close it Decide first." in words


async def test_a_reader_has_no_forms(core: Core, office: Office) -> None:
    row = await a_referral(core, text="")
    page = await (await office.browser(Role.READONLY)).see(f"/referrals/{row.reference}")
    assert [form.attributes["action"] for form in page.css("form[method=post]")] == ["/sign-out"]


async def test_a_wrong_value_is_told_beside_its_field_and_what_was_typed_stays(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser()
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    typed = {"code": "s47", "reason": "Bruising seen by the school", "level": ""}
    answer = await browser.send(await browser.see(here), f"{here}/decide", **typed)
    page = words_of(answer)
    assert answer.status_code == 422
    assert "Nothing was changed Choose the level of need, 1 to 4" in page
    assert "Error: Choose the level of need, 1 to 4" in page
    assert "Bruising seen by the school</textarea>" in answer.text
    assert '<option value="s47" selected>' in answer.text
    assert 'href="#decide-level"' in answer.text and 'id="decide-level"' in answer.text


async def test_a_step_that_somebody_else_took_meanwhile_is_refused_in_words(core: Core, office: Office) -> None:
    row = await a_referral(core)
    one, other = await office.browser(), await office.browser()
    here = f"/referrals/{row.reference}"
    stale = await other.see(here)
    await one.send(await one.see(here), f"{here}/open")
    answer = await other.send(stale, f"{here}/open")
    assert answer.status_code == 409
    assert "A referral that is in triage cannot be given the step" in words_of(answer)


async def test_the_page_says_which_notice_goes_out_before_the_button_is_pressed(core: Core, office: Office) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    browser = await office.browser()
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    answer = await browser.client.get(here)
    words = words_of(answer)
    assert "A text goes to the person who told us, to the address they used." in words
    assert f"Update on ref {row.reference}." in words and "900123" not in answer.text.replace(" ", "")
    await browser.take(await browser.see(here), f"{here}/decide", code="nfa", level="1", reason="Nothing found")
    with core.database.reading() as session:
        told = [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == "looked_at"]
    assert [(n.channel, n.text in answer.text) for n in told] == [("sms", True)]


async def test_a_sender_without_an_address_is_told_nothing_and_the_page_says_so(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser()
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    assert "Nobody is told: no address was given." in words_of(await browser.see(here))


async def test_a_task_is_finished_on_the_page_with_a_result(core: Core, office: Office) -> None:
    row, browser = await a_referral(core, text=""), await office.browser(Role.CALL_TAKER)
    here = f"/referrals/{row.reference}"
    page = await browser.see(here)
    form = page.css_first('form[action*="/tasks/"]')
    assert form
    address = str(form.attributes["action"])
    refused = await browser.send(page, address, result=" ")
    assert refused.status_code == 422 and "Error: Say what came of it" in words_of(refused)
    done = await browser.send(page, address, result="Rang back")
    after = words_of(await browser.see(done.headers["location"]))
    assert "The task is done." in after and "Result: Rang back" in after and "It is done" not in after


async def test_a_promised_reference_leads_to_the_referral_it_joined(core: Core, office: Office) -> None:
    row = await a_referral(core)
    more = await core.intake.accept(a_note("More about it", reference=row.reference))
    await read_all(core)
    answer = await (await office.browser()).client.get(f"/referrals/{more.reference}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/referrals/{row.reference}")


async def test_what_is_not_there_is_told_on_a_page(office: Office) -> None:
    client = (await office.browser()).client
    for path in ("/referrals/KMR-4729-HX", "/messages/nothing/original", "/parts/nothing/words"):
        answer = await client.get(path)
        assert answer.status_code == 404 and "There is nothing here" in words_of(answer)


async def test_an_owed_notice_past_its_time_is_called_late(core: Core, office: Office, clock: MovableClock) -> None:
    row = await a_referral(core, callback="07700 900123", safe_text="yes")
    browser = await office.browser()
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    await browser.take(await browser.see(here), f"{here}/decide", code="nfa", level="1", reason="Nothing found")
    clock.move(hours=9)
    assert "Text, not sent yet, late , due 5pm Mon 23 Nov" in words_of(await browser.see(here))


async def test_a_scanned_page_is_pictured_beside_its_words(core: Core, office: Office) -> None:
    row = await a_referral(core)
    letter = typst.compile(b"#set page(width: 60mm, height: 80mm)\nDear Sir\n#pagebreak()\nYours")
    part = with_part(
        core, row, name="scan.pdf", media_type="application/pdf", sha256=core.blobs.put(letter),
        text_state=TextState.DONE,
        segments=json.dumps([[said, None, None, n, 1, False] for n, said in ((1, "Dear Sir"), (2, "Yours"))]),
    )  # fmt: skip
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    sources = [str(picture.attributes["src"]) for picture in page.css(".staff-picture img")]
    assert sources == [f"/parts/{part}/pages/1", f"/parts/{part}/pages/2"]
    for source in sources:
        answer = await browser.client.get(source)
        assert answer.headers["content-type"] == "image/jpeg" and answer.content.startswith(b"\xff\xd8")
    assert (await browser.client.get(f"/parts/{part}/pages/3")).status_code == 404
    assert (browser.name, "Opened part 1 of number 1") in office.private_history()


async def test_a_page_of_a_broken_file_is_not_pictured(core: Core, office: Office) -> None:
    part = with_part(core, await a_referral(core), name="scan.pdf", media_type="application/pdf")
    browser, taker = await office.browser(), await office.browser(Role.CALL_TAKER)
    assert (await browser.client.get(f"/parts/{part}/pages/1")).status_code == 404
    assert (await taker.client.get(f"/parts/{part}/pages/1")).status_code == 403


async def test_the_forms_ask_for_what_a_step_needs_and_none_of_it_is_mandatory(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser()
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    page = await browser.see(here)
    decide = page.css_first(f'form[action="{here}/decide"]')
    assert decide and not page.css("[required]")
    asked = {str(field.attributes["name"]) for field in decide.css("input, select, textarea")}
    assert asked >= {"told_as", "child_told_us", "may_be_malicious", "reasons_for_sender", "handed_to", "worker"}
    assert "Nothing else you write here is ever sent." in words_of(page)
    await browser.send(page, f"{here}/decide", code="s17", level="3", reason="Neglect")
    refused = await browser.send(await browser.see(here), f"{here}/close", reason="Handed over", accepted_by="Jo")
    assert refused.status_code == 422 and "Error: Give its number in the case system" in words_of(refused)
    assert 'href="#close-case_id"' in refused.text and 'id="close-case_id"' in refused.text
    done = await browser.send(
        await browser.see(here), f"{here}/close", reason="Handed over", accepted_by="Jo", case_id="C-1"
    )
    assert done.status_code == 303
    assert "Closed: Handed over. Accepted by: Jo. Case number: C-1" in words_of(await browser.see(here))


async def test_a_part_of_a_form_that_was_refused_is_open(core: Core, office: Office) -> None:
    row, browser = await a_referral(core), await office.browser()
    here = f"/referrals/{row.reference}"
    await browser.send(await browser.see(here), f"{here}/open")
    typed = {"code": "nfa", "level": "1", "reason": "A toy", "told_as": "friend"}
    answer = await browser.send(await browser.see(here), f"{here}/decide", **typed)
    page = LexborHTMLParser(answer.text)
    opened = [part for part in page.css("details.staff-details[open]") if part.css_first("#decide-told_as")]
    assert answer.status_code == 422 and opened and "Choose public, parent or professional" in words_of(answer)

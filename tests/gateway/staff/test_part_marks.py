"""The files of a message on its page: what may do harm says so and is given only after a warning, and none is lost."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.core import Core
from gateway.unread import why_unread
from storage.attachment import Active, TextState, VirusState
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_referral_page import with_part
from transcription.contract import Unreadable

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FOUND = {"virus_state": VirusState.FOUND, "virus_name": "Frontdoor.Test"}


async def the_page(office: Office, row: Referral, role: Role = Role.SOCIAL_WORKER) -> tuple[Browser, LexborHTMLParser]:
    """A browser and the referral in it."""
    browser = await office.browser(role)
    return browser, await browser.see(f"/referrals/{row.reference}")


async def test_a_file_with_a_virus_says_so_and_is_saved_only_in_a_second_step(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(
        core, row, name="photo.png", media_type="image/png", text="Her words", text_state=TextState.DONE, **FOUND
    )
    browser, page = await the_page(office, row)
    assert "A virus scanner found Frontdoor.Test in this file." in words_of(page)
    assert "Her words" in words_of(page) and page.css(".staff-part img") == []
    warned = await browser.client.get(f"/parts/{part}")
    assert "text/html" in warned.headers["content-type"] and b"RIFF" not in warned.content
    assert "Before you save this file" in words_of(warned) and office.private_history() == []
    assert (await browser.client.post(f"/parts/{part}/save")).status_code == 403
    saved = await browser.send(LexborHTMLParser(warned.text), f"/parts/{part}/save")
    assert saved.content == b"RIFF" and saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in saved.headers["content-security-policy"]
    assert office.private_history() == [(browser.name, "Opened part 1 of number 1")]


async def test_a_program_warns_first_and_other_content_that_could_run_is_marked(core: Core, office: Office) -> None:
    row = await a_referral(core)
    program = with_part(core, row, name="invoice.exe", media_type="application/x-dosexec", active=Active.PROGRAM)
    with_part(core, row, name="form.docm", media_type="application/msword", active=Active.MACRO)
    browser, page = await the_page(office, row)
    assert "This file is a program" in words_of(page) and "This document holds a macro" in words_of(page)
    assert "Before you save" in words_of(await browser.client.get(f"/parts/{program}"))


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"<svg onload=x>", "a.svg", "image/svg+xml"), (b"<html>", "a.html", "text/html"),
        (b"<?xml?>", "a.xml", "text/xml"),
        (b"%PDF-1.7 /JavaScript", "a.pdf", "application/pdf"), (b"<svg onload=x>", "a.png", "image/png"),
    ],
)  # fmt: skip
async def test_what_a_browser_could_run_is_only_ever_saved(
    core: Core, office: Office, content: bytes, name: str, media_type: str
) -> None:
    row = await a_referral(core)
    part = with_part(core, row, name=name, media_type=media_type, sha256=core.blobs.put(content))
    for client, path in (
        ((await office.browser()).client, f"/parts/{part}"),
        (office.program(), f"/api/v1/parts/{part}"),
    ):
        given = await client.get(path)
        assert given.content == content and given.headers["content-type"] == "application/octet-stream"
        assert given.headers["content-disposition"].startswith("attachment")
        assert given.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in given.headers["content-security-policy"]


async def test_a_pdf_that_runs_nothing_opens_in_the_browser(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(core, row, name="a.pdf", media_type="application/pdf", sha256=core.blobs.put(b"%PDF-1.7"))
    given = await (await office.browser()).client.get(f"/parts/{part}")
    assert given.headers["content-disposition"].startswith("inline")


async def test_no_picture_is_promised_of_what_nobody_can_open(core: Core, office: Office) -> None:
    row = await a_referral(core)
    locked = why_unread(Unreadable.ENCRYPTED, "application/pdf", "a.pdf")
    with_part(core, row, name="a.pdf", media_type="application/pdf", text_state=TextState.FAILED, note=locked)
    _, page = await the_page(office, row)
    assert "The PDF has a password" in words_of(page) and "Open the whole PDF" in words_of(page)
    assert "Show it" not in words_of(page) and page.css(".staff-part img") == []
    other = await a_referral(core)
    with_part(core, other, name="b.pdf", media_type="application/pdf", text_state=TextState.FAILED, note="Too slow.")
    _, page = await the_page(office, other)
    assert "Show it" in words_of(page) and len(page.css(".staff-picture img")) == 1


async def test_what_was_packed_in_a_file_stands_under_it_and_says_so(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with_part(core, row, name="evidence.zip", media_type="application/zip", position=1000)
    with_part(core, row, name="letter.pdf", media_type="application/pdf", position=1001)
    with_part(core, row, name="photo.jpg", media_type="image/jpeg", within="evidence.zip", position=1002)
    with_part(core, row, name="lost.jpg", media_type="image/jpeg", within="gone.zip", position=1003)
    _, page = await the_page(office, row)
    names = [" ".join(name.text().split()) for name in page.css(".staff-part__name")]
    assert names == [
        "evidence.zip 4 bytes", "photo.jpg, in evidence.zip, 4 bytes", "letter.pdf 4 bytes",
        "lost.jpg, in gone.zip, 4 bytes",
    ]  # fmt: skip
    assert len(page.css(".staff-part--within-1")) == 1 and words_of(page).count("What is in it stands below.") == 1


async def test_of_many_files_the_later_ones_are_a_click_away_by_name(core: Core, office: Office) -> None:
    row = await a_referral(core)
    for number in range(11):
        with_part(core, row, name=f"{number}.txt", media_type="text/plain", position=1000 + number)
    _, page = await the_page(office, row)
    more = page.css_first(".staff-more")
    assert more is not None and more.css_first("summary").text() == "3 more files: 8.txt, 9.txt, 10.txt"  # type: ignore[union-attr]
    assert len(more.css(".staff-part")) == 3 and len(page.css(".staff-part")) == 11


async def test_a_name_that_is_turned_round_is_shown_as_a_computer_reads_it(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with_part(core, row, name="ann\u202efdp.exe", active=Active.PROGRAM)
    _, page = await the_page(office, row)
    assert "annfdp.exe" in words_of(page) and "\u202e" not in page.html  # type: ignore[operator]


async def test_a_picture_of_the_mail_itself_is_named_so_and_blurred(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with_part(core, row, name="image001.png", media_type="image/png", content_id="logo@example.org")
    _, page = await the_page(office, row)
    assert ", a picture in the mail itself, 4 bytes" in words_of(page)
    assert page.css_first(".staff-picture input[type=checkbox]") is not None


async def test_programs_are_told_what_is_known_of_a_file(core: Core, office: Office) -> None:
    row = await a_referral(core)
    with_part(core, row, name="a.docm", active=Active.MACRO, within="a.zip", content_id="x@example.org", **FOUND)
    async with office.program() as program:
        [part] = (await program.get(f"/api/v1/referrals/{row.reference}")).json()["parts"]
    assert (part["virus_state"], part["virus_name"], part["active"]) == ("found", "Frontdoor.Test", "macro")
    assert (part["within"], part["content_id"]) == ("a.zip", "x@example.org")

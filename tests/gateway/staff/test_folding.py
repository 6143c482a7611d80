"""A mail on the referral page: the new words in the open, what only repeats under a fold, nothing left out."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from gateway.core import Core
from gateway.staff.part_marks import TURNING
from storage import message, referral
from storage.referral import Referral
from tests.builders import a_message, read_all
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = "He was not at school again today and has a bruise on his arm."
OLD = "On Mon, 2 Nov 2026 at 10:00, The Office <office@example.org> wrote:\n> Tell us when you see him.\n> Thank you"


def a_mail(words: str, subject: str = "Re: Your report") -> bytes:
    """As it comes over the wire."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "robin@example.org", "referrals@northshire.example"
    mail["Subject"], mail["Message-ID"] = subject, "<1@example.org>"
    mail.set_content(words)
    return mail.as_bytes()


async def mailed(core: Core, body: bytes) -> Referral:
    """The referral that a mail opened."""
    receipt = await core.intake.accept(a_message(body, channel="email", media_type="message/rfc822"))
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
    assert row is not None
    return row


async def test_signs_that_turn_letters_round_are_marked_where_words_are_shown(core: Core, office: Office) -> None:
    mail = a_mail(
        f"The file is \u202egpj.exe\u202c and \u2067more\u2069\n\n{OLD}\u200f",
        subject="\u2066Her bruise\u2069 \u0628\u200f",
    )
    row, browser = await mailed(core, mail), await office.browser()
    with core.database.reading() as session:
        [kept] = message.of_referrals(session, [row.id or 0])
    assert "\u202e" in kept.text and "\u2066" in kept.subject
    page = await browser.see(f"/referrals/{row.reference}")
    assert "The file is ⇄gpj.exe⇄ and ⇄more⇄" in words_of(page) and "⇄Her bruise⇄ \u0628\u200f" in words_of(page)
    assert "⇄ stands where a hidden sign would have turned letters round." in words_of(page)
    queue = await browser.see("/queue")
    assert "⇄gpj.exe" in words_of(queue)
    assert TURNING.search(str(page.html)) is None and TURNING.search(str(queue.html)) is None


async def test_new_words_stand_open_and_quoted_ones_are_a_click_away(core: Core, office: Office) -> None:
    row = await mailed(core, a_mail(f"{NEW}\n\n{OLD}\n\n-- \nRobin Example\n01632 960123\n"))
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    words = page.css_first(".staff-entry--message .staff-text")
    assert words is not None
    folds = words.css("details")
    assert [fold.attributes.get("open", "shut") for fold in folds] == ["shut", "shut"]
    summaries = [summary.text() for summary in words.css("summary")]
    assert summaries == ["Quoted text (3 lines), from before this referral", "Signature or small print (3 lines)"]
    assert [fold.text() for fold in words.css(".staff-fold__words")] == [OLD, "-- \nRobin Example\n01632 960123"]
    assert words.text().startswith(NEW)


async def test_the_queue_says_the_new_words_and_programs_get_the_whole_text_with_its_folds(
    core: Core, office: Office
) -> None:
    row = await mailed(core, a_mail(f"{OLD}\n\n{NEW}\n"))
    assert row.summary == NEW
    async with office.program() as program:
        told = (await program.get(f"/api/v1/referrals/{row.reference}")).json()
    [seen] = told["messages"]
    [fold] = seen["folds"]
    assert seen["text"][fold["start"] : fold["end"]] == OLD and fold["kind"] == "quoted"
    assert NEW in told["text"] and "Tell us when" in told["text"]


async def test_a_forwarded_mail_is_shown_whole(core: Core, office: Office) -> None:
    row = await mailed(core, a_mail(f"{NEW}\n\n{OLD}\n", subject="FW: worrying"))
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    words = page.css_first(".staff-entry--message .staff-text")
    assert words is not None and words.css("details") == [] and OLD in words.text()


async def test_what_only_the_subject_says_is_shown_above_the_words_in_the_queue_and_to_programs(
    core: Core, office: Office
) -> None:
    subject = "Urgent: Dylan, 12 Mill Lane <b>bruises</b>"
    row = await mailed(core, a_mail("Please ring me about this.", subject))
    assert row.summary == f"{subject}: Please ring me about this."
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    shown = page.css_first(".staff-entry--message .staff-subject")
    assert shown is not None and shown.text() == f"Subject: {subject}" and shown.css_first("b") is None
    async with office.program() as program:
        told = (await program.get(f"/api/v1/referrals/{row.reference}")).json()
    assert told["text"] == f"{subject}\nPlease ring me about this."
    assert (told["messages"][0]["subject"], told["messages"][0]["text"]) == (subject, "Please ring me about this.")


async def test_a_subject_that_is_all_that_was_said_stands_once(core: Core, office: Office) -> None:
    row = await mailed(core, a_mail("", "The baby at number 14 cries"))
    page = await (await office.browser()).see(f"/referrals/{row.reference}")
    assert page.css_first(".staff-subject") is None
    entry = page.css_first(".staff-entry--message")
    assert entry is not None and entry.text().count("The baby at number 14 cries") == 1
    assert row.summary == "The baby at number 14 cries"

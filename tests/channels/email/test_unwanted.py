"""Marks of unwanted mail: those of our own border, and few of our own. They change nothing but what is shown."""

from __future__ import annotations

import pytest

from channels.contract import Answerable
from channels.email.answerable import Why
from channels.email.proof import Border
from channels.email.unwanted import ADVERTISING, BORDER_SAYS, ONLY_A_PROGRAM
from tests.channels.email.northshire import a_mail, read, read_behind

BORDER = Border(name="mx.northshire.example")
MARKED = [
    {"X_Spam_Flag": "YES"},
    {"X_Spam_Status": "Yes, score=9.1 required=5.0"},
    {"X_MS_Exchange_Organization_SCL": "6"},
    {"X_Forefront_Antispam_Report": "CIP:192.0.2.7;CTRY:GB;SCL:9;SFV:SPM;CAT:HSPM;"},
    {"X_Forefront_Antispam_Report": "CIP:192.0.2.7;SCL:1;SFV:NSPM;CAT:PHSH;"},
    {"X_Proofpoint_Spam_Details": "rule=inbound_spam policy=inbound score=100"},
    {"X_Barracuda_Spam_Flag": "YES"},
]
UNMARKED = [
    {"X_Spam_Flag": "NO"},
    {"X_Spam_Status": "No, score=-1.2 required=5.0 tests=YES_REALLY"},
    {"X_MS_Exchange_Organization_SCL": "-1"},
    {"X_MS_Exchange_Organization_SCL": "1"},
    {"X_Forefront_Antispam_Report": "CIP:192.0.2.7;SCL:1;SFV:NSPM;CAT:NONE;"},
    {"X_Proofpoint_Spam_Details": "rule=notspam policy=default score=0"},
    {"List_Unsubscribe": "<mailto:x@example.org>"},
    {"X_Campaign": "7"},
    {"List_Unsubscribe": "<mailto:x@example.org>", "X_Campaign": "7", "In_Reply_To": "<1@northshire.example>"},
]


@pytest.mark.parametrize("fields", MARKED)
async def test_a_mark_of_our_border_is_told_and_a_person_acknowledges(fields: dict[str, str]) -> None:
    inbound = await read_behind(BORDER, a_mail(**fields))
    assert (inbound.spam, inbound.answerable, inbound.answerable_reason) == (
        BORDER_SAYS, Answerable.PERHAPS, Why.UNWANTED
    )  # fmt: skip
    assert inbound.text == "Please check on the children next door."


@pytest.mark.parametrize("fields", MARKED)
async def test_the_same_mark_from_anybody_else_says_nothing(fields: dict[str, str]) -> None:
    assert (read(a_mail(**fields)).spam, read(a_mail(**fields)).answerable) == ("", Answerable.YES)
    elsewhere = Border(name="mx.northshire.example", networks=())
    assert (await read_behind(elsewhere, a_mail())).spam == ""


@pytest.mark.parametrize("fields", UNMARKED)
async def test_what_is_no_mark_is_none(fields: dict[str, str]) -> None:
    assert (await read_behind(BORDER, a_mail(**fields))).spam == ""


def a_program(name: str, words: str = "", begins: str = "MZ\x00\x01") -> bytes:
    said = f"--f\r\n\r\n{words}\r\n" if words else ""
    about = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{name}"'
    part = f"--f\r\n{about}\r\n\r\n{begins}\r\n--f--"
    return a_mail(said + part, Content_Type="multipart/mixed; boundary=f", Subject="")


@pytest.mark.parametrize("name", ["invoice.pdf.exe", "INVOICE.SCR", "run.js", "open.lnk"])
def test_a_program_without_a_word_is_marked_and_kept(name: str) -> None:
    inbound = read(a_program(name))
    assert inbound.spam == ONLY_A_PROGRAM and [each.name for each in inbound.enclosures] == [name]


def test_a_program_with_words_and_words_without_one_are_not_marked() -> None:
    assert read(a_program("run.js", words="Look what he sent her")).spam == ""
    assert read(a_program("exercise.pdf", begins="%PDF-1.7")).spam == ""


def test_a_campaign_that_one_can_leave_is_advertising() -> None:
    mail = a_mail(List_Unsubscribe="<https://example.org/leave>", X_Campaign="spring")
    assert read(mail).spam == ADVERTISING

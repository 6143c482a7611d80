"""Why a file was not read is said in words that help staff, and never with what stands in it."""

import pytest

from gateway.unread import NO_READER, PROGRAM, SAID_ALREADY, UNPACKED, not_to_be_read, why_unread
from transcription.contract import Unreadable

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("reason", "media_type", "words"),
    [
        (Unreadable.ENCRYPTED, WORD, "The Word document has a password: ask the sender for the password,"),
        (Unreadable.ENCRYPTED, "application/encrypted", "The Word, Excel or PowerPoint file has a password"),
        (Unreadable.ENCRYPTED, "application/pdf", "The PDF has a password"),
        (Unreadable.BROKEN, "application/vnd.ms-excel", "The workbook is damaged, or is not what it is called"),
        (Unreadable.TOO_LARGE, "image/png", "The picture is too large"),
        (Unreadable.EMPTY, "application/pdf", "The file is empty"),
        (Unreadable.UNSUPPORTED, "application/vnd.apple.pages", NO_READER),
    ],
)
def test_each_reason_says_what_to_do(reason: Unreadable, media_type: str, words: str) -> None:
    assert why_unread(reason, media_type, "referral of Jane.docx").startswith(words)
    assert "Jane" not in why_unread(reason, media_type, "referral of Jane.docx")


def test_programs_are_warned_of_and_never_read() -> None:
    assert not_to_be_read("web_form", "application/x-dosexec") == PROGRAM
    assert not_to_be_read("email", "text/plain", "run.vbs") == PROGRAM


def test_what_the_mail_says_itself_is_not_said_twice() -> None:
    for media_type in ("message/rfc822", "application/vnd.ms-outlook", "text/calendar"):
        assert not_to_be_read("email", media_type) == SAID_ALREADY
        assert not_to_be_read("web_form", media_type) == ""
    assert not_to_be_read("email", "application/zip") == UNPACKED
    assert not_to_be_read("email", "application/pdf") == not_to_be_read("web_form", "application/zip") == ""

"""Which page of a mail is shown as it was laid out."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from channels.email.mime import parsed
from channels.email.pages import LARGEST, has_page, page_of


def a_mail(page: str | None = "<p>Caf\u00e9</p>", *, charset: str = "windows-1252") -> EmailMessage:
    """Plain words, and the same as a page."""
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.set_content("words")
    if page is not None:
        mail.add_alternative(page, subtype="html", charset=charset)
    return mail


def test_the_page_is_read_in_its_own_charset() -> None:
    page = page_of(a_mail().as_bytes())
    assert page is not None and page.strip() == "<p>Caf\u00e9</p>"


@pytest.mark.parametrize("page", [None, "x" * (LARGEST + 1)])
def test_a_mail_without_a_page_or_with_one_too_large_to_show_has_none_to_see(page: str | None) -> None:
    assert page_of(a_mail(page).as_bytes()) is None


def test_a_page_that_was_attached_or_belongs_to_a_mail_brought_along_is_not_its_page() -> None:
    mail = a_mail(None)
    mail.add_attachment("<p>file</p>", subtype="html", filename="page.html")
    mail.add_attachment(a_mail())
    assert not has_page(parsed(mail.as_bytes())) and page_of(mail.as_bytes()) is None


def test_of_several_pages_the_largest_is_what_was_written() -> None:
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.set_content("<p>The report itself</p>", subtype="html")
    mail.make_mixed()
    footer = EmailMessage()
    footer.set_content("<p>foot</p>", subtype="html")
    mail.attach(footer)
    assert (page_of(mail.as_bytes()) or "").strip() == "<p>The report itself</p>"


def test_what_is_no_mail_has_no_page() -> None:
    assert page_of(b"\x00\x01\x02" * 50) is None

"""Draws the public form and the page with the reference, in the words of the wording files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from channels.contract import AddressClass
from channels.web_form import MOST_BYTES, Confirmation, FormPage, ReceiptPage, Trouble
from gateway import saying
from gateway.notices import next_notice_by
from gateway.pages import draw, environment
from gateway.words import NoticeFields, Words

REACHED = {
    AddressClass.EMAIL: "by email",
    AddressClass.MOBILE: "by text",
    AddressClass.POSTAL: "by letter",
    AddressClass.LANDLINE: "by phone",
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What went wrong, in plain words, and what to do; ``href`` leads to where it can be done."""

    title: str
    words: str
    what_to_do: str
    href: str


def form_page(words: Words, phone: str) -> FormPage:
    """The page with the form. Everything typed stays on it when it could not be taken."""
    printed = saying.phone(phone)
    templates = environment(organisation=words.organisation, phone=printed)

    def page(request: Request, *, token: str, typed: Mapping[str, str], trouble: Trouble | None) -> Response:
        return draw(
            templates,
            request,
            "public/report.html",
            token=token,
            typed=dict(typed),
            problem=problem_of(trouble, printed) if trouble else None,
            most_megabytes=MOST_BYTES // 1_000_000,
        )

    return page


def receipt_page(words: Words, code: Callable[[str], str]) -> ReceiptPage:
    """The page after sending: W1, the reference and the code of four digits. ``code`` gives the code of a reference."""
    templates = environment(organisation=words.organisation, phone=words.about_us["phone"])

    def page(request: Request, confirmation: Confirmation | None) -> Response:
        if confirmation is None:
            return draw(templates, request, "public/expired.html", status_code=410)
        told = NoticeFields(
            reference=confirmation.reference,
            received=confirmation.received_at,
            read_by=confirmation.look_by,
            next_notice_by=next_notice_by(confirmation.look_by),
            code=code(confirmation.reference),
            safe_channel=REACHED.get(confirmation.answer_by),
            nameless=not confirmation.named,
        )
        rendered = words.render("receipt", "web", told)
        return draw(
            templates,
            request,
            "public/received.html",
            reference=told.reference,
            code=told.code,
            words_html=rendered.html,
        )

    return page


def problem_of(trouble: Trouble, phone: str) -> Problem:
    """The words of each trouble a form can meet."""
    call = f"Call us on {phone}"
    if trouble is Trouble.TOO_LARGE:
        return Problem(
            title="We have not received your report yet",
            words="Your words are still on this page. The files are too large to send in one go.",
            what_to_do="Send the form without files, or with fewer. Then email or post the rest with your reference.",
            href="#files",
        )
    if trouble is Trouble.TOO_MANY:
        return Problem(
            title="We have not received your report yet",
            words="We have had many forms from where you are in the last hour. Your words are still on this page.",
            what_to_do=f"{call}, or send this again in an hour",
            href="tel:" + "".join(filter(str.isdigit, phone)),
        )
    return Problem(
        title="We have not received your report yet",
        words="Something went wrong on our side. Your words are still on this page.",
        what_to_do=f"{call}, or send this again in a few minutes",
        href="tel:" + "".join(filter(str.isdigit, phone)),
    )

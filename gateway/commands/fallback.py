"""``fallback-document``: the static documents that take a message when all of ours is down, to be hosted elsewhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from channels.contract import AddressClass
from channels.numbers import address_of
from channels.spoken import Spoken
from channels.twilio_account.fallback import Person, StaticDocument, fallback_documents
from gateway.call_words import CallWords
from gateway.core import words_of
from gateway.notice_fields import NoticeFields
from gateway.settings import Settings, WrongSetting

Load = Callable[..., Settings]
NAME = "fallback.xml"
HOST_THEM = (
    "Host these side by side where nothing of ours runs, as text/xml; then set FRONTDOOR_TWILIO_FALLBACK_URL to the\n"
    "address of the first, run frontdoor doctor --set, stop frontdoor for a minute and ring the number."
)


def add_to(commands: Any) -> None:
    """The parser of this command."""
    fallback = commands.add_parser("fallback-document", help="what takes a message when all of ours is down, to host")
    fallback.add_argument("--out", metavar="FILE", type=Path, help="write it here, with those it leads to beside it")
    fallback.add_argument("--after", action="store_true", help="print the second document, said after the message")
    fallback.add_argument(
        "--after-url", metavar="URL", default="", help="where the second lies, if not beside the first"
    )
    fallback.add_argument("--method", choices=("GET", "POST"), default="GET", help="how the others are asked for")
    fallback.add_argument("--dial", action="store_true", help="ring FRONTDOOR_PHONE before a message is taken")
    fallback.set_defaults(run=_fallback)


def said_by_fallback(settings: Settings) -> tuple[str, str]:
    """What is said before a message is taken, and after it."""
    spoken = CallWords(words_of(settings), duty=False, texts=False)
    return spoken.said(Spoken.SORRY), spoken.said(Spoken.NOT_KEPT_YET)


def made(asked: argparse.Namespace, settings: Settings) -> tuple[StaticDocument, ...]:
    """The documents with our own words; raises ``WrongSetting``."""
    words, (opening, closing), person = words_of(settings), said_by_fallback(settings), None
    if asked.dial:
        person = Person(
            number=_office(settings, asked),
            waiting=words.render("fallback_waiting", "voice", NoticeFields()).text,
            whisper=words.render("fallback_whisper", "voice", NoticeFields()).text,
        )
    return fallback_documents(
        opening=opening, closing=closing, after_url=asked.after_url,
        name=asked.out.name if asked.out else NAME, method=asked.method, person=person,
    )  # fmt: skip


def _office(settings: Settings, asked: argparse.Namespace) -> str:
    """Who is rung: never our own number at the provider, which would ring this document for ever."""
    office = address_of(settings.phone)
    if office.kind not in (AddressClass.MOBILE, AddressClass.LANDLINE):
        raise WrongSetting("FRONTDOOR_PHONE: --dial needs a telephone number there")
    if settings.twilio_number and office == address_of(settings.twilio_number):
        raise WrongSetting("FRONTDOOR_PHONE: that is the number this document is for; --dial would ring it for ever")
    if asked.after_url:
        raise WrongSetting("--dial: all documents must lie side by side, so --after-url cannot be given with it")
    return office.value


def _fallback(asked: argparse.Namespace, load: Load) -> int:
    documents = made(asked, load())
    if asked.out is None:
        print(documents[1 if asked.after else 0].text)
        return 0
    for document in documents:
        path = asked.out.with_name(document.name)
        try:
            path.write_text(document.text, "utf-8")
        except OSError as error:
            raise WrongSetting(f"--out: {path.name} could not be written: {error.strerror}") from None
        print(path)
    print(HOST_THEM, file=sys.stderr)
    return 0

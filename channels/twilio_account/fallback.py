"""The documents that take a message while all of ours is down: static, and hosted where we are not.

The provider goes on at a document of its own after every recording: without a second one the first would begin again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from twilio.twiml.voice_response import VoiceResponse

from channels.calls.commands import CHOOSING, ENGLISH, LONGEST_MESSAGE, PAUSE, RINGING

Method = Literal["GET", "POST"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is rung first: their number, what the caller hears until then, and what they alone hear.

    Any key of theirs joins them to the caller.
    """

    number: str
    waiting: str
    whisper: str


@dataclass(frozen=True, kw_only=True)
class StaticDocument:
    """One file to host; the others are found beside it by their names."""

    name: str
    text: str


def fallback_documents(
    *,
    opening: str,
    closing: str,
    name: str = "fallback.xml",
    method: Method = "GET",
    after_url: str = "",
    person: Person | None = None,
) -> tuple[StaticDocument, ...]:
    """The document for the number's fallback address, and those it leads to.

    ``opening`` says 999 and asks for a message, ``closing`` is said once it is recorded. ``after_url`` is where the
    second one lies when it does not lie beside the first. ``method`` is how the provider gets the others: static hosts
    answer only to GET.
    """
    names = {part: _beside(name, part) for part in ("after", "whisper", "join")}
    first = VoiceResponse()
    if person is not None:
        first.say(person.waiting, language=ENGLISH)
        ringing = first.dial(timeout=RINGING, answer_on_bridge=True)
        ringing.number(person.number, url=names["whisper"], method=method)
    first.say(opening, language=ENGLISH)
    first.record(
        action=after_url or names["after"], method=method, max_length=LONGEST_MESSAGE, timeout=PAUSE,
        finish_on_key="#", play_beep=True, trim="do-not-trim",
    )  # fmt: skip
    _said_and_done(first, closing)
    made = [StaticDocument(name=name, text=str(first)), StaticDocument(name=names["after"], text=_after(closing))]
    if person is not None:
        made.append(StaticDocument(name=names["whisper"], text=_whispered(person.whisper, names["join"], method)))
        made.append(StaticDocument(name=names["join"], text=str(VoiceResponse())))
    return tuple(made)


def _after(closing: str) -> str:
    document = VoiceResponse()
    _said_and_done(document, closing)
    return str(document)


def _said_and_done(document: VoiceResponse, words: str) -> None:
    document.say(words, language=ENGLISH)
    document.hangup()


def _whispered(words: str, join: str, method: Method) -> str:
    """Any key joins: a mailbox presses none."""
    document = VoiceResponse()
    asked = document.gather(num_digits=1, timeout=CHOOSING, action=join, method=method)
    asked.say(words, language=ENGLISH)
    document.hangup()
    return str(document)


def _beside(name: str, part: str) -> str:
    path = PurePosixPath(name)
    return f"{path.stem}-{part}{path.suffix}"

"""What the phone line says: the words come from outside, because safeguarding leads write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.calls.asking import Answer
from channels.contract import Receipt

LAST_WORDS = (
    "We are sorry. Something went wrong on our side. If a child is in danger now, hang up and dial 9 9 9. "
    "Please leave a message after the tone. You do not need to know the child's name. "
    "Tell us how we can reach you. A person will listen to it."
)
"""Said when even the words cannot be had: the caller is still asked for a message."""
LAST_UNRECORDED = (
    "We are sorry. Something went wrong on our side. We do not record you. If you want us to call you back on this "
    "number, press 1. If you want to leave a message, press 2. We do record messages. "
    "If a child is in danger now, hang up and dial 9 9 9."
)
"""Said to who does not want to be recorded, when even the words cannot be had."""
LAST_GOODBYE = (
    "We are sorry. We cannot give you a reference at this moment. "
    "A person will listen to what you recorded. If a child is in danger now, hang up and dial 9 9 9."
)
"""Said after a recording, when even the words cannot be had."""


class Spoken(StrEnum):
    """A sentence that is the same for everybody; the value is the name of its wording."""

    PROMPT = "prompt"
    """Asks for the message: nothing in it is required."""
    PROMPT_CHILD = "prompt_child"
    """The same for somebody under 18, in plainer words."""
    PROMPT_WORKER = "prompt_worker"
    """Asks for the name of a worker, then the message."""
    PROMPT_ADDITION = "prompt_addition"
    """Asks for what is to be added to an earlier report."""
    PUT_THROUGH_CHILD = "put_through_child"
    """Before a person is rung for somebody under 18."""
    REFUSED = "refused"
    """You are not recorded; we ring a person who will write notes."""
    UNRECORDED = "unrecorded"
    """Nobody could come to the phone: 1 to be called back, 2 to leave a message, which is recorded."""
    UNRECORDED_WITHHELD = "unrecorded_withheld"
    """The same where we cannot call back, because the number is withheld."""
    KEY_REFERENCE = "asking"
    """Asks for the nine keys of a reference; or wait."""
    CHOICES = "choices"
    """After the reference: the other things a caller may do."""
    NO_INPUT = "no_input"
    """We heard nothing: say something after the tone, or stay on the line."""
    SORRY = "sorry"
    """Something went wrong on our side; 999; asks for a message all the same."""
    NOT_KEPT_YET = "not_kept_yet"
    """We cannot give a reference at this moment; we will listen to the recording as soon as we can; 999.

    Never says that the message was received: it is not kept here yet, only with the provider.
    """
    TEXTED = "texted"
    """We will text the reference to this phone. Goodbye."""
    CANNOT_TEXT = "cannot_text"
    """This phone cannot be texted, or its number was withheld; here is the reference again."""
    GOODBYE = "goodbye"
    """Thank you, goodbye."""


@dataclass(frozen=True, kw_only=True)
class Language:
    """What we can say in one language. ``code`` is ISO 639-1, ``name`` the English one, ``voice`` BCP 47.

    ``offer`` names the key of the menu of languages, ``choose`` is one line of it and holds ``{key}``.
    """

    code: str
    name: str
    voice: str
    offer: str
    choose: str
    put_through: str
    prompt: str
    receipt: str


class SpokenWords(Protocol):
    """Every sentence a caller may hear, as plain text ready to be read aloud."""

    @property
    def languages(self) -> Sequence[Language]:
        """The other languages we can ask in, in the order of the menu: nine at most."""

    def is_closed(self, at: datetime) -> bool:
        """Whether the day team has gone home."""

    def greeting(self, at: datetime) -> str:
        """Who we are, 999, that calls are recorded, and the choices that exist."""

    def said(self, what: Spoken) -> str:
        """A sentence that is the same for everybody."""

    def receipt(self, receipt: Receipt) -> str:
        """We have it; the reference twice in NATO words; read by when; 1 to hear it again, 2 for a text."""

    def after_talk(self, receipt: Receipt) -> str:
        """After a talk with a person, to a caller who is still there: the reference twice, and goodbye."""

    def asked(self, answer: Answer) -> str:
        """How a report stands, in one of the few words for it; 1 to add to it, 2 to try again where they may."""

    def whisper(self, *, is_child: bool, is_recorded: bool, language: str) -> str:
        """To the person rung, alone, before being joined: who waits, and press 1 to take the call.

        ``language`` is the English name of the one the caller asked for, empty for none.
        """

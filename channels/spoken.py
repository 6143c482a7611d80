"""What the phone line says: the words come from outside, because safeguarding leads write them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from channels.contract import Receipt

LAST_WORDS = (
    "We are sorry. Something went wrong on our side. If a child is in danger now, hang up and dial 9 9 9. "
    "Please leave a message after the tone. You do not need to know the child's name. "
    "Tell us how we can reach you. A person will listen to it."
)
"""Said when even the words cannot be had: the caller is still asked for a message."""
LAST_GOODBYE = (
    "We are sorry. We cannot give you a reference at this moment. "
    "A person will listen to what you recorded. If a child is in danger now, hang up and dial 9 9 9."
)
"""Said after a recording, when even the words cannot be had."""


class SpokenWords(Protocol):
    """Every sentence a caller may hear, as plain text ready to be read aloud."""

    def greeting(self, at: datetime) -> str:
        """Who we are, 999, that calls are recorded, and the choices that exist."""

    def prompt(self, at: datetime) -> str:
        """Asks for the message: nothing in it is required."""

    def receipt(self, receipt: Receipt) -> str:
        """We have it; the reference twice in NATO words; read by when; 1 to hear it again, 2 for a text."""

    def no_input(self) -> str:
        """We heard nothing: say something after the tone, or stay on the line."""

    def sorry(self) -> str:
        """Something went wrong on our side; 999; asks for a message all the same."""

    def not_kept_yet(self) -> str:
        """We cannot give a reference at this moment; we will listen to the recording as soon as we can; 999.

        Never says that the message was received: it is not kept here yet, only with the provider.
        """

    def texted(self) -> str:
        """We will text the reference to this phone. Goodbye."""

    def cannot_text(self) -> str:
        """This phone cannot be texted, or its number was withheld; here is the reference again."""

    def goodbye(self) -> str:
        """Thank you, goodbye."""

    def whisper(self) -> str:
        """To the duty worker alone, before being joined to the caller: press 1 to take the call."""

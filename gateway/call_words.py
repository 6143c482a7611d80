"""What the phone line says, from the wording files: every sentence `channels.spoken.SpokenWords` asks for."""

from dataclasses import replace
from datetime import datetime

from channels.contract import Receipt
from gateway.notice_fields import NoticeFields
from gateway.words import Words
from gateway.working_days import is_open, look_by, next_opening


class CallWords:
    """``duty``: calls are put through to a person. ``texts``: we can send a text to a caller's phone."""

    def __init__(self, words: Words, *, duty: bool, texts: bool) -> None:
        self._words, self._told = words, NoticeFields(duty=duty, texts=texts)

    def greeting(self, at: datetime) -> str:
        """Who we are, 999, that calls are recorded, and the choices that exist; closed, also when we open."""
        if is_open(at):
            return self._said("greeting")
        return self._said("greeting_closed", opens=next_opening(at), read_by=look_by(at))

    def prompt(self, at: datetime) -> str:
        """Asks for the message: nothing in it is required."""
        return self._said("prompt")

    def receipt(self, receipt: Receipt) -> str:
        """We have it; the reference twice in NATO words; read by when; the keys that do something."""
        return self._said("receipt", reference=receipt.reference, read_by=receipt.look_by)

    def no_input(self) -> str:
        """We heard nothing: say something after the tone, or stay on the line."""
        return self._said("no_input")

    def sorry(self) -> str:
        """Something went wrong on our side; asks for a message all the same."""
        return self._said("sorry")

    def not_kept_yet(self) -> str:
        """We cannot give a reference at this moment; a person will listen to the recording."""
        return self._said("not_kept_yet")

    def texted(self) -> str:
        """The reference will be texted to this phone."""
        return self._said("texted")

    def cannot_text(self) -> str:
        """This phone cannot be texted."""
        return self._said("cannot_text")

    def goodbye(self) -> str:
        """Thank you, goodbye."""
        return self._said("goodbye")

    def whisper(self) -> str:
        """To the duty worker alone, before being joined to the caller."""
        return self._said("whisper")

    def _said(self, kind: str, **known: str | datetime) -> str:
        return self._words.render(kind, "voice", replace(self._told, **known)).text  # type: ignore[arg-type]

"""What the phone line says, from the wording files: every sentence `channels.spoken.SpokenWords` asks for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from channels.calls.asking import Answer
from channels.contract import Receipt
from channels.spoken import Language, Spoken
from gateway.notice_fields import NoticeFields
from gateway.words import Words
from gateway.working_days import is_open, look_by, next_opening


class CallWords:
    """``duty`` and ``night``: calls are put through to a person while we are open, and while we are closed.

    ``texts``: we can send a text to a caller's phone.
    """

    def __init__(
        self, words: Words, *, duty: bool, texts: bool, night: bool | None = None, languages: Sequence[Language] = ()
    ) -> None:
        self._words, self._told, self.languages = words, NoticeFields(duty=duty, texts=texts), tuple(languages)
        self._night = duty if night is None else night

    def is_closed(self, at: datetime) -> bool:
        """Whether the day team has gone home."""
        return not is_open(at)

    def greeting(self, at: datetime) -> str:
        """Who we are, 999, that calls are recorded, and the choices that exist; closed, also when we open."""
        if is_open(at):
            return self._filled_in("greeting")
        return self._filled_in("greeting_closed", opens=next_opening(at), read_by=look_by(at), duty=self._night)

    def said(self, what: Spoken) -> str:
        """A sentence that is the same for everybody."""
        return self._filled_in(what)

    def receipt(self, receipt: Receipt) -> str:
        """We have it; the reference twice in NATO words; read by when; the keys that do something."""
        return self._filled_in("receipt", reference=receipt.reference, read_by=receipt.look_by)

    def after_talk(self, receipt: Receipt) -> str:
        """After a talk with a person, to a caller who is still there: the reference twice, and goodbye."""
        return self._filled_in("after_talk", reference=receipt.reference)

    def asked(self, answer: Answer) -> str:
        """How a report stands, in one of the few words for it, and what the caller may do next."""
        goes_on = "asking_next" if answer.may_try_again else "asking_last"
        return f"{self._filled_in(f'asking_{answer.standing}')}\n\n{self._filled_in(goes_on)}"

    def whisper(self, *, is_child: bool, is_recorded: bool, language: str) -> str:
        """To the person rung, alone, before being joined to the caller."""
        return self._filled_in("whisper", is_child=is_child, unrecorded=not is_recorded, language=language or None)

    def _filled_in(self, kind: str, **known: Any) -> str:
        return self._words.render(kind, "voice", replace(self._told, **known)).text

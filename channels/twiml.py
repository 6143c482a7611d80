"""The documents that lead a caller through a call: each ends by recording, moving on or hanging up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from twilio.twiml.voice_response import VoiceResponse

from channels.contract import Receipt
from channels.spoken import LAST_GOODBYE, LAST_WORDS, SpokenWords
from channels.twilio_account import TwilioAccount

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 600  # seconds
PAUSE = 10  # seconds of silence that end a message: a crying child pauses
CHOOSING = 6  # seconds for a key after the last word
RINGING = 20  # seconds before the duty number counts as not answered
LANGUAGE = "en-GB"


class CallScript:
    """Every document of a call, as TwiML. ``duty_number`` is who calls are put through to, None for nobody."""

    def __init__(self, account: TwilioAccount, words: SpokenWords, duty_number: str | None = None) -> None:
        self._account, self._words, self._duty_number = account, words, duty_number

    def url(self, path: str) -> str:
        """Our address of one step as the provider knows it, with how often it is to try."""
        return self._account.address(path)

    def greeting(self, at: datetime) -> str:
        """Greet; then the duty worker if there is one and no message is preferred, else the message."""
        if self._duty_number is None:
            return self._recorded_after(f"{self._words.greeting(at)}\n{self._words.prompt(at)}")
        document = VoiceResponse()
        choice = document.gather(
            num_digits=1, finish_on_key="", timeout=CHOOSING, action=self.url("/twilio/voice/chosen")
        )
        choice.say(self._words.greeting(at), language=LANGUAGE)
        return str(self._dialled(document))

    def put_through(self) -> str:
        """Ring the duty worker, or ask for a message when there is none."""
        return str(self._dialled(VoiceResponse()))

    def message(self, at: datetime) -> str:
        """Ask for a message and record it."""
        return self._recorded_after(self._words.prompt(at))

    def listen_again(self) -> str:
        """After a silence: offer to record once more, and keep the call as it is if it stays silent."""
        return self._recorded_after(self._words.no_input(), then="/twilio/voice/quiet")

    def sorry(self) -> str:
        """When a step failed on our side: a message is taken all the same. Never raises."""
        return self._recorded_after(_words_or(self._words.sorry, LAST_WORDS), then="/twilio/voice/quiet")

    def receipt(self, receipt: Receipt) -> str:
        """Read out the reference; a key asks for more, staying on the line says it was heard."""
        document = VoiceResponse()
        choice = document.gather(
            num_digits=1, finish_on_key="", timeout=CHOOSING, action=self.url("/twilio/voice/after")
        )
        choice.say(self._words.receipt(receipt), language=LANGUAGE)
        document.redirect(self.url("/twilio/voice/heard"))
        return str(document)

    def not_kept_yet(self, *, try_again: bool) -> str:
        """No reference yet; ``try_again``: ask our own side once more when the words have been said. Never raises."""
        document = VoiceResponse()
        document.say(_words_or(self._words.not_kept_yet, LAST_GOODBYE), language=LANGUAGE)
        if try_again:
            document.redirect(self.url("/twilio/voice/again"))
        else:
            document.hangup()
        return str(document)

    def texted(self) -> str:
        """Say that a text will come, and end the call."""
        return self._said_and_done(self._words.texted())

    def cannot_text(self) -> str:
        """Say that this phone cannot be texted, and read the reference again."""
        document = VoiceResponse()
        document.say(self._words.cannot_text(), language=LANGUAGE)
        document.redirect(self.url("/twilio/voice/again"))
        return str(document)

    def goodbye(self) -> str:
        """End the call with thanks."""
        return self._said_and_done(self._words.goodbye())

    def hang_up(self) -> str:
        """End the call without a word."""
        document = VoiceResponse()
        document.hangup()
        return str(document)

    def whisper(self) -> str:
        """Ask the duty worker, alone, whether they take the call: a mailbox presses no key."""
        document = VoiceResponse()
        choice = document.gather(num_digits=1, timeout=CHOOSING, action=self.url("/twilio/voice/whisper"))
        choice.say(self._words.whisper(), language=LANGUAGE)
        document.hangup()
        return str(document)

    def join(self) -> str:
        """The empty document that joins the duty worker to the caller."""
        return str(VoiceResponse())

    def _recorded_after(self, words: str, then: str = "/twilio/voice/silent") -> str:
        """Say, beep, record. The provider goes on to ``then`` when it recorded nothing at all."""
        document = VoiceResponse()
        document.say(words, language=LANGUAGE)
        document.record(
            action=self.url("/twilio/voice/recorded"),
            max_length=LONGEST_MESSAGE,
            timeout=PAUSE,
            finish_on_key="#",
            play_beep=True,
            trim="do-not-trim",
            recording_status_callback=self.url("/twilio/recording"),
            recording_status_callback_event="completed absent",
        )
        document.redirect(self.url(then))
        return str(document)

    def _dialled(self, document: VoiceResponse) -> VoiceResponse:
        """Add the ringing; both sides are recorded from the moment they are joined, as the greeting says."""
        if self._duty_number is not None:
            ringing = document.dial(
                timeout=RINGING,
                answer_on_bridge=True,
                caller_id=self._account.number,
                action=self.url("/twilio/voice/dialled"),
                record="record-from-answer-dual",
                recording_status_callback=self.url("/twilio/recording"),
                recording_status_callback_event="completed absent",
            )
            ringing.number(self._duty_number, url=self.url("/twilio/voice/whisper"))
        document.redirect(self.url("/twilio/voice/message"))
        return document

    def _said_and_done(self, words: str) -> str:
        document = VoiceResponse()
        document.say(words, language=LANGUAGE)
        document.hangup()
        return str(document)


def _words_or(words: Callable[[], str], last: str) -> str:
    """The words, or the last ones we have: whatever is wrong with them, the caller is not dropped."""
    try:
        return words()
    except Exception as error:
        log.error("the words for a failed call could not be had: %s", type(error).__name__)
        return last

"""Puts what a line shall do next into TwiML, the telephony provider's own words."""

from __future__ import annotations

from typing import assert_type
from urllib.parse import urlencode

from twilio.twiml.voice_response import Gather, VoiceResponse

from channels.calls.commands import (
    ENGLISH,
    Bridge,
    Command,
    Document,
    GoTo,
    HangUp,
    Join,
    Listen,
    Menu,
    Record,
    Say,
    StopListening,
)
from channels.calls.steps import Step
from channels.twilio_account.account import TwilioAccount

VOICE = "/twilio/voice"
STREAM = "caller"
RECORDED_WHEN = "completed absent"
"""A recording without sound is never reported unless it is asked for."""


class Twiml:
    """Documents for one account, with our addresses as the provider knows them."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def url(self, step: Step) -> str:
        """Our address of one step, what led there in its query, and how often the provider is to try."""
        fields = urlencode(step.so_far.as_fields())
        return self._account.address(path_of(step) + (f"?{fields}" if fields else ""))

    def render(self, document: Document) -> str:
        """The whole document."""
        response = VoiceResponse()
        for command in document:
            self._add(response, command)
        return str(response)

    def _add(self, response: VoiceResponse, command: Command) -> None:
        """One command; the end of a whisper's document is what joins the two."""
        match command:
            case Say():
                _say(response, command)
            case Menu():
                self._menu(response, command)
            case Record():
                self._record(response, command)
            case Bridge():
                self._bridge(response, command)
            case Listen():
                self._listen(response, command)
            case StopListening():
                response.stop().stream(name=STREAM)
            case GoTo():
                response.redirect(self.url(command.step))
            case HangUp():
                response.hangup()
            case _:
                assert_type(command, Join)

    def _listen(self, response: VoiceResponse, listen: Listen) -> None:
        stream = response.start().stream(name=STREAM, url=self._stream_url(), track="inbound_track")
        for name, value in listen.facts.items():
            stream.parameter(name=name, value=value)

    def _menu(self, response: VoiceResponse, menu: Menu) -> None:
        hearing = {"input": "dtmf speech", "hints": ", ".join(menu.hears), "language": ENGLISH} if menu.hears else {}
        choice = response.gather(
            num_digits=menu.keys, finish_on_key="#" if menu.may_end_early else "", timeout=menu.patience,
            action=self.url(menu.then), **hearing,
        )  # fmt: skip
        for said in menu.says:
            _say(choice, said)

    def _record(self, response: VoiceResponse, record: Record) -> None:
        response.record(
            action=self.url(record.then), max_length=record.longest, timeout=record.pause, finish_on_key="#",
            play_beep=True, trim="do-not-trim", recording_status_callback=self._news_of_recordings(),
            recording_status_callback_event=RECORDED_WHEN,
        )  # fmt: skip

    def _bridge(self, response: VoiceResponse, bridge: Bridge) -> None:
        recording = {
            "record": "record-from-answer-dual",
            "recording_status_callback": self._news_of_recordings(),
            "recording_status_callback_event": RECORDED_WHEN,
        }
        ringing = response.dial(
            timeout=bridge.patience, answer_on_bridge=True, caller_id=self._account.number,
            action=self.url(bridge.then), **(recording if bridge.recorded else {}),
        )  # fmt: skip
        reach = ringing.sip if bridge.number.startswith(("sip:", "sips:")) else ringing.number
        reach(bridge.number, url=self.url(bridge.whisper))

    def _news_of_recordings(self) -> str:
        return self._account.address("/twilio/recording")

    def _stream_url(self) -> str:
        """Media streams come over ``wss``, and the provider drops any query of their address."""
        return f"ws{self._account.public.removeprefix('http')}/twilio/media"


def path_of(step: Step) -> str:
    """The address of a step on our side, without what led there."""
    return f"{VOICE}/{step.name}" if step.name else VOICE


def _say(response: VoiceResponse | Gather, said: Say) -> None:
    response.say(said.words, language=said.language)

"""Every command has its TwiML, with addresses of ours that the provider can sign, try again and never loops on."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest

from channels.calls.commands import (
    Bridge,
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
from channels.calls.steps import Choice, SoFar, Step, StepName
from channels.twilio_account import TwilioAccount
from channels.twilio_account.twiml import Twiml
from tests.channels.telephone import ACCOUNT, DUTY, NUMBER, PUBLIC

SO_FAR = SoFar(choice=Choice.UNDER_18, closed=True, refused=True, language="pl", rung=1, tries=2)
THERE = Step(name=StepName.CHOSEN, so_far=SO_FAR)


def twiml() -> Twiml:
    return Twiml(TwilioAccount(sid=ACCOUNT, auth_tokens=("test-token",), number=NUMBER, public_url=PUBLIC))


def rendered(*document: object) -> ET.Element:
    return ET.fromstring(twiml().render(document))  # type: ignore[arg-type]


def test_an_address_says_what_led_there_and_reads_back_the_same() -> None:
    parts = urlsplit(twiml().url(THERE))
    assert (f"{parts.scheme}://{parts.netloc}", parts.path) == (PUBLIC, "/twilio/voice/chosen")
    assert parts.fragment.startswith("rc=2")
    assert SoFar.from_fields({name: values[0] for name, values in parse_qs(parts.query).items()}) == SO_FAR


def test_the_first_step_has_the_number_s_own_address() -> None:
    assert urlsplit(twiml().url(Step(name=StepName.GREETED))).path == "/twilio/voice"


@pytest.mark.parametrize(
    "fields", [{"choice": "nonsense", "rung": "x", "tries": "999", "language": "../../x", "closed": "maybe"}, {}]
)
def test_what_makes_no_sense_in_an_address_counts_as_not_said(fields: dict[str, str]) -> None:
    assert SoFar.from_fields(fields) == SoFar()


def test_each_sentence_is_read_in_its_own_language() -> None:
    english, polish = rendered(Say(words="Wait."), Say(words="Proszę czekać.", language="pl-PL"))
    assert (english.get("language"), polish.get("language"), polish.text) == ("en-GB", "pl-PL", "Proszę czekać.")


def test_a_menu_takes_one_key_of_any_kind_and_hears_only_where_it_is_asked_to() -> None:
    quiet, hearing = rendered(Menu(says=(), then=THERE), Menu(says=(), then=THERE, hears=("do not record",)))
    assert (quiet.get("numDigits"), quiet.get("finishOnKey"), quiet.get("input")) == ("1", "", None)
    assert (hearing.get("input"), hearing.get("hints")) == ("dtmf speech", "do not record")


def test_a_reference_is_nine_keys_or_fewer_and_a_hash() -> None:
    [menu] = rendered(Menu(says=(), then=THERE, keys=9, may_end_early=True))
    assert (menu.get("numDigits"), menu.get("finishOnKey")) == ("9", "#")


def test_only_the_hash_key_ends_a_recording_and_its_absence_is_reported_too() -> None:
    [record] = rendered(Record(then=THERE))
    assert (record.get("finishOnKey"), record.get("recordingStatusCallbackEvent")) == ("#", "completed absent")


def test_a_call_that_is_not_to_be_recorded_has_no_recording_and_no_news_of_one() -> None:
    recorded, unrecorded = rendered(
        Bridge(number=DUTY, then=THERE, whisper=THERE), Bridge(number=DUTY, then=THERE, whisper=THERE, recorded=False)
    )
    assert recorded.get("record") == "record-from-answer-dual"
    assert {"record", "recordingStatusCallback"}.isdisjoint(unrecorded.attrib)
    assert all(dial.get("answerOnBridge") == "true" for dial in (recorded, unrecorded))


@pytest.mark.parametrize(("number", "noun"), [(DUTY, "Number"), ("sip:duty@northshire.example", "Sip")])
def test_whoever_is_rung_is_asked_alone_first(number: str, noun: str) -> None:
    [dial] = rendered(Bridge(number=number, then=THERE, whisper=Step(name=StepName.WHISPER)))
    [reached] = dial
    assert (reached.tag, reached.text) == (noun, number)
    assert urlsplit(reached.get("url", "")).path == "/twilio/voice/whisper"


def test_the_caller_s_sound_comes_over_wss_with_its_facts_and_no_query_and_can_be_stopped() -> None:
    start, stop = rendered(Listen(facts={"from": "+447700900123"}), StopListening())
    [stream], [stopped] = start, stop
    assert stream.get("url") == "wss://front.example.org/twilio/media"
    assert stream.get("track") == "inbound_track"
    assert [(each.get("name"), each.get("value")) for each in stream] == [("from", "+447700900123")]
    assert stopped.get("name") == stream.get("name")


def test_the_end_of_a_document_moves_on_hangs_up_or_joins() -> None:
    moved, hung_up = rendered(GoTo(step=THERE), HangUp())
    assert ((moved.text or "").startswith(f"{PUBLIC}/twilio/voice/chosen?"), hung_up.tag) == (True, "Hangup")
    joined: Document = (Join(),)
    assert list(rendered(*joined)) == []

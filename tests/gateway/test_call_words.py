"""A caller hears only the choices that exist, and 999 whatever happens."""

from datetime import UTC, datetime

import pytest

from channels.contract import Receipt
from channels.spoken import Spoken, SpokenWords
from gateway.call_words import CallWords
from gateway.words import Words
from gateway.working_days import LONDON

OPEN = datetime(2026, 11, 23, 10, 15, tzinfo=LONDON)
CLOSED = datetime(2026, 11, 27, 18, 0, tzinfo=LONDON)


def call_words(*, duty: bool = True, texts: bool = True) -> SpokenWords:
    words = Words(
        organisation="Northshire Council",
        phone="01632 960001",
        address="1 County Square, Northtown, NT1 1AA",
        complaint_url="northshire.example/complain",
    )
    return CallWords(words, duty=duty, texts=texts)


def a_receipt() -> Receipt:
    at = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
    return Receipt(reference="KMR-4729-HX", received_at=at, look_by=at.replace(day=24))


def test_a_person_is_offered_only_if_there_is_one() -> None:
    assert "Or wait, and a person will answer." in call_words(duty=True).greeting(OPEN)
    assert "person" not in call_words(duty=False).greeting(OPEN)
    assert "press" not in call_words(duty=False).greeting(OPEN)


@pytest.mark.parametrize("duty", [True, False])
@pytest.mark.parametrize("at", [OPEN, CLOSED])
def test_every_greeting_says_999_that_we_record_and_that_no_name_is_needed(duty: bool, at: datetime) -> None:
    greeting = call_words(duty=duty).greeting(at)

    assert greeting.startswith("You have reached Northshire Council children's services.")
    assert "hang up and dial 9 9 9" in greeting
    assert "We record" in greeting
    assert "You do not need to know the child's name." in greeting


def test_when_closed_a_caller_hears_when_we_open_and_when_a_person_listens() -> None:
    greeting = call_words().greeting(CLOSED)

    assert "It opens at 9 am on Monday 30 November." in greeting
    assert "A person will listen to it by 5 pm on Monday 30 November." in greeting


def test_the_reference_is_said_twice_in_nato_words_with_the_time_it_is_read_by() -> None:
    said = call_words().receipt(a_receipt())

    assert said.count("K for Kilo. M for Mike. R for Romeo. Then four. seven. two. nine. Then H for Hotel.") == 2
    assert "by 10 15 am on Tuesday 24 November" in said


def test_a_text_is_offered_only_if_we_can_send_one() -> None:
    assert "press 2" in call_words(texts=True).receipt(a_receipt())
    assert "press 2" not in call_words(texts=False).receipt(a_receipt())
    assert "press 1" in call_words(texts=False).receipt(a_receipt())


def test_when_our_side_fails_a_message_is_asked_for_and_never_called_received() -> None:
    words = call_words()

    assert "speak after the tone" in words.said(Spoken.SORRY)
    assert "9 9 9" in words.said(Spoken.SORRY)
    assert "9 9 9" in words.said(Spoken.NOT_KEPT_YET)
    assert "we have your message" not in words.said(Spoken.NOT_KEPT_YET).lower()


def test_the_short_phrases_are_there() -> None:
    words = call_words()

    assert "after the tone" in words.said(Spoken.NO_INPUT)
    assert "text your reference" in words.said(Spoken.TEXTED)
    assert "cannot send a text" in words.said(Spoken.CANNOT_TEXT)
    assert words.said(Spoken.GOODBYE).endswith("Goodbye.")
    assert "press 1" in words.whisper(is_child=False, is_recorded=True, language="")
    assert "ten minutes" in words.said(Spoken.PROMPT)

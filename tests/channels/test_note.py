"""What a call taker types."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import AddressClass, Inbound, Unreadable
from channels.note import Note, note_message
from tests.channels.keeping import Keeping


def read(**written: object) -> Inbound:
    return Note().parse(note_message(json.dumps(written).encode(), "sam"))


def test_a_note_without_a_childs_name_is_a_message_like_any_other() -> None:
    inbound = read(text="Shouting next door every night, a small boy at the window.")
    assert inbound.text == "Shouting next door every night, a small boy at the window."
    assert inbound.sender.kind is AddressClass.NONE
    assert inbound.answered_by_door == "voice"
    assert "child" not in inbound.facts


def test_the_exact_bytes_are_kept_and_who_took_the_note() -> None:
    payload = '{"text": "she said: “please come”"}'.encode()
    raw = note_message(payload, "sam")
    assert (raw.body, raw.channel, raw.envelope) == (payload, "note", {"taken_by": "sam"})


def test_a_note_saved_twice_is_one_and_two_equal_notes_are_two() -> None:
    payload = json.dumps({"text": "same words", "note_id": "a1"}).encode()
    more = json.dumps({"text": "same words and more", "note_id": "a1"}).encode()
    without = b'{"text": "same words"}'
    assert note_message(payload, "sam").source_key == note_message(payload, "sam").source_key
    assert note_message(payload, "sam").source_key != note_message(more, "sam").source_key
    assert note_message(payload, "sam").source_key != note_message(payload, "jo").source_key
    assert note_message(without, "sam").source_key != note_message(without, "sam").source_key


def test_a_mobile_is_written_to_only_when_the_caller_said_texts_are_safe() -> None:
    asked_only = read(text="words", callback="07700 900123", caller_name="Jo Example")
    safe = read(text="words", callback="07700 900123", safe_text=True, caller_name="Jo Example")
    assert (asked_only.texts_are_safe, [way.is_safe for way in asked_only.ways]) == (False, [None])
    refused = read(text="words", callback="07700 900123", safe_text=False, safe_call=True)
    assert [(way.is_safe, way.safe_to_call) for way in refused.ways] == [(False, True)]
    assert (safe.sender.kind, safe.texts_are_safe) == (AddressClass.MOBILE, True)
    for inbound in (asked_only, safe):
        assert inbound.sender.value == "+447700900123"
        assert "07700" not in inbound.text and "Jo Example" not in inbound.text


def test_a_callback_that_is_no_number_is_not_lost() -> None:
    inbound = read(text="words", callback="ask for Jo at the school")
    assert inbound.sender.kind is AddressClass.NONE
    assert "Call back: ask for Jo at the school" in inbound.sender_name
    assert "Jo" not in inbound.text


def test_a_mail_address_is_kept_apart_and_used_only_when_it_is_safe() -> None:
    safe = read(text="words", email="jo@example.org", safe_email=True)
    both = read(text="words", email="jo@example.org", callback="01632 960123", safe_words="Only before noon")
    assert safe.sender.value == "jo@example.org" and "jo@example.org" not in safe.text
    assert (both.sender.kind, "Email: jo@example.org" in both.sender_name) == (AddressClass.LANDLINE, True)
    assert [(way.is_safe, way.words) for way in both.ways] == [(None, "Only before noon")] * 2


def test_a_message_for_a_worker_says_for_whom() -> None:
    inbound = read(text="Please ring me back", for_worker="Sam Example")
    assert inbound.facts["for_worker"] == "Sam Example"
    assert "For: Sam Example" in inbound.text


def test_a_call_that_dropped_before_a_word_was_typed_is_still_there_and_owed_by_a_person() -> None:
    inbound = read(callback="01632 960123")
    assert inbound.answered_by_door is None
    assert inbound.by_hand


def test_the_clock_starts_when_the_caller_told_us() -> None:
    told = datetime.now(UTC) - timedelta(hours=3)
    future = datetime.now(UTC) + timedelta(hours=3)
    assert note_message(json.dumps({"told_at": told.isoformat()}).encode(), "sam").received_at == told
    for useless in (future.isoformat(), "yesterday", "2026-11-23T10:00:00"):
        assert note_message(json.dumps({"told_at": useless}).encode(), "sam").received_at is None


@pytest.mark.parametrize("payload", [b"", b"not json", b"[1, 2]", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_note_is_kept_and_goes_before_a_person(payload: bytes) -> None:
    raw = note_message(payload, "sam")
    assert raw.body == payload
    with pytest.raises(Unreadable, match="not a note"):
        Note().parse(raw)


def test_notes_have_no_public_door() -> None:
    note = Note()
    assert note.ways_in() == ()
    note.door(Keeping())

"""What a media stream says, read as the provider sends it: numbers as strings, frames of any size, fields unasked."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.streams.events import NotAStream, SoundHeard, StreamBegan, StreamEnded, StreamEvent
from channels.twilio_account import media_messages

START = {
    "event": "start", "sequenceNumber": "1", "streamSid": "MZ1",
    "start": {
        "accountSid": "AC1", "streamSid": "MZ1", "callSid": "CA1", "tracks": ["inbound"], "newField": {"a": 1},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"from": "+447700900123"},
    },
}  # fmt: skip


def read(text: str) -> StreamEvent | None:
    return media_messages.read(text.encode("utf-8", "surrogatepass"))


def media(**fields: object) -> str:
    said = {"track": "inbound", "chunk": "7", "timestamp": "120", "payload": base64.b64encode(b"\x00\xff").decode()}
    return json.dumps({"event": "media", "sequenceNumber": "8", "media": said | fields, "streamSid": "MZ1"})


def test_the_start_tells_the_call_and_what_we_gave_along() -> None:
    assert read(json.dumps(START)) == StreamBegan(stream="MZ1", call="CA1", facts={"from": "+447700900123"})


def test_a_frame_is_its_bytes_number_and_time() -> None:
    assert read(media()) == SoundHeard(sound=b"\x00\xff", number=7, at_ms=120)
    assert read(media(payload="", chunk=None, timestamp=None)) == SoundHeard(sound=b"")


def test_what_the_caller_hears_is_not_the_caller() -> None:
    assert read(media(track="outbound")) is None
    assert isinstance(read(media(track="inbound_track")), SoundHeard)


def test_the_stop_is_the_end_and_other_events_say_nothing() -> None:
    assert isinstance(read('{"event": "stop", "stop": {"callSid": "CA1"}}'), StreamEnded)
    for event in ("connected", "mark", "dtmf", "something-new"):
        assert read(json.dumps({"event": event, event: {}})) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "7", '"media"', "{}", '{"event": "media"}', '{"event": "media", "media": []}',
        media(payload="!!!"), media(payload="abc"), media(payload=7), media(chunk="many"), media(timestamp={}),
        '{"event": "start", "start": {}}', '{"event": "start", "start": {"streamSid": 5}}',
        json.dumps(START).replace("audio/x-mulaw", "audio/x-l16"), json.dumps(START).replace("8000", "16000"),
        json.dumps(START).replace("MZ1", "M" * 101), "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_message_of_a_stream_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotAStream):
        read(text)


@given(st.text(max_size=60))
def test_no_text_at_all_raises_anything_else(text: str) -> None:
    try:
        read(text)
    except NotAStream as refused:
        assert len(text) < len("JSONDecodeError") or text not in str(refused)

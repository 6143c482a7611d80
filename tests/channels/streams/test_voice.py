"""How long there is more than silence in a recording, whoever made it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.streams.voice import voice_seconds
from channels.streams.whole import as_wav
from gateway.demo.twilio_sim.sound import tone, ulaw, write_wav

QUIET = b"\x05\x00" * 8000
HUM = b"\x40\x00\xc0\xff" * 4000  # 54 dB below full scale


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.0])
def test_both_kinds_of_file_are_measured_alike(seconds: float) -> None:
    spoken = QUIET + tone(seconds) + HUM
    assert voice_seconds(write_wav(spoken)) == pytest.approx(seconds, abs=0.05)
    assert voice_seconds(as_wav(ulaw(spoken))) == pytest.approx(seconds, abs=0.05)


def test_a_voice_on_one_of_two_channels_is_a_voice() -> None:
    assert voice_seconds(write_wav(tone(1.0), channels=2)) == pytest.approx(1.0, abs=0.05)


def test_silence_and_a_humming_line_have_no_voice() -> None:
    assert voice_seconds(write_wav(QUIET + HUM)) == 0.0
    assert voice_seconds(as_wav(ulaw(QUIET + HUM))) == 0.0


def test_a_file_that_was_cut_short_is_measured_as_far_as_it_goes() -> None:
    assert voice_seconds(write_wav(tone(2.0))[: 44 + 16000]) == pytest.approx(1.0, abs=0.05)


def test_what_is_no_such_file_is_not_measured() -> None:
    of_zeros = write_wav(b"")[:20] + struct.pack("<HHIIHH", 1, 0, 0, 0, 0, 16) + write_wav(tone(0.1))[36:]
    for given_bytes in (b"", b"ID3\x03", b"RIFF1234WAVE", of_zeros):
        assert voice_seconds(given_bytes) is None


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_it(tail: bytes) -> None:
    found = voice_seconds(write_wav(tone(0.1))[:30] + tail)
    assert found is None or found >= 0

"""A stream's pieces become one sound file that every player and engine reads, sample for sample."""

from __future__ import annotations

import io
import os

import av
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from channels.streams.whole import as_wav, whole
from gateway.demo.twilio_sim.sound import read_wav, tone, ulaw


@given(st.binary(max_size=300))
def test_the_samples_in_the_file_are_those_that_came(sound: bytes) -> None:
    wav = as_wav(sound)
    assert wav[:4] == b"RIFF" and len(wav) == 8 + int.from_bytes(wav[4:8], "little")
    at = wav.index(b"data")
    assert wav[at + 8 : at + 8 + len(sound)] == sound


def test_what_the_engines_decode_is_what_was_spoken() -> None:
    spoken = tone(1.0)
    wav = as_wav(ulaw(spoken))
    with av.open(io.BytesIO(wav), mode="r") as container:
        decoded = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])
    assert len(decoded) == 8000
    assert np.abs(decoded.astype(int) - np.frombuffer(spoken, dtype="<i2").astype(int)).max() < 200
    assert len(read_wav(wav)) == len(spoken)


def test_of_two_pieces_for_one_place_the_earlier_counts() -> None:
    assert whole([(0, b"aaaa"), (2, b"bbbb")]).sound == b"aaaabb"
    assert whole([(0, b"aaaaaaaa"), (2, b"bb")]).sound == b"aaaaaaaa"


def test_a_sound_without_gaps_says_so() -> None:
    sound = os.urandom(8000)
    found = whole([(4000, sound[4000:]), (0, sound[:4000])])
    assert (found.sound, found.gaps, found.seconds) == (sound, (), 1.0)


def test_nothing_at_all_is_no_sound() -> None:
    assert whole([]).sound == b"" and whole([]).seconds == 0

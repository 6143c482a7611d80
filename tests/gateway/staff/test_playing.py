"""What phones and telephone systems record can be heard in any browser; what cannot is not, and nothing else breaks."""

from __future__ import annotations

import io
import os
from pathlib import Path

import av
import pytest

from gateway.in_a_child import ChildFailed, in_a_child
from gateway.staff.playing import LARGEST, NotPlayable, Playing, playable
from tests.sounds import KINDS, written_as

SPOKEN = (Path(__file__).parents[2] / "samples" / "voicemails" / "vm00.wav").read_bytes()


def seconds(content: bytes) -> float:
    with av.open(io.BytesIO(content), mode="r") as opened:
        return sum((frame.samples / frame.sample_rate for frame in opened.decode(audio=0)), 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_heard_to_its_end(kind: str) -> None:
    heard = playable(written_as(kind, SPOKEN))
    assert heard.startswith(b"ID3") and abs(seconds(heard) - seconds(SPOKEN)) < 0.3


def test_a_recording_that_was_cut_off_is_heard_as_far_as_it_goes() -> None:
    whole = written_as("audio/amr", SPOKEN)
    assert 0.5 < seconds(playable(whole[: len(whole) // 2])) < seconds(SPOKEN) * 0.7


@pytest.mark.parametrize("content", [b"", b"no sound at all", os.urandom(5000), b"#!AMR\n", SPOKEN[:20]])
def test_what_has_no_sound_is_said_to_have_none(content: bytes) -> None:
    with pytest.raises(NotPlayable):
        playable(content)


def test_a_file_that_says_its_sound_lies_on_the_network_makes_nobody_listen_there() -> None:
    elsewhere = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 45678 RTP/AVP 0\n"
    with pytest.raises(ChildFailed, match="CalledProcessError"):
        in_a_child("gateway.staff.playing_child", content=elsewhere, seconds=15)


def test_the_child_that_opens_files_knows_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUSERBASE", "/a/secret")
    assert b"secret" not in in_a_child("sysconfig", content=b"", seconds=15)


def test_what_is_too_large_is_not_even_tried() -> None:
    with pytest.raises(NotPlayable):
        playable(bytes(LARGEST + 1))


def test_what_was_made_lately_is_given_again_and_no_more_is_held_than_there_is_room_for() -> None:
    first, second = SPOKEN, SPOKEN[: len(SPOKEN) // 2]
    made = playable(first)
    sounds = Playing(most_bytes=len(made))
    assert sounds.playable(first) is sounds.playable(first)
    kept = sounds.playable(first)
    sounds.playable(second)
    assert sounds.playable(first) is not kept and sounds.playable(first) == kept
    with pytest.raises(NotPlayable):
        sounds.playable(b"no sound")

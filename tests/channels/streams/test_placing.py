"""Every frame goes to its place, whatever order, size and number of times it comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.streams.events import LONGEST_SECONDS, SILENCE, NotAStream, SoundHeard
from channels.streams.placing import CLOSE_BYTES, MOST_BYTES, Placing
from channels.streams.whole import whole


def frames(sizes: list[int]) -> list[SoundHeard]:
    """Frames of so many milliseconds each, their bytes telling them apart."""
    at, found = 0, []
    for number, size in enumerate(sizes, start=1):
        found.append(SoundHeard(sound=bytes([number % 200]) * size * 8, number=number, at_ms=at))
        at += size
    return found


def heard(coming: list[SoundHeard]) -> bytes:
    placing = Placing()
    placed = [(placing.place(one), one.sound) for one in coming]
    return whole((at, sound) for at, sound in placed if at is not None).sound


@given(st.lists(st.integers(1, 200), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_frames_of_any_size_in_any_order_and_repeated_give_the_sound_as_it_was_spoken(sizes: list[int], dice) -> None:  # type: ignore[no-untyped-def]
    spoken = frames(sizes)
    coming = spoken + [dice.choice(spoken) for _ in range(5)]
    dice.shuffle(coming)
    assert heard(coming) == b"".join(one.sound for one in spoken)


@given(st.lists(st.integers(60, 200), min_size=3, max_size=30), st.data())
def test_a_frame_that_never_comes_is_silence_and_said(sizes: list[int], data: st.DataObject) -> None:
    spoken = frames(sizes)
    lost = data.draw(st.integers(1, len(spoken) - 2))
    placing = Placing()
    coming = [(placing.place(one), one.sound) for one in spoken if one is not spoken[lost]]
    found = whole((at, sound) for at, sound in coming if at is not None)
    wanted = [one.sound if one is not spoken[lost] else SILENCE * len(one.sound) for one in spoken]
    assert found.sound == b"".join(wanted)
    assert [(gap.at, gap.seconds) for gap in found.gaps] == [(spoken[lost].at_ms / 1000, sizes[lost] / 1000)]  # type: ignore[operator]


def test_times_that_are_some_milliseconds_off_leave_no_seam() -> None:
    off = [0, 23, 38, 61, 79, 102]
    coming = [SoundHeard(sound=bytes([n]) * 160, number=n, at_ms=at) for n, at in enumerate(off, start=1)]
    assert heard(coming) == b"".join(one.sound for one in coming)


def test_a_pause_of_the_provider_is_a_pause_of_the_sound() -> None:
    coming = [SoundHeard(sound=b"a" * 160, number=1, at_ms=0), SoundHeard(sound=b"b" * 160, number=2, at_ms=520)]
    assert heard(coming) == b"a" * 160 + SILENCE * 4000 + b"b" * 160


def test_without_numbers_times_alone_are_enough() -> None:
    coming = [SoundHeard(sound=bytes([n]) * 800, at_ms=at) for n, at in ((1, 0), (3, 200), (2, 100), (3, 200))]
    assert heard(coming) == bytes([1]) * 800 + bytes([2]) * 800 + bytes([3]) * 800


def test_without_times_the_order_alone_is_enough() -> None:
    assert heard([SoundHeard(sound=b"a" * 160), SoundHeard(sound=b"b" * 7)]) == b"a" * 160 + b"b" * 7


def test_a_time_that_cannot_be_moves_nothing() -> None:
    placing = Placing()
    for at_ms in (-20, LONGEST_SECONDS * 1000 + 1, 10**15):
        assert placing.place(SoundHeard(sound=b"a" * 160, number=1, at_ms=at_ms)) is None
    assert placing.place(SoundHeard(sound=b"a" * 160, number=1, at_ms=0)) == 0
    assert placing.end == 160


def test_a_stream_that_goes_on_for_hours_is_ended() -> None:
    placing = Placing()
    assert placing.place(SoundHeard(sound=b"a" * 8, number=1, at_ms=LONGEST_SECONDS * 1000 - 1)) == MOST_BYTES - 8
    with pytest.raises(NotAStream):
        placing.place(SoundHeard(sound=b"a" * 160, number=2, at_ms=LONGEST_SECONDS * 1000))
    assert CLOSE_BYTES < 8000

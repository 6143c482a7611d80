"""A long recording is heard in slices: it tells how far it is, steps aside, and never hears the same words twice."""

from collections.abc import Sequence

import pytest

from tests.transcription.recordings import TINY_MODEL, VOICEMAILS, one_after_another, recording, said_in, sound_of
from transcription.begun import Begun
from transcription.contract import Transcript
from transcription.faster_speech import FasterSpeech
from transcription.heard import ENGLISH, Heard, Language
from transcription.hearing import Hearing
from transcription.put_aside import Recordings
from transcription.said import segments_of
from transcription.sound import Waveform
from transcription.speech import transcribe_recording
from transcription.windows import Window
from transcription.wire import Task

SHORTEST_SLICE = 1e-6


class Counting:
    """An engine that writes down which windows it was asked to hear, and hears its own count in each."""

    name = "counting 1 none"
    at_once = 1

    def __init__(self) -> None:
        self.asked: list[Window] = []

    def hear(self, sound: Waveform, windows: Sequence[Window], language: str | None) -> list[Heard]:
        self.asked += windows
        return [
            Heard(
                text=f"window {len(self.asked)}", start=window.start + 1, end=window.start + 2, confidence=0.9,
                log_probability=-0.2, no_speech_probability=0.0, compression=1.0,
            )
            for window in windows
        ]  # fmt: skip

    def translate(self, sound: Waveform, windows: Sequence[Window], language: str) -> list[Heard]:
        return []

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> Language | None:
        return ENGLISH


@pytest.fixture(scope="module")
def five_said() -> bytes:
    return recording(one_after_another(*[sound_of(each) for each in VOICEMAILS[:5]], pause=5.0))


def in_slices(engine: Counting, data: bytes, *, forgets: bool) -> tuple[Transcript, list[float]]:
    """Put aside after each window; ``forgets``: as if another process took up each slice."""
    recordings, begun = Recordings(engine), ""
    progress: list[float] = []
    for _ in range(20):
        task = Task(media_type="audio/wav", name="", data=data, begun=begun, slice_seconds=SHORTEST_SLICE)
        read = recordings.read(task, lambda _: None)
        if isinstance(read, Transcript):
            return read, progress
        progress.append(read.progress)
        begun = read.as_json()
        recordings = Recordings(engine) if forgets else recordings
    raise AssertionError(progress)


@pytest.mark.parametrize("forgets", [False, True], ids=["in one process", "each slice in another process"])
def test_a_recording_heard_in_slices_is_the_same_and_each_window_is_heard_once(five_said: bytes, forgets: bool) -> None:
    whole, slices = Counting(), Counting()
    at_once = transcribe_recording(five_said, whole)
    transcript, progress = in_slices(slices, five_said, forgets=forgets)
    assert transcript == at_once
    assert slices.asked == whole.asked and len(whole.asked) == 5
    assert progress == sorted(progress) and len(progress) == 4 and 0 < progress[0] < progress[-1] < 1


def test_the_words_so_far_are_told_after_each_window(five_said: bytes) -> None:
    told: list[Begun] = []
    Recordings(Counting()).read(Task(media_type="audio/wav", name="", data=five_said), told.append)
    assert [len(segments_of(begun)) for begun in told] == [1, 2, 3, 4, 5]
    assert told[-1].progress == 1.0


def test_a_short_recording_in_between_does_not_disturb_the_long_one(five_said: bytes) -> None:
    engine = Counting()
    recordings = Recordings(engine)
    first = recordings.read(
        Task(media_type="audio/wav", name="", data=five_said, slice_seconds=SHORTEST_SLICE), lambda _: None
    )
    assert isinstance(first, Begun)
    short = recordings.read(Task(media_type="audio/wav", name="", data=VOICEMAILS[7].read_bytes()), lambda _: None)
    assert isinstance(short, Transcript) and short.text == "window 2"
    rest = recordings.read(Task(media_type="audio/wav", name="", data=five_said, begun=first.as_json()), lambda _: None)
    assert isinstance(rest, Transcript)
    assert rest.text.splitlines() == ["window 1", "window 3", "window 4", "window 5", "window 6"]


def test_what_another_engine_began_is_heard_from_the_start(five_said: bytes) -> None:
    begun = Hearing.of(five_said, Counting())
    begun.go_on(lambda _: None, lambda: True)
    engine = FasterSpeech(TINY_MODEL, model="tiny", threads=1)
    read = Recordings(engine).read(
        Task(media_type="audio/wav", name="", data=five_said, begun=begun.begun.as_json()), lambda _: None
    )
    assert isinstance(read, Transcript)
    assert read.text.splitlines() == [said_in(each) for each in VOICEMAILS[:5]]


@pytest.mark.parametrize("kept", ["{}", "[]", "nonsense", '{"engine": "counting 1 none"}'])
def test_what_cannot_be_understood_any_more_is_heard_from_the_start(five_said: bytes, kept: str) -> None:
    engine = Counting()
    read = Recordings(engine).read(Task(media_type="audio/wav", name="", data=five_said, begun=kept), lambda _: None)
    assert isinstance(read, Transcript) and len(engine.asked) == 5


def test_both_ends_of_a_call_are_heard_side_by_side() -> None:
    caller = one_after_another(*[sound_of(each) for each in VOICEMAILS[:3]], pause=12.0)
    duty = one_after_another(*[sound_of(each) for each in VOICEMAILS[3:6]], pause=19.0)
    engine = Counting()
    transcript = transcribe_recording(recording(caller, duty), engine)
    starts = [window.start for window in engine.asked]
    assert starts == sorted(starts) and len(starts) == 6
    assert [segment.speaker for segment in transcript.segments] == [1, 2, 1, 2, 1, 2]


def test_how_far_a_recording_is_survives_its_way_through_json(five_said: bytes) -> None:
    hearing = Hearing.of(five_said, FasterSpeech(TINY_MODEL, model="tiny", threads=1))
    hearing.go_on(lambda _: None, lambda: False)
    assert hearing.begun.ends[0].heard[0].words
    assert Begun.from_json(hearing.begun.as_json()) == hearing.begun

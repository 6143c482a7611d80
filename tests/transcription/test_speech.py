"""Spoken words become the right text, silence becomes none, and what is doubtful is marked and never dropped."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.transcription.recordings import (
    TINY_CHECKPOINT,
    TINY_MODEL,
    VOICEMAILS,
    Sound,
    hum,
    noise,
    one_after_another,
    recording,
    said_in,
    silence,
    sound_of,
)
from transcription.contract import CannotRead
from transcription.faster_speech import FasterSpeech
from transcription.sound import HERTZ, Waveform, waveforms
from transcription.speech import NO_SPEECH, Heard, transcribe_recording
from transcription.windows import Window, joined
from transcription.worker import TranscriptionWorker

needs_second_engine = pytest.mark.skipif(
    find_spec("whisper") is None, reason="the optional speech engine openai-whisper is not installed"
)


@pytest.fixture(scope="module")
def engine() -> FasterSpeech:
    return FasterSpeech(TINY_MODEL, model="tiny", threads=1)


class PretendWhisper:
    """An engine that hears, in each window, what it is told to."""

    name = "pretend-whisper 1 none"

    def __init__(self, *heard: Heard) -> None:
        self._heard = heard

    def hear(self, sound: Waveform, windows: Sequence[Window]) -> list[Heard]:
        return [one for window in windows for one in self._heard if window.start <= one.start < window.end]

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> str | None:
        return "en"


def heard(text: str, *, start: float = 0.5, sure: float = 0.95, log: float = -0.3, silent: float = 0.01,
          compression: float = 1.2) -> Heard:  # fmt: skip
    return Heard(
        text=text, start=start, end=start + 1, confidence=sure, log_probability=log, no_speech_probability=silent,
        compression=compression,
    )  # fmt: skip


@pytest.mark.parametrize("voicemail", VOICEMAILS, ids=lambda path: path.stem)
def test_each_voicemail_is_heard_word_for_word(engine: FasterSpeech, voicemail: Path) -> None:
    transcript = transcribe_recording(voicemail.read_bytes(), engine)
    assert transcript.text == said_in(voicemail)
    assert transcript.note == ""
    assert transcript.confidence is not None and transcript.confidence > 0.9


@needs_second_engine
async def test_the_second_engine_hears_the_same_words(tmp_path: Path) -> None:
    worker = TranscriptionWorker(
        speech_model=str(TINY_CHECKPOINT), speech_engine="openai-whisper", models_dir=tmp_path, memory_limit_mb=8192
    )
    transcripts = [await worker.transcribe(each.read_bytes(), "audio/x-wav") for each in VOICEMAILS]
    await worker.close()
    assert [transcript.text for transcript in transcripts] == [said_in(each) for each in VOICEMAILS]
    assert transcripts[0].engine.startswith("openai-whisper ")


@needs_second_engine
async def test_the_second_engine_hears_nothing_in_silence(tmp_path: Path) -> None:
    worker = TranscriptionWorker(
        speech_model=str(TINY_CHECKPOINT), speech_engine="openai-whisper", models_dir=tmp_path, memory_limit_mb=8192
    )
    transcript = await worker.transcribe(recording(noise(4, level=0.003)), "audio/wav")
    await worker.close()
    assert (transcript.text, transcript.note) == ("", NO_SPEECH)


@pytest.mark.parametrize(
    "sound",
    [silence(5), silence(0.05), noise(6, level=0.003), noise(6, level=0.03), noise(6, level=0.3), hum(6)],
    ids=["silence", "a moment", "faint noise", "noise", "loud noise", "hum"],
)
def test_where_nobody_speaks_there_is_no_text_and_the_note_says_so(engine: FasterSpeech, sound: Sound) -> None:
    transcript = transcribe_recording(recording(sound), engine)
    assert (transcript.text, transcript.segments, transcript.note) == ("", (), NO_SPEECH)


def test_times_count_from_the_start_of_the_recording_although_silence_is_skipped(engine: FasterSpeech) -> None:
    sound = one_after_another(sound_of(VOICEMAILS[0]), sound_of(VOICEMAILS[1]), pause=12.0)
    first, second = transcribe_recording(recording(sound), engine).segments
    assert (first.text, second.text) == (said_in(VOICEMAILS[0]), said_in(VOICEMAILS[1]))
    assert first.start == pytest.approx(12.0, abs=0.5)
    assert second.start == pytest.approx(24.0 + sound_of(VOICEMAILS[0]).size / 8000, abs=0.5)


def test_a_long_recording_is_heard_to_its_end_in_order(engine: FasterSpeech) -> None:
    sound = one_after_another(*[sound_of(each) for each in VOICEMAILS] * 2, pause=5.0)
    transcript = transcribe_recording(recording(sound), engine)
    assert transcript.text.splitlines() == [said_in(each) for each in VOICEMAILS] * 2


def test_two_ends_of_a_call_are_told_apart_and_ordered_by_time(engine: FasterSpeech) -> None:
    caller = np.concatenate([sound_of(VOICEMAILS[0]), silence(6), sound_of(VOICEMAILS[2])])
    duty = np.concatenate([silence(5), sound_of(VOICEMAILS[1])])
    transcript = transcribe_recording(recording(caller, duty), engine)
    assert transcript.text.splitlines() == [
        f"Speaker 1: {said_in(VOICEMAILS[0])}",
        f"Speaker 2: {said_in(VOICEMAILS[1])}",
        f"Speaker 1: {said_in(VOICEMAILS[2])}",
    ]


def test_one_voice_on_two_channels_is_one_speaker(engine: FasterSpeech) -> None:
    sound = sound_of(VOICEMAILS[0])
    assert transcribe_recording(recording(sound, sound * 0.8), engine).text == said_in(VOICEMAILS[0])


def test_a_call_in_which_one_end_is_silent_carries_no_labels(engine: FasterSpeech) -> None:
    call = recording(sound_of(VOICEMAILS[0]), noise(3, level=0.001))
    assert transcribe_recording(call, engine).text == said_in(VOICEMAILS[0])


@pytest.mark.parametrize(
    "doubtful",
    [
        heard("thank you", silent=0.9, log=-1.2, sure=0.6),
        heard("thank you thank you", compression=3.1),
        heard("mumbled", log=-1.4),
        heard("mumbled", sure=0.3),
    ],
    ids=["probably silence", "one line over and over", "badly supported", "unsure words"],
)
def test_doubtful_words_are_kept_and_marked_with_their_time(doubtful: Heard) -> None:
    transcript = transcribe_recording(VOICEMAILS[0].read_bytes(), PretendWhisper(doubtful))
    assert transcript.text == f"[unclear at 0:00: {doubtful.text}]"
    assert [segment.unclear for segment in transcript.segments] == [True]
    assert transcript.note == "1 part is unclear."


def test_a_voice_without_words_is_shown_and_not_dropped() -> None:
    sound = one_after_another(sound_of(VOICEMAILS[0]), sound_of(VOICEMAILS[1]), pause=10.0)
    transcript = transcribe_recording(recording(sound), PretendWhisper(heard("help me", start=10.5)))
    help_me, wordless = transcript.segments
    assert help_me.text == "help me" and not help_me.unclear
    assert wordless.unclear and wordless.start == pytest.approx(23.5, abs=0.5)
    assert "no words made out" in transcript.text


def test_the_same_recording_gives_the_same_words_each_time(engine: FasterSpeech) -> None:
    mumbled = recording(sound_of(VOICEMAILS[3]) * 0.3 + noise(5, level=0.02)[: sound_of(VOICEMAILS[3]).size])
    assert transcribe_recording(mumbled, engine) == transcribe_recording(mumbled, engine)


def test_mu_law_telephone_sound_is_brought_to_whispers_rate() -> None:
    (sound,) = waveforms(VOICEMAILS[0].read_bytes())
    assert sound.dtype == np.float32
    assert sound.size / HERTZ == pytest.approx(sound_of(VOICEMAILS[0]).size / 8000, abs=0.01)


@pytest.mark.parametrize("data", [b"RIFF", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"not sound at all" * 50])
def test_bytes_that_are_no_recording_are_broken(data: bytes) -> None:
    with pytest.raises(CannotRead) as refused:
        waveforms(data)
    assert refused.value.reason == "broken"


def test_a_recording_cut_off_in_the_middle_gives_what_there_is(engine: FasterSpeech) -> None:
    whole = recording(one_after_another(sound_of(VOICEMAILS[0]), sound_of(VOICEMAILS[1]), pause=6.0))
    cut = transcribe_recording(whole[: len(whole) * 6 // 10], engine)
    assert cut.text.splitlines()[0] == said_in(VOICEMAILS[0])


def test_windows_join_over_short_pauses_and_part_at_long_ones_and_at_28_seconds() -> None:
    stretches = [Window(start=start, end=end) for start, end in ((0, 4), (5.5, 10), (20, 30), (31, 45), (46, 47))]
    assert [(window.start, window.end) for window in joined(stretches)] == [(0, 10), (20, 47)]
    assert [(window.start, window.end) for window in joined([*stretches[2:], Window(start=48, end=49)])] == [
        (20, 47),
        (48, 49),
    ]

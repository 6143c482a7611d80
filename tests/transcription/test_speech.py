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
    tune,
)
from transcription.contract import CannotRead, Word
from transcription.faster_speech import FasterSpeech
from transcription.heard import ENGLISH, Heard, Language
from transcription.said import NO_SPEECH
from transcription.sound import Waveform, waveforms
from transcription.speech import transcribe_recording
from transcription.windows import HERTZ, Window, joined
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
    at_once = 1

    def __init__(self, *heard: Heard, language: Language = ENGLISH, english: Sequence[Heard] = ()) -> None:
        self._heard, self._language, self._english = heard, language, english

    def hear(self, sound: Waveform, windows: Sequence[Window], language: str | None) -> list[Heard]:
        return [one for window in windows for one in self._heard if window.start <= one.start < window.end]

    def translate(self, sound: Waveform, windows: Sequence[Window], language: str) -> list[Heard]:
        return [one for window in windows for one in self._english if window.start <= one.start < window.end]

    def language_of(self, sound: Waveform, windows: Sequence[Window]) -> Language | None:
        return self._language


def heard(text: str, *, start: float = 0.5, sure: float = 0.95, log: float = -0.3, silent: float = 0.01,
          compression: float = 1.2, words: Sequence[tuple[str, float]] = ()) -> Heard:  # fmt: skip
    each = tuple(
        Word(text=word, start=start + number / 10, end=start + number / 10 + 0.1, confidence=confidence)
        for number, (word, confidence) in enumerate(words)
    )
    return Heard(
        text=text, start=start, end=start + 1, confidence=sure, log_probability=log, no_speech_probability=silent,
        compression=compression, words=each,
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
        speech_model=str(TINY_CHECKPOINT),
        speech_engine="openai-whisper",
        models_dir=tmp_path,
        memory_limit_mb=8192,
        threads=1,
    )
    transcripts = [await worker.transcribe(each.read_bytes(), "audio/x-wav") for each in VOICEMAILS]
    await worker.close()
    assert [transcript.text for transcript in transcripts] == [said_in(each) for each in VOICEMAILS]
    assert transcripts[0].engine.startswith("openai-whisper ")
    assert [word.text for word in transcripts[0].segments[0].words] == said_in(VOICEMAILS[0]).split()


@needs_second_engine
async def test_the_second_engine_hears_nothing_in_silence(tmp_path: Path) -> None:
    worker = TranscriptionWorker(
        speech_model=str(TINY_CHECKPOINT),
        speech_engine="openai-whisper",
        models_dir=tmp_path,
        memory_limit_mb=8192,
        threads=1,
    )
    transcript = await worker.transcribe(recording(noise(4, level=0.003)), "audio/wav")
    await worker.close()
    assert (transcript.text, transcript.note) == ("", f"{NO_SPEECH} The recording is silent.")


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (silence(5), "The recording is silent."),
        (silence(0.05), "The recording is silent."),
        (noise(6, level=0.003), "The recording is silent."),
        (noise(6, level=0.03), "What there is sounds like noise."),
        (noise(6, level=0.3), "What there is sounds like noise."),
        (hum(6), "What there is sounds like tones or music."),
        (tune(6), "What there is sounds like tones or music."),
    ],
    ids=["silence", "a moment", "faint noise", "noise", "loud noise", "hum", "music"],
)
def test_where_nobody_speaks_there_is_no_text_and_the_note_says_what_there_is(
    engine: FasterSpeech, sound: Sound, says: str
) -> None:
    transcript = transcribe_recording(recording(sound), engine)
    assert (transcript.text, transcript.segments) == ("", ())
    assert transcript.note == f"{NO_SPEECH} {says}"


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
    assert transcript.text.endswith("[voice without words we can make out at 0:23]")


def test_each_word_has_its_time_in_the_original_and_its_confidence(engine: FasterSpeech) -> None:
    sound = one_after_another(sound_of(VOICEMAILS[0]), sound_of(VOICEMAILS[3]), pause=12.0)
    first, second = transcribe_recording(recording(sound), engine).segments
    begins = 24.0 + sound_of(VOICEMAILS[0]).size / 8000
    for segment, begin, voicemail in ((first, 12.0, VOICEMAILS[0]), (second, begins, VOICEMAILS[3])):
        assert [word.text for word in segment.words] == said_in(voicemail).split()
        starts = [word.start for word in segment.words]
        assert starts == sorted(starts) and starts[0] == pytest.approx(begin, abs=0.5)
        assert segment.words[-1].end <= begin + sound_of(voicemail).size / 8000 + 0.5
        assert all(0.5 < word.confidence <= 1.0 for word in segment.words)


def test_an_unclear_word_is_marked_in_the_text_and_counted_in_the_note() -> None:
    unsure = heard(" the boy has a bruise", words=[("the", 0.9), ("boy", 0.3), ("has", 0.9), ("a", 1), ("bruise", 0.9)])
    transcript = transcribe_recording(VOICEMAILS[0].read_bytes(), PretendWhisper(unsure))
    assert transcript.text == "the [unclear: boy] has a bruise"
    assert transcript.segments[0].text == "the boy has a bruise" and not transcript.segments[0].unclear
    assert transcript.note == "1 word is unclear."


def test_what_the_engine_wrote_passes_word_for_word() -> None:
    written = " It's nought double seven, 07700 900123. Siobhan, Flat 2B, NT1 1AA, 14 Nov, £5... er,  no."
    transcript = transcribe_recording(VOICEMAILS[0].read_bytes(), PretendWhisper(heard(written)))
    assert transcript.text == transcript.segments[0].text == written.strip()


def test_signs_for_music_are_no_words() -> None:
    transcript = transcribe_recording(VOICEMAILS[0].read_bytes(), PretendWhisper(heard(" ♪ ♪ ...")))
    assert transcript.text == "[voice without words we can make out at 0:00]"


def test_a_long_pause_is_named_in_the_note(engine: FasterSpeech) -> None:
    sound = one_after_another(sound_of(VOICEMAILS[0]), sound_of(VOICEMAILS[1]), pause=25.0)
    note = transcribe_recording(recording(sound), engine).note
    assert note.startswith("Nobody speaks from 0:00 to 0:24 or from 0:2")


POLISH = Language(code="pl", probability=0.93)
HELP = heard("pomocy", start=0.5)
IN_ENGLISH = heard(" help me", start=0.5)


def test_the_language_is_told_with_how_sure_the_engine_is_of_it() -> None:
    transcript = transcribe_recording(VOICEMAILS[0].read_bytes(), PretendWhisper(HELP, language=POLISH))
    assert (transcript.language, transcript.language_confidence) == ("pl", 0.93)
    assert transcript.note == ""


def test_an_uncertain_language_is_said_to_be_so() -> None:
    unsure = PretendWhisper(HELP, language=Language(code="sk", probability=0.41))
    assert transcribe_recording(VOICEMAILS[0].read_bytes(), unsure).note == "The language is not certain."


def test_a_translation_stands_beside_the_words_and_only_where_it_was_asked_for() -> None:
    polish = PretendWhisper(HELP, language=POLISH, english=[IN_ENGLISH])
    data = VOICEMAILS[0].read_bytes()
    assert transcribe_recording(data, polish).translation == ""
    both = transcribe_recording(data, polish, translates=True)
    assert (both.text, both.translation) == ("pomocy", "0:00 help me")


def test_english_is_not_translated() -> None:
    english = PretendWhisper(heard("help me"), english=[IN_ENGLISH])
    assert transcribe_recording(VOICEMAILS[0].read_bytes(), english, translates=True).translation == ""


def test_a_doubtful_translation_is_marked_as_the_original_would_be() -> None:
    polish = PretendWhisper(HELP, language=POLISH, english=[heard("thank you", silent=0.9, log=-1.2)])
    transcript = transcribe_recording(VOICEMAILS[0].read_bytes(), polish, translates=True)
    assert transcript.translation == "0:00 [unclear at 0:00: thank you]"


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

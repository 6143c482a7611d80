"""Which language is spoken, how sure that is, and what an English model says of it."""

from __future__ import annotations

import pytest

from tests.transcription.recordings import TINY_MODEL, VOICEMAILS
from transcription.faster_speech import FasterSpeech
from transcription.heard import ENGLISH, Language, likeliest
from transcription.sound import waveforms
from transcription.voices import speech_windows
from transcription.windows import Window, tellings
from transcription.wire import Setup


def test_the_language_is_the_likeliest_over_several_windows() -> None:
    told = [{"en": 0.5, "pl": 0.4}, {"pl": 0.9, "en": 0.1}, {"pl": 0.6, "sk": 0.3}]
    found = likeliest(told)
    assert found.code == "pl" and found.probability == pytest.approx(1.9 / 3)


@pytest.mark.parametrize(("probability", "is_uncertain"), [(0.69, True), (0.7, False), (1.0, False)])
def test_a_language_below_seven_in_ten_is_uncertain(probability: float, is_uncertain: bool) -> None:
    assert Language(code="pl", probability=probability).is_uncertain is is_uncertain


def test_a_language_is_told_from_the_beginning_and_from_further_on() -> None:
    windows = [Window(start=number * 30.0, end=number * 30.0 + 20) for number in range(9)]
    assert [window.start for window in tellings(windows)] == [0.0, 90.0, 180.0]
    assert tellings(windows[:1]) == windows[:1]


def test_an_english_model_says_english_and_translates_nothing() -> None:
    engine = FasterSpeech(TINY_MODEL, model="tiny", threads=1)
    [sound] = waveforms(VOICEMAILS[0].read_bytes())
    windows = speech_windows(sound)
    assert engine.language_of(sound, windows) == ENGLISH
    assert engine.translate(sound, windows, "pl") == []


def test_whether_to_translate_reaches_the_child() -> None:
    setup = Setup(
        speech_model="small", speech_engine="faster-whisper", models_dir="models", threads=2, memory_limit_mb=4096,
        translates=True,
    )  # fmt: skip
    assert Setup.from_json(setup.as_json()) == setup

"""An engine is measured on recordings whose words are known, and what cannot be measured is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.transcription.recordings import VOICEMAILS
from transcription.accuracy import WordErrors
from transcription.contract import NoEngine
from transcription.evaluating import NothingToEvaluate, cases_in, measured, peak_mb, summary
from transcription.worker import TranscriptionWorker


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Two recordings with their words, in a folder of their own."""
    folder = tmp_path / "speech"
    folder.mkdir()
    for voicemail in VOICEMAILS[:2]:
        shutil.copy(voicemail, folder)
        shutil.copy(voicemail.with_suffix(".txt"), folder)
    return folder


async def test_errors_speed_and_memory_are_told_for_each_recording_and_over_all(
    speech: Path, worker: TranscriptionWorker
) -> None:
    (speech / "vm01.txt").write_text("the boy has two bruises on his back 2", encoding="utf-8")
    found = [one async for one in measured(worker, cases_in(speech))]
    over_all = summary(found, peak_mb(worker.child_pid))
    assert [one.name for one in found] == ["vm00.wav", "vm01.wav"]
    assert [one.errors for one in found] == [
        WordErrors(said=8, substituted=0, inserted=0, deleted=0),
        WordErrors(said=9, substituted=2, inserted=0, deleted=1),
    ]
    assert over_all.errors.rate == pytest.approx(3 / 17)
    assert [one.numbers_differ for one in found] == [False, True] and over_all.numbers_differ == 1
    assert over_all.plays == pytest.approx(sum(one.plays for one in found)) and over_all.plays > 4
    assert over_all.real_time_factor > 0 and over_all.memory_mb > 20


async def test_a_recording_that_cannot_be_heard_is_named_and_spoils_no_figure(
    speech: Path, worker: TranscriptionWorker
) -> None:
    (speech / "aa.mp3").write_bytes(b"no sound at all")
    (speech / "aa.txt").write_text("help me", encoding="utf-8")
    found = [one async for one in measured(worker, cases_in(speech))]
    over_all = summary(found, 0.0)
    assert found[0].fault.startswith("broken") and over_all.faults == 1
    assert over_all.errors.said == 16 and over_all.errors.rate == 0.0


async def test_without_a_model_it_says_so(speech: Path, tmp_path: Path) -> None:
    worker = TranscriptionWorker(speech_model="nowhere.en", models_dir=tmp_path)
    with pytest.raises(NoEngine, match=r"nowhere\.en"):
        [one async for one in measured(worker, cases_in(speech))]
    await worker.close()


def test_recordings_without_their_words_are_named(speech: Path) -> None:
    (speech / "vm00.txt").unlink()
    with pytest.raises(NothingToEvaluate, match=r"vm00\.wav"):
        cases_in(speech)


def test_an_empty_folder_and_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(NothingToEvaluate, match="no recordings in it"):
        cases_in(tmp_path)
    with pytest.raises(NothingToEvaluate, match="there is no such folder"):
        cases_in(tmp_path / "nowhere")

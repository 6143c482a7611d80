"""Where a model is looked for, what is said when there is none, and that the look costs nothing."""

import sys
from pathlib import Path

import pytest

from tests.transcription.recordings import TINY_CHECKPOINT, TINY_MODEL
from transcription.contract import NoEngine
from transcription.models import ModelPresence, fetch_model, model_state


def a_model_at(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    return folder


def test_a_folder_on_disk_is_ready(tmp_path: Path) -> None:
    state = model_state(str(TINY_MODEL), tmp_path)
    assert state.state is ModelPresence.READY
    assert state.path == TINY_MODEL


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("small.en", "small.en"),
        ("small.en", "models--Systran--faster-whisper-small.en/snapshots/abc"),
        ("distil-small.en", "models--Systran--faster-distil-whisper-small.en/snapshots/abc"),
        ("large", "models--Systran--faster-whisper-large-v3/snapshots/abc"),
        ("turbo", "models--mobiuslabsgmbh--faster-whisper-large-v3-turbo/snapshots/abc"),
        ("someone/whisper-uk", "models--someone--whisper-uk/snapshots/abc"),
    ],
)
def test_a_name_is_found_in_the_models_folder(tmp_path: Path, name: str, folder: str) -> None:
    placed = a_model_at(tmp_path / folder)
    assert model_state(name, tmp_path).path == placed


def test_another_model_is_not_taken_for_the_one_wanted(tmp_path: Path) -> None:
    a_model_at(tmp_path / "models--Systran--faster-distil-whisper-nowhere.en" / "snapshots" / "abc")
    assert not model_state("nowhere.en", tmp_path).is_ready


def test_a_missing_model_says_where_it_was_looked_for_and_how_to_get_it(tmp_path: Path) -> None:
    state = model_state("nowhere.en", tmp_path)
    assert state.state is ModelPresence.MISSING
    assert tmp_path / "nowhere.en" in state.looked_in
    assert "frontdoor models fetch nowhere.en" in state.why


def test_nobody_is_told_to_fetch_what_is_a_place_on_their_own_disk(tmp_path: Path) -> None:
    assert model_state(str(tmp_path), tmp_path).why == f"there is no faster-whisper model at {tmp_path}"


def test_a_half_fetched_model_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "models--Systran--faster-whisper-nowhere.en" / "snapshots" / "abc").mkdir(parents=True)
    assert not model_state("nowhere.en", tmp_path).is_ready


def test_the_second_engine_takes_a_checkpoint_file(tmp_path: Path) -> None:
    pytest.importorskip("whisper", reason="the optional speech engine openai-whisper is not installed")
    assert model_state(str(TINY_CHECKPOINT), tmp_path, "openai-whisper").is_ready
    assert not model_state(str(TINY_MODEL), tmp_path, "openai-whisper").is_ready


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pocketsphinx"):
        model_state("small.en", tmp_path, "pocketsphinx")


def test_fetching_an_unknown_name_says_so_and_still_reports_progress(tmp_path: Path) -> None:
    told: list[int] = []
    with pytest.raises(NoEngine, match="nonsense is not the name"):
        fetch_model("nonsense", tmp_path / "models", told.append)
    assert told == [0]


def test_a_hub_that_cannot_be_reached_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(NoEngine, match=r"hub could not be reached .* small\.en was not fetched"):
        fetch_model("small.en", tmp_path, lambda _: None)
    assert "faster_whisper" in sys.modules

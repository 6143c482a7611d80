"""Models, words read again, and figures on a council's own recordings, as an operator types them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gateway.core import open_core
from gateway.settings import Settings
from storage import message, transcript
from storage.attachment import Attachment
from tests.at_the_prompt import Ended, typed
from tests.builders import a_referral
from tests.transcription.recordings import TINY_MODEL, VOICEMAILS, said_in


class Operator:
    """Types commands over a data folder with one recording in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {"FRONTDOOR_DATA_DIR": str(folder / "data")}
        self.core_settings = Settings(data_dir=folder / "data", http="", smtp="127.0.0.1:0")

    def types(self, *words: str) -> Ended:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("FRONTDOOR_")}
        return typed(words, folder=self.folder, environment=clean | self.settings)

    async def receives(self, content: bytes, name: str) -> tuple[str, str]:
        """The reference of a referral with one recording, and the part's id."""
        core = open_core(self.core_settings)
        try:
            row = await a_referral(core)
            with core.database.transaction() as session:
                [about] = message.of_referrals(session, [row.id or 0])
                part = Attachment(
                    message_id=about.id, referral_id=row.id or 0, position=1000, channel="voicemail", name=name,
                    media_type="audio/wav", size=len(content), sha256=core.blobs.put(content),
                )  # fmt: skip
                session.add(part)
                return row.reference, part.id
        finally:
            core.close()

    def versions(self, part: str) -> list[tuple[int, str, str]]:
        core = open_core(self.core_settings)
        try:
            with core.database.reading() as session:
                return [(one.version, one.model, one.text) for one in transcript.of_parts(session, [part])]
        finally:
            core.close()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def test_a_referral_is_read_again_as_a_new_version(operator: Operator) -> None:
    reference, part = await operator.receives(VOICEMAILS[0].read_bytes(), "voicemail.wav")
    for number in (1, 2):
        done = operator.types("transcribe", reference.lower(), "--model", str(TINY_MODEL))
        assert (done.returncode, done.stdout) == (0, f"{reference}  version {number}\n"), done.stderr
    said = said_in(VOICEMAILS[0])
    assert operator.versions(part) == [(1, "ct2", said), (2, "ct2", said)]


async def test_all_that_a_model_has_not_heard_is_read_once(operator: Operator) -> None:
    _, part = await operator.receives(VOICEMAILS[0].read_bytes(), "voicemail.wav")
    _, broken = await operator.receives(b"no sound at all", "broken.wav")
    everything = ("transcribe", "--all-older-than-model", "--model", str(TINY_MODEL))
    first = operator.types(*everything)
    assert first.returncode == 1 and "1 of 2 read again." in first.stderr and "broken" in first.stdout
    assert "0 of 1 read again." in operator.types(*everything).stderr
    assert len(operator.versions(part)) == 1 and operator.versions(broken) == []


async def test_reading_again_what_is_not_there_or_without_a_model_is_refused_by_name(operator: Operator) -> None:
    missing = operator.types("transcribe", "ABC-1234-XX")
    assert (missing.returncode, missing.stderr) == (2, "frontdoor: ABC-1234-XX: there is no such referral\n")
    reference, _ = await operator.receives(VOICEMAILS[0].read_bytes(), "voicemail.wav")
    without = operator.types("transcribe", reference, "--model", "nowhere.en")
    assert without.returncode == 1 and "frontdoor models fetch nowhere.en" in without.stderr
    assert operator.types("transcribe").returncode == 2


def test_a_folder_of_recordings_is_evaluated(operator: Operator) -> None:
    done = operator.types("evaluate", str(VOICEMAILS[0].parent), "--model", str(TINY_MODEL), "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["words"], figures["word_error_rate"], len(figures["recordings"])) == (73, 0.0, len(VOICEMAILS))
    assert figures["real_time_factor"] > 0 and figures["memory_mb"] > 20
    assert set(figures["recordings"][0]) >= {"name", "substitutions", "insertions", "deletions", "took_seconds"}


def test_the_table_says_all_of_it_in_words(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "one.wav").write_bytes(VOICEMAILS[3].read_bytes())
    (tmp_path / "one.txt").write_text("my number is 07429", encoding="utf-8")
    done = operator.types("evaluate", str(tmp_path), "--model", str(TINY_MODEL))
    assert "Word error rate 125.0%, real-time factor" in done.stdout
    assert "In 1 recordings one text has digits and the other words. Nothing is rewritten" in done.stdout


def test_an_evaluation_without_recordings_or_words_is_refused_by_name(operator: Operator, tmp_path: Path) -> None:
    assert "no recordings in it" in operator.types("evaluate", str(tmp_path)).stderr
    (tmp_path / "one.wav").write_bytes(b"RIFF")
    answer = operator.types("evaluate", str(tmp_path))
    assert answer.returncode == 2 and "no .txt with the words said beside one.wav" in answer.stderr


def test_the_models_to_choose_from_are_listed_with_the_one_in_use(operator: Operator) -> None:
    listed = operator.types("models", "list").stdout.splitlines()
    [chosen] = [line for line in listed if line.endswith("FRONTDOOR_SPEECH_MODEL")]
    assert chosen.startswith("small.en ")
    assert any(line.startswith("large-v3 ") for line in listed)

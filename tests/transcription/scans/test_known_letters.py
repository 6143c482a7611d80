"""Reads a few of the larger set of letters with known words, where that set lies beside the sources."""

import json
from pathlib import Path

import pytest

from transcription.accuracy import character_error_rate
from transcription.reading import Reader
from transcription.wire import Setup

CASES = Path(__file__).parents[4] / "shared" / "cases" / "letters"
LETTERS = (
    "sk8_03.jpg",
    "r90_03.tif",
    "col_03.jpg",
    "noi_03.jpg",
    "pho_05.jpg",
    "frm_01.pdf",
    "han_05.pdf",
    "dig_05.pdf",
)
LIMITS = {"fax": 0.04, "colour": 0.02, "form": 0.01, "handfont": 0.02}
PRINTED = 0.003


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    models = str(tmp_path_factory.mktemp("models"))
    return Reader(
        Setup(speech_model="none", speech_engine="faster-whisper", models_dir=models, threads=1, memory_limit_mb=4096)
    )


@pytest.mark.skipif(not CASES.is_dir(), reason="the larger set of letters with known words is not beside the sources")
@pytest.mark.parametrize("file", LETTERS)
def test_a_known_letter_is_read_within_its_familys_limit(reader: Reader, file: str) -> None:
    (entry,) = [each for each in json.loads((CASES / "manifest.json").read_text("utf-8")) if each["file"] == file]
    text = reader.read((CASES / file).read_bytes(), "application/octet-stream", file).text
    assert character_error_rate(text, (CASES / entry["gt"]).read_text("utf-8")) <= LIMITS.get(entry["family"], PRINTED)
    if entry["family"] not in LIMITS:
        assert [field for field in entry["fields"] if field not in " ".join(text.split())] == []

"""The languages the phone line offers: each whole, each with a key of its own, and a broken one offered to nobody."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from gateway.languages import FOLDER, language_faults, languages, name_of

POLISH = (FOLDER / "polish.txt").read_text(encoding="utf-8")


def a_folder(tmp_path: Path, **files: str) -> Path:
    for name, words in files.items():
        (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
    return tmp_path


def test_the_languages_offered_are_whole_and_each_has_a_key() -> None:
    assert language_faults() == []
    assert len(languages()) >= 6
    assert {"pl", "ro", "ur", "pa", "bn", "ar"} <= {each.code for each in languages()}


@pytest.mark.parametrize("language", languages(), ids=lambda each: each.code)
def test_each_says_999_and_its_key_and_has_a_voice(language: object) -> None:
    said = vars(language) if hasattr(language, "__dict__") else {}
    assert all("9 9 9" in said[name] for name in ("prompt", "put_through"))
    assert said["choose"].format(key=4).count("4") == 1
    assert not said["voice"].startswith("en")


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("Code: pl", "Code: POL", "has a Code: that is not ISO 639, such as pl"),
        ("Voice: pl-PL", "Voice: Polish", "has a Voice: that is not BCP 47, such as pl-PL"),
        ("{key}", "{keys}", "does not say {key}, and nothing else in braces, in choose:"),
        ("naciśnij 9.", "naciśnij.", "does not say 9 in offer:"),
        ("receipt:", "later:", "does not say receipt:"),
        ("9 9 9. Na końcu", "112. Na końcu", "does not say 9 9 9 in prompt:"),
    ],
)
def test_a_file_that_breaks_a_rule_is_named_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, was: str, becomes: str, fault: str
) -> None:
    folder = a_folder(tmp_path, polish=POLISH.replace(was, becomes))
    assert fault in [each.what for each in language_faults(folder)]
    with caplog.at_level(logging.ERROR):
        assert languages(folder) == ()
    assert "languages/polish.txt" in caplog.text


def test_one_code_stands_for_one_language(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, polish=POLISH, polish_too=POLISH)
    assert [(each.file, each.what) for each in language_faults(folder)] == [
        ("languages/polish_too.txt", "has the Code: of another file")
    ]


def test_no_more_are_offered_than_there_are_keys(tmp_path: Path) -> None:
    for number in range(10):
        shutil.copy(FOLDER / "polish.txt", tmp_path / f"l{number}.txt")
        words = POLISH.replace("Code: pl", f"Code: p{'abcdefghij'[number]}")
        (tmp_path / f"l{number}.txt").write_text(words, encoding="utf-8")
    assert len(languages(tmp_path)) == 9


def test_a_language_we_do_not_ask_in_is_called_by_its_code() -> None:
    assert (name_of("pl"), name_of("xx")) == ("Polish", "xx")

"""Proves that a missing part is skipped by name, and is a failure with CI=true."""

import pytest

from tests import missing_parts


def _never() -> bool:
    return False


@pytest.fixture
def a_machine_without_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(missing_parts.PARTS, "chromium", _never)


@pytest.mark.usefixtures("a_machine_without_chromium")
def test_a_missing_part_is_skipped_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="chromium is not on this machine"):
        missing_parts.require("chromium")


@pytest.mark.usefixtures("a_machine_without_chromium")
def test_a_missing_part_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="chromium is not on this machine"):
        missing_parts.require("chromium")


def test_an_optional_part_is_skipped_even_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setitem(missing_parts.PARTS, "openai-whisper", _never)
    with pytest.raises(pytest.skip.Exception, match="openai-whisper"):
        missing_parts.require("openai-whisper")


def test_an_unknown_part_is_a_mistake_in_the_test() -> None:
    with pytest.raises(KeyError):
        missing_parts.needs("a-part-nobody-knows")

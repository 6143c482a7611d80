"""The command as an operator types it: exit codes, evidence, copies, and settings that make no sense."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.at_the_prompt import Ended, typed

LETTERS = Path(__file__).parent.parent / "samples" / "letters"


class Operator:
    """Types commands in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings = folder, {"FRONTDOOR_DATA_DIR": str(folder / "data")}

    def types(self, *words: str, stdin: str = "", **settings: str) -> Ended:
        return typed(words, folder=self.folder, environment=self._environment(settings), stdin=stdin)

    def types_anew(self, *words: str) -> subprocess.CompletedProcess[str]:
        """As from a shell: a fresh interpreter imports everything."""
        return subprocess.run(
            [sys.executable, "-m", "gateway", *words], text=True, capture_output=True, check=False, cwd=self.folder,
            env=self._environment({"PYTHONPATH": str(Path.cwd())}), timeout=120,
        )  # fmt: skip

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("FRONTDOOR_")}
        return clean | self.settings | settings


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def two_letters(folder: Path) -> list[str]:
    files = sorted(LETTERS.glob("*.*g"))[:1] + sorted(LETTERS.glob("*.pdf"))[:1]
    return [str(shutil.copy(file, folder)) for file in files]


def test_files_handed_in_are_numbered_sampled_copied_and_whole(operator: Operator) -> None:
    files = two_letters(operator.folder)
    first = operator.types("ingest", *files, "--channel", "letter")
    assert first.returncode == 0, first.stderr
    references = [line.split()[0] for line in first.stdout.splitlines()]
    again = operator.types("ingest", *files, "--channel", "letter")
    assert [line.split()[0] for line in again.stdout.splitlines()] == references
    assert again.stdout.count("had it already") == 2
    assert operator.types_anew("verify").returncode == 0
    assert operator.types("backup", "copy").returncode == 0
    shutil.copytree(operator.folder / "data", operator.folder / "before")
    shutil.rmtree(operator.folder / "data")
    (operator.folder / "data").mkdir()
    shutil.copy(operator.folder / "before" / "key", operator.folder / "data" / "key")
    assert operator.types("restore", "copy").returncode == 0
    verified = operator.types("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert operator.types("restore", "copy").returncode == 2
    sealed = next((operator.folder / "data" / "sealed").glob("??/*"))
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    broken = operator.types("verify")
    assert (broken.returncode, "changed" in broken.stdout) == (1, True)


def test_what_was_not_read_is_a_broken_promise_after_a_minute(operator: Operator) -> None:
    operator.types("ingest", two_letters(operator.folder)[0], "--channel", "letter")
    assert operator.types("check").returncode == 0
    found = operator.types("check", "--json", "--as-at", "2027-01-04T12:00:00Z")
    assert found.returncode == 1
    assert {"unread", "stuck_work"} == {broken["rule"] for broken in json.loads(found.stdout)}
    for never in ("yesterday", "0001-01-01T00:00:00Z"):
        assert operator.types("check", "--as-at", never).returncode == 2


def test_the_inspectors_pack_is_the_same_to_the_byte_each_time(operator: Operator) -> None:
    for folder in ("one", "two"):
        assert operator.types("sample", "--as-at", "2026-11-23T10:00:00Z", "--out", folder).returncode == 0
    for name in ("sample.csv", "sentence.txt"):
        assert (operator.folder / "one" / name).read_bytes() == (operator.folder / "two" / name).read_bytes()


def test_accounts_and_tokens_come_and_go(operator: Operator) -> None:
    assert operator.types("user", "add", "sam", "--role", "social_worker", stdin="a long pass phrase\n").returncode == 0
    assert operator.types("user", "add", "sam", stdin="a long pass phrase\n").returncode == 2
    assert operator.types("user", "add", "jo", stdin="short\n").returncode == 2
    assert operator.types("user", "disable", "sam").returncode == 0
    assert "disabled" in operator.types("user", "list").stdout
    token = operator.types("token", "add", "reports").stdout.strip()
    assert len(token) > 20
    assert token not in operator.types("token", "list").stdout
    assert operator.types("token", "revoke", "reports").returncode == 0
    assert operator.types("token", "revoke", "nobody").returncode == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRONTDOOR_HTTP", "nowhere"),
        ("FRONTDOOR_PUBLIC_URL", "council.example"),
        ("FRONTDOOR_DATABASE_URL", "mysql://x"),
        ("FRONTDOOR_SPEECH_ENGINE", "guess"),
        ("FRONTDOOR_BLOBS_URL", "ftp://x"),
        ("FRONTDOOR_TWILIO_NUMBER", "+441632960000"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_and_nothing_starts(operator: Operator, name: str, value: str) -> None:
    refused = operator.types("serve", **{name: value})
    assert refused.returncode == 2
    assert name.rpartition("_")[2] in refused.stderr
    assert not (operator.folder / "data").exists()


def test_a_lost_key_is_noticed_before_anything_is_sealed_with_another(operator: Operator) -> None:
    operator.types("ingest", two_letters(operator.folder)[0], "--channel", "letter")
    (operator.folder / "data" / "key").unlink()
    refused = operator.types("serve")
    assert refused.returncode == 2
    assert "key file is missing" in refused.stderr
    assert not (operator.folder / "data" / "key").exists()


def test_the_doctor_says_what_is_not_set_up(operator: Operator) -> None:
    seen = operator.types("doctor")
    assert seen.returncode == 1
    assert "FRONTDOOR_MAIL_RELAY" in seen.stdout
    assert "every notice says what it must" in seen.stdout


def test_a_misspelt_setting_is_named_rather_than_passed_over(operator: Operator) -> None:
    said = operator.types("check", FRONTDOOR_MAILBOXS="a@example.org").stderr
    assert "FRONTDOOR_MAILBOXS" in said
    assert "a@example.org" not in said


def test_a_model_nobody_made_is_wrong_usage_and_names_the_name(operator: Operator) -> None:
    answer = operator.types("models", "fetch", "nonsense")
    assert answer.returncode == 2
    assert "nonsense is not the name of a faster-whisper model" in answer.stderr

"""The fallback as it is typed for: printed, or written beside what it leads to, with the words of the wording files."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gateway.__main__ import parser
from gateway.settings import Settings, WrongSetting


def typed(*words: str) -> int:
    asked = parser().parse_args(["fallback-document", *words])
    return int(asked.run(asked, lambda: Settings(_env_file=None)))


def verbs(text: str) -> list[str]:
    return [verb.tag for verb in ET.fromstring(text)]


def test_it_is_printed_and_so_is_the_one_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed() == 0
    first = capsys.readouterr().out
    assert verbs(first) == ["Say", "Record", "Say", "Hangup"]
    assert "9 9 9" in first.partition("<Record")[0]
    assert typed("--after") == 0
    assert verbs(capsys.readouterr().out) == ["Say", "Hangup"]


def test_its_recorder_is_as_patient_as_ours_and_goes_on_at_the_other_file(capsys: pytest.CaptureFixture[str]) -> None:
    typed("--method", "POST", "--after-url", "https://static.example.org/2")
    (record,) = ET.fromstring(capsys.readouterr().out).iter("Record")
    assert record.attrib == {
        "action": "https://static.example.org/2", "method": "POST", "finishOnKey": "#", "maxLength": "600",
        "playBeep": "true", "timeout": "10", "trim": "do-not-trim",
    }  # fmt: skip


def test_it_is_written_beside_those_it_leads_to_by_names_it_gives_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("--dial", "--out", str(tmp_path / "calls.xml")) == 0
    names = ["calls.xml", "calls-after.xml", "calls-whisper.xml", "calls-join.xml"]
    assert [Path(line).name for line in capsys.readouterr().out.splitlines()] == names
    first, whisper = (ET.parse(tmp_path / name).getroot() for name in ("calls.xml", "calls-whisper.xml"))
    assert [node.get("url") for node in first.iter("Number")] == ["calls-whisper.xml"]
    assert [node.get("action") for node in first.iter("Record")] == ["calls-after.xml"]
    assert [node.get("action") for node in whisper.iter("Gather")] == ["calls-join.xml"]
    assert verbs((tmp_path / "calls-join.xml").read_text("utf-8")) == []


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="--out"):
        typed("--out", str(tmp_path / "nowhere" / "fallback.xml"))

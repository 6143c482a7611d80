"""The wordings keep their rules, and a broken one is named with its file and what is wrong."""

import re
import shutil
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.notice_fields import SUFFIXES, NoticeFields, values_of
from gateway.wording_required import REQUIRED
from gateway.wording_rules import EVERYTHING_KNOWN, faults, faults_of
from gateway.words import WORDING, Words


def words_in(folder: Path) -> Words:
    return Words(
        organisation="Northshire Council",
        phone="01632 960001",
        address="1 County Square, Northtown, NT1 1AA",
        complaint_url="northshire.example/complain",
        folder=folder,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORDING, tmp_path / "wording"))


def found(folder: Path, file: str, old: str, new: str) -> list[str]:
    wording = (folder / file).read_text(encoding="utf-8")
    assert old in wording
    (folder / file).write_text(wording.replace(old, new), encoding="utf-8")
    return [str(fault) for fault in faults(words_in(folder))]


def test_our_wordings_break_no_rule() -> None:
    assert faults(words_in(WORDING)) == []


@pytest.mark.parametrize(
    ("name", "token"), [(name, token) for name, tokens in REQUIRED.items() for token in tokens.split()]
)
def test_a_token_taken_out_is_named_with_its_file(tmp_path: Path, name: str, token: str) -> None:
    wording = (WORDING / f"{name}.txt").read_text(encoding="utf-8")
    without = wording.replace(f"{{{{ {token} }}}}", "this").replace(f"{{% if {token} %}}", "{% if duty %}")
    (tmp_path / f"{name}.txt").write_text(without, encoding="utf-8")

    assert f"{name}.txt: does not say {{{{ {token} }}}}" in map(str, faults_of(words_in(tmp_path), name))


def test_a_wording_that_is_not_there_is_missed(folder: Path) -> None:
    (folder / "late.sms.txt").unlink()

    assert [str(fault) for fault in faults(words_in(folder))] == ["late.sms.txt: is missing"]


def test_a_misspelled_token_is_named_even_inside_a_question(folder: Path) -> None:
    assert found(folder, "receipt.web.txt", "{% if nameless %}", "{% if namelos %}") == [
        "receipt.web.txt: uses {{ namelos }}, which nobody fills in"
    ]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("We guarantee it.", "says “guarantee”"),
        ("We will read it soon.", "says “soon”"),
        ("In due course.", "says “In due course”"),
        ("As soon as possible.", "says “soon”"),
        ("In complete confidence.", "says “complete confidence”"),
        ("You stay anonymous.", "says “anonymous”"),
    ],
)
def test_words_we_never_say_are_named(folder: Path, said: str, fault: str) -> None:
    assert found(folder, "closed.letter.txt", "because that is private.", said) == [f"closed.letter.txt: {fault}"]


@pytest.mark.parametrize("word", ["child", "social", "safeguarding", "abuse", "neglect", "council", "family"])
def test_a_discreet_text_that_gives_the_subject_away_is_named(folder: Path, word: str) -> None:
    assert found(folder, "stop.sms.txt", "We still have", f"A {word} matter. We still have") == [
        f"stop.sms.txt: says “{word}” where others may see it"
    ]


def test_a_discreet_text_or_subject_that_names_us_is_named(folder: Path) -> None:
    assert "stop.sms.txt: names the organisation where others may see it" in found(
        folder, "stop.sms.txt", "We still have your message.", "{{ organisation }}."
    )
    assert "late.email.txt: says “child” where others may see it" in found(
        folder, "late.email.txt", "Subject: We are late", "Subject: Your child report is late"
    )


def test_a_notice_without_999_or_a_subject_is_named(folder: Path) -> None:
    assert found(folder, "late.web.txt", "call 999", "call us") == ["late.web.txt: does not say 999"]
    assert "late.email.txt: has no Subject: line" in found(folder, "late.email.txt", "Subject: ", "")


def test_a_value_said_without_asking_whether_it_is_known_is_named(folder: Path) -> None:
    broken = found(
        folder, "worker_message.email.txt", "{% if worker %} for {{ worker }}{% endif %}", " for {{ worker }}"
    )

    assert len(broken) == 1
    assert "worker_message.email.txt: 'worker' is undefined" in broken[0]


def test_a_text_of_two_segments_is_named(folder: Path) -> None:
    broken = found(folder, "receipt.sms.txt", "Emergency: 999", "In an emergency, please call 999")

    assert broken == [
        "receipt.sms.txt: is longer than one text of 160 characters, or has a character texts cannot carry"
    ]


def test_hard_and_long_sentences_are_named(folder: Path) -> None:
    long = "and we look at it " * 7
    official = "Notwithstanding statutory safeguarding responsibilities, multi-agency documentation is deprecated. " * 6

    assert found(folder, "late.web.txt", "We are sorry.", f"We are sorry {long}.") == [
        "late.web.txt: has a sentence of 38 words: at most 24"
    ]
    assert "late.letter.txt: is for readers of" in " ".join(found(folder, "late.letter.txt", "We are sorry.", official))


def test_the_readme_beside_the_wordings_lists_everything_that_can_be_filled_in() -> None:
    listed = set(re.findall(r"`(?:\{\{ )?([a-z_]+)(?: \}\})?`", (WORDING / "README.md").read_text(encoding="utf-8")))
    times = {
        field.name for field in fields(NoticeFields) if isinstance(getattr(EVERYTHING_KNOWN, field.name), datetime)
    }
    ours = words_in(WORDING).about_us.keys() | values_of(EVERYTHING_KNOWN).keys()

    assert {token for token in ours if not any(token.startswith(f"{time}_") for time in times)} <= listed
    assert {f"read_by{suffix}" for suffix in SUFFIXES} <= listed


def test_the_readme_shows_each_way_of_saying_a_time_as_it_is_said() -> None:
    readme = (WORDING / "README.md").read_text(encoding="utf-8")
    at = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)

    assert all(f"| `{{{{ read_by{suffix} }}}}` | {say(at)} |" in readme for suffix, say in SUFFIXES.items())

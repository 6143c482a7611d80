"""The wordings keep their rules, and a broken one is named with its file and what is wrong."""

import re
import shutil
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.decisions import DECISIONS
from gateway.notice_fields import SUFFIXES, NoticeFields, values_of
from gateway.reading_age import readability
from gateway.wording_required import ABOUT_A_REFERENCE, REQUIRED
from gateway.wording_rules import EVERYTHING_KNOWN, LONGEST_TIME, NEVER_SAID, faults, faults_of
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


FILES = sorted(path.name for path in WORDING.glob("*.txt"))
NEVER = (
    "guarantee", "guaranteed", "in confidence", "in complete confidence", "in strict confidence", "confidentially",
    "anonymously", "no one will know", "nobody will ever know", "soon", "shortly", "in due course", "ASAP",
)  # fmt: skip
GIVES_AWAY = (
    "child", "children", "kids", "baby", "pupil", "parents", "mum", "father", "family", "school", "nursery", "social",
    "safeguarding", "protection", "welfare", "abuse", "neglected", "harm", "violence", "hurt", "police", "council",
    "referral", "report", "allegation", "concern", "case",
)  # fmt: skip


def test_every_wording_has_its_rules() -> None:
    assert {name.removesuffix(".txt") for name in FILES} == REQUIRED.keys()


@pytest.mark.parametrize("file", FILES)
def test_each_word_we_never_say_is_named_in_every_wording(tmp_path: Path, file: str) -> None:
    wording = (WORDING / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(f"{wording}\n\nSo {', '.join(NEVER)}.\n", encoding="utf-8")
    named = {str(fault) for fault in faults_of(words_in(tmp_path), file.removesuffix(".txt"))}
    assert {f"{file}: says “{word}”" for word in NEVER} <= named


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".sms.txt")])
def test_each_word_that_gives_the_subject_away_is_named_in_every_discreet_text(tmp_path: Path, file: str) -> None:
    for some in (GIVES_AWAY[n::3] for n in range(3)):
        (tmp_path / file).write_text(f"Ref {{{{ reference }}}} {' '.join(some)} 999", encoding="utf-8")
        named = {str(fault) for fault in faults_of(words_in(tmp_path), file.removesuffix(".txt"))}
        assert {f"{file}: says “{word}” where others may see it" for word in some} <= named


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".email.txt")])
def test_each_word_that_gives_the_subject_away_is_named_in_every_subject(tmp_path: Path, file: str) -> None:
    _, _, body = (WORDING / file).read_text(encoding="utf-8").partition("\n")
    subject = f"Subject: {' '.join(GIVES_AWAY)} Northshire Council - {{{{ reference }}}}"
    (tmp_path / file).write_text(f"{subject}\n{body}", encoding="utf-8")
    named = {str(fault) for fault in faults_of(words_in(tmp_path), file.removesuffix(".txt"))}
    assert {f"{file}: says “{word}” where others may see it" for word in GIVES_AWAY} <= named
    assert f"{file}: names the organisation where others may see it" in named


@pytest.mark.parametrize("name", sorted(ABOUT_A_REFERENCE))
def test_who_keys_in_a_reference_hears_nothing_of_the_concern_nor_who_acts(tmp_path: Path, name: str) -> None:
    file = f"{name}.txt"
    said = "Northshire Council has the child. A social worker wrote {{ reasons }}\n"
    (tmp_path / file).write_text(said, encoding="utf-8")
    named = {str(fault) for fault in faults_of(words_in(tmp_path), name)}
    assert {f"{file}: says “{word}” where others may see it" for word in ("child", "Council", "social")} <= named
    assert f"{file}: says {{{{ reasons }}}} where others may see it" in named
    assert f"{file}: names the organisation where others may see it" in named


@pytest.mark.parametrize("token", ["question", "worker", "reasons", "organisation", "other_council", "decision"])
def test_a_value_somebody_typed_is_named_in_a_discreet_text_and_in_a_subject(folder: Path, token: str) -> None:
    said = f"says {{{{ {token} }}}} where others may see it"
    assert f"stop.sms.txt: {said}" in found(folder, "stop.sms.txt", "You can call", f"{{{{ {token} }}}} You can call")
    subject = "Subject: We are late, and we are sorry"
    assert f"late.email.txt: {said}" in found(folder, "late.email.txt", subject, f"{subject} {{{{ {token} }}}}")


def test_no_time_is_longer_than_the_one_the_texts_are_measured_with() -> None:
    moments = (datetime(2026, 1, 1, 10, 45, tzinfo=UTC) + n * timedelta(hours=23) for n in range(400))
    for suffix, say in SUFFIXES.items():
        if suffix == "_short":
            assert max(len(say(at)) for at in moments) <= len(say(LONGEST_TIME))


def test_what_is_said_of_each_decision_keeps_the_rules_too() -> None:
    for code, decision in DECISIONS.items():
        said = f"{decision.told} {decision.next_steps}"
        assert not NEVER_SAID.search(said), code
        assert bool(decision.told) == bool(decision.next_steps) == (decision.acts is not None), code
        assert not decision.told or readability(said).age <= 12, (code, readability(said))


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
        ("In complete confidence.", "says “In complete confidence”"),
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

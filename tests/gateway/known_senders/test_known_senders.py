"""Professionals are known by their domain, and the council adds its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.email.proof.domains import owner_of
from gateway.known_senders import Kind, known_senders, meaning_of
from gateway.known_senders.kinds import MEANING


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("northshire.police.uk", "police"),
        ("PNN.Northshire.Police.UK.", "police"),
        ("nhs.net", "health"),
        ("trust.nhs.uk", "health"),
        ("northfield.northshire.sch.uk", "school"),
        ("northshire.ac.uk", "education"),
        ("northshire.gov.uk", "council"),
        ("cafcass.gov.uk", "justice"),
        ("mail.justice.gov.uk", "justice"),
        ("solicitor.cjsm.net", "justice"),
        ("parliament.uk", "parliament"),
        ("school.example", "school"),
        ("example.org", ""),
        ("police.uk.example.org", ""),
        ("notpolice.uk", ""),
        ("uk", ""),
        ("", ""),
    ],
)
def test_a_domain_and_all_below_it_are_of_one_kind(domain: str, kind: str) -> None:
    assert known_senders().kind_of(domain) == kind


def test_the_councils_own_come_before_ours() -> None:
    known = known_senders("academy.example.org=school, @Homes.example.org = housing , northshire.gov.uk=government")
    domains = ("mail.academy.example.org", "homes.example.org", "northshire.gov.uk", "other.gov.uk")
    assert [known.kind_of(each) for each in domains] == ["school", "housing", "government", "council"]


def test_they_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "senders.txt"
    file.write_text("# ours\nacademy.example.org  school # since 2020\n\nhomes.example.org housing\n")
    assert known_senders(str(file)).kind_of("academy.example.org") == "school"


@pytest.mark.parametrize("setting", ["academy.example.org=scool", "academy.example.org", "a b c=school", "=school"])
def test_what_names_no_domain_or_no_kind_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="must"):
        known_senders(setting)


def test_every_kind_says_what_it_suggests_with_a_code_of_the_census() -> None:
    codes = {
        "1A",
        "1B",
        "1C",
        "1D",
        "2A",
        "2B",
        "3A",
        "3B",
        "3C",
        "3D",
        "3E",
        "3F",
        "4",
        "5A",
        "5B",
        "5C",
        "5D",
        "6",
        "7",
        "8",
    }
    assert MEANING.keys() == set(Kind) and {each.source for each in MEANING.values()} <= codes
    assert meaning_of("") is None and meaning_of("stranger") is None


def test_no_entry_covers_a_whole_public_suffix_that_anybody_can_register_below() -> None:
    anybody = {"uk", "co.uk", "org.uk", "com", "net", "example"}
    known = known_senders()
    assert [each for each in anybody if known.kind_of(each)] == [] and owner_of("a.co.uk") == "a.co.uk"

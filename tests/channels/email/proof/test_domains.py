"""Which names belong to one owner."""

from __future__ import annotations

import pytest

from channels.email.proof.domains import domain_of, is_aligned, owner_of, written


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("mail.school.example", "school.example"),
        ("school.example", "school.example"),
        ("mail.north-field.northshire.sch.uk", "north-field.northshire.sch.uk"),
        ("a.b.northshire.gov.uk", "northshire.gov.uk"),
        ("mail.northshire.police.uk", "northshire.police.uk"),
        ("x.trust.nhs.uk", "trust.nhs.uk"),
        ("a.example.co.uk", "example.co.uk"),
        ("gov.uk", "gov.uk"),
        ("a.www.ck", "www.ck"),
        ("a.b.anything.ck", "b.anything.ck"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_owner_is_the_name_below_a_public_suffix(domain: str, owner: str) -> None:
    assert owner_of(domain) == owner


def test_relatives_speak_for_each_other_unless_that_is_not_wanted() -> None:
    assert is_aligned("school.example", "mail.school.example")
    assert not is_aligned("school.example", "mail.school.example", strictly=True)
    assert is_aligned("school.example", "school.example", strictly=True)
    assert not is_aligned("north.northshire.sch.uk", "south.northshire.sch.uk")
    assert not is_aligned("my-school.example", "my-other.example")
    assert not is_aligned("", "") and not is_aligned("school.example", "")


def test_domains_are_compared_as_machines_write_them() -> None:
    assert written(" Schüle.Example. ") == "xn--schle-mva.example"
    assert domain_of("<Jo@School.EXAMPLE>") == "school.example"
    assert domain_of("jo") == "" and written("a" * 70 + "ü.example") == "a" * 70 + "ü.example"

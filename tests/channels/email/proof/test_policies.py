"""What a domain, or its organisation, asks others to do with mail in its name that nothing vouches for."""

from __future__ import annotations

import pytest

from channels.email.proof.names import NotAnswered
from channels.email.proof.policies import Policy, Unusable, policy_of
from tests.channels.email.proof.zone import Zone

FIRST = ("_dmarc.school.example", "TXT")


def policy(domain: str, *records: str, below: str = "") -> Policy | None:
    zone = Zone({FIRST: records} | ({("_dmarc.office.school.example", "TXT"): [below]} if below else {}))
    return policy_of(domain, zone.questions())


@pytest.mark.parametrize("asks", ["none", "quarantine", "reject"])
def test_its_own_policy(asks: str) -> None:
    assert policy("school.example", f"v=DMARC1; p={asks}; sp=reject") == Policy(asks=asks)


@pytest.mark.parametrize(
    ("record", "asks"),
    [
        ("v=DMARC1; p=none; sp=reject", "reject"),
        ("v=DMARC1; p=reject; sp=quarantine", "quarantine"),
        ("v=DMARC1; p=quarantine", "quarantine"),
    ],
)
def test_a_name_below_takes_what_its_organisation_says_of_those(record: str, asks: str) -> None:
    assert policy("mail.office.school.example", record) == Policy(asks=asks)


def test_a_name_below_with_a_policy_of_its_own_takes_that() -> None:
    found = policy("office.school.example", "v=DMARC1; p=reject", below="v=DMARC1; p=none; adkim=s; aspf=s")
    assert found == Policy(asks="none", strict_signature=True, strict_server=True)


@pytest.mark.parametrize("records", [(), ("v=spf1 -all",), ("v=DMARC1; p=none", "v=DMARC1; p=reject"), ("p=none",)])
def test_no_record_a_foreign_one_and_two_count_as_none(records: tuple[str, ...]) -> None:
    assert policy("school.example", *records) is None


def test_a_record_without_a_policy_counts_as_none_only_where_it_asks_for_reports() -> None:
    assert policy("school.example", "v=DMARC1; rua=mailto:d@school.example") == Policy(asks="none")
    with pytest.raises(Unusable):
        policy("school.example", "v=DMARC1; p=perhaps")


def test_a_name_service_that_is_away_is_not_a_domain_without_policy() -> None:
    zone = Zone({})
    zone.is_away = True
    with pytest.raises(NotAnswered):
        policy_of("school.example", zone.questions())

"""Names at a place of a text: titles, initials, double names, capitals, and what is no name at all."""

from __future__ import annotations

import pytest

from gateway.proposing.rules.person_names import name_at, name_before


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Siân Prosser-Lloyd was", "Siân Prosser-Lloyd"),
        ("Mr Declan O'Rourke.", "Declan O'Rourke"),
        ("Miss Bevan said", "Miss Bevan"),
        ("PC 2093 Wetherall", "PC 2093 Wetherall"),
        ("Mr and Mrs Inchbald at", "Mr and Mrs Inchbald"),
        ("Dr N. Achterberg, who", "N. Achterberg"),
        ("Col. (Retd) Jocelyn Marchbanks", "Jocelyn Marchbanks"),
        ("Dr Imran Talwar MRCGP", "Imran Talwar"),
        ("Maria van der Berg and", "Maria van der Berg"),
        ("Ada's mother", "Ada"),
    ],
)
def test_a_name_is_read_as_far_as_it_goes(text: str, value: str) -> None:
    name = name_at(text, 0)
    assert name is not None and name.value == value


@pytest.mark.parametrize("text", ["The house", "she said", "I think", "Oakwood School", "Monday", "A.", "12 Elm", ""])
def test_what_is_no_name_is_none(text: str) -> None:
    assert name_at(text, 0) is None


def test_where_only_a_name_can_follow_it_may_be_in_small_letters() -> None:
    assert name_at("sarah jones and im", 0) is None
    name = name_at("sarah jones and im", 0, anyhow=True)
    assert name is not None and (name.value, name.norm) == ("sarah jones", "Sarah Jones")


@pytest.mark.parametrize(
    ("text", "value"),
    [("we saw Tobias Corrigan-Shaw", "Tobias Corrigan-Shaw"), ("with Mrs A. Lunt", "A. Lunt"), ("He told", None)],
)
def test_a_name_before_a_place_is_read_back_to_where_it_begins(text: str, value: str | None) -> None:
    name = name_before(text, len(text))
    assert (name.value if name else None) == value

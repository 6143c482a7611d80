"""Only what is certainly a mobile may be texted, and no placeholder is taken for a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Address, AddressClass
from channels.numbers import WITHHELD_NUMBERS, address_of, as_printed


@pytest.mark.parametrize("number", [*sorted(WITHHELD_NUMBERS), "anonymous", "Restricted", "unavailable", "", "  "])
def test_a_withheld_number_is_nobodys(number: str) -> None:
    assert address_of(number) == Address(kind=AddressClass.WITHHELD)


def test_a_field_that_was_not_sent_says_nothing_of_the_sender() -> None:
    assert address_of(None) == Address(kind=AddressClass.NONE)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("+447700900123", "+447700900123"),
        ("07700 900123", "+447700900123"),
        ("+447911123456", "+447911123456"),
        ("+353851234567", "+353851234567"),
    ],
)
def test_mobiles_are_known_by_their_range(number: str, value: str) -> None:
    assert address_of(number) == Address(kind=AddressClass.MOBILE, value=value)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+441632960123", "a landline"),
        ("+447012345678", "a personal number, which may lead to a landline"),
        ("+447640123456", "a pager"),
        ("+448081570000", "a freephone number"),
        ("+12025550123", "either, where mobiles have no range of their own"),
    ],
)
def test_what_may_not_be_a_mobile_is_never_texted(number: str, why: str) -> None:
    assert address_of(number) == Address(kind=AddressClass.LANDLINE, value=number), why


@pytest.mark.parametrize("sender", ["NHSclinic", "60777", "sip:duty@example.org", "+", "0800CHILDLINE"])
def test_names_short_codes_and_addresses_are_no_numbers(sender: str) -> None:
    assert address_of(sender) == Address(kind=AddressClass.NONE)


@given(st.text(max_size=40))
def test_whatever_stands_in_the_field_an_address_has_a_value_exactly_if_it_can_be_dialled(said: str) -> None:
    found = address_of(said)
    assert bool(found.value) == (found.kind in (AddressClass.MOBILE, AddressClass.LANDLINE))
    assert not found.value or address_of(found.value) == found


@pytest.mark.parametrize(
    ("number", "printed"), [("+441632960001", "01632 960001"), ("+353851234567", "+353 85 123 4567"), ("ask", "ask")]
)
def test_numbers_are_printed_as_people_write_them(number: str, printed: str) -> None:
    assert as_printed(number) == printed

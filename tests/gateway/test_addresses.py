"""What somebody typed as an address, and when two ways of writing one are the same home."""

import pytest

from channels.contract import Address, AddressClass
from gateway.addresses import as_typed, domain_of, home_key

HOME = "2 Example Lane, Northtown, NT1 1AA"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("jo@example.org", "email"), ("07700 900123", "mobile"), ("01632 960123", "landline"), (HOME, "postal"),
        ("Flat 2\nExample House", "postal"), ("call Jo", None), ("jo@example", None), ("", None), ("999", None),
        ("@@, jo", None),
    ],
)  # fmt: skip
def test_what_was_typed_is_one_kind_of_address_or_none(typed: str, kind: str | None) -> None:
    address = as_typed(typed)
    assert (address.kind if address else None) == kind


@pytest.mark.parametrize("written", ["2, example ln, nt11aa", "2 Example Lane\nNORTHTOWN\nNT1 1AA"])
def test_post_is_the_same_home_by_its_house_number_and_postcode(written: str) -> None:
    assert home_key(Address(kind=AddressClass.POSTAL, value=written)) == home_key(
        Address(kind=AddressClass.POSTAL, value=HOME)
    )


def test_the_house_next_door_and_an_address_without_a_postcode_are_other_homes() -> None:
    keys = {
        home_key(Address(kind=AddressClass.POSTAL, value=value))
        for value in (HOME, "4 Example Lane, Northtown, NT1 1AA", "2 Example Lane, Northtown", "the blue door, Mill Rd")
    }
    assert len(keys) == 4


def test_nothing_is_no_home() -> None:
    assert home_key(Address(kind=AddressClass.POSTAL, value=" ,; ")) == ""
    assert home_key(Address(kind=AddressClass.NONE)) == ""


def test_only_mail_has_a_domain() -> None:
    assert domain_of(Address(kind=AddressClass.EMAIL, value="Jo@Example.ORG")) == "example.org"
    assert domain_of(Address(kind=AddressClass.MOBILE, value="+447700900123")) == ""

"""Keys are the same for the same thing however it is written, and for nothing else."""

from __future__ import annotations

import pytest

from channels.contract import Address, AddressClass
from gateway.likeness.keys import Facts, Known, house_of, keys_in, streets_in
from storage.claim import Entity
from storage.sealing import Seal

SEAL = Seal(b"k" * 32)


def keys(*known: Known, senders: tuple[Address, ...] = ()) -> dict[str, str]:
    return {name: key.kind for name, key in keys_in(Facts(known=known, senders=senders), SEAL).items()}


def child(field: str, value: str, norm: str = "", no: int = 1) -> Known:
    return Known(entity=Entity.CHILD, entity_no=no, field=field, value=value, norm=norm)


def place(field: str, value: str) -> Known:
    return Known(entity=Entity.PLACE, field=field, value=value)


@pytest.mark.parametrize("written", ["9 Elm Row, NT1 2AB", "9, elm row nt12ab", "NINE: 9 Elm Row\nNorthtown\nNT1 2AB"])
def test_a_house_is_its_postcode_and_number(written: str) -> None:
    assert house_of(written) == "nt12ab:9"


def test_a_flat_is_not_its_neighbour_and_a_street_without_a_number_is_no_house() -> None:
    assert house_of("Flat 2, 9 Elm Row, NT1 2AB") == "nt12ab:9/2" != house_of("Flat 3, 9 Elm Row, NT1 2AB")
    assert house_of("9 Elm Row, NT1 2AB") != house_of("9a Elm Row, NT1 2AB")
    assert (house_of("Elm Row, NT1 2AB"), house_of("9 Elm Row")) == ("", "")


def test_an_address_apart_from_the_only_postcode_is_that_house_and_with_two_it_is_none() -> None:
    apart = keys(place("address", "9 Elm Row"), place("postcode", "NT1 2AB"))
    assert set(apart) & set(keys(place("address", "9 Elm Row, NT1 2AB")))
    two = keys(place("address", "9 Elm Row"), place("postcode", "NT1 2AB"), place("postcode", "NT3 3DW"))
    assert "home" not in two.values()


def test_a_number_is_one_however_it_is_written_and_whoever_has_it() -> None:
    typed = keys(Known(entity=Entity.ADULT, entity_no=1, field="phone", value="07700 900123"))
    sent = keys(senders=(Address(kind=AddressClass.MOBILE, value="+447700900123"),))
    assert typed == sent and set(typed.values()) == {"phone"}


def test_a_birth_counts_with_the_family_name_not_with_the_first() -> None:
    one = keys(child("name", "Albie Crane"), child("dob", "3/5/2020", "2020-05-03"))
    other = keys(child("given_name", "Al"), child("family_name", "CRANE"), child("dob", "3 May 2020", "2020-05-03"))
    assert one == other and set(one.values()) == {"born"}
    assert not keys(child("name", "Albie"), child("dob", "3/5/2020", "2020-05-03"))


def test_two_children_are_not_mixed_up() -> None:
    mixed = keys(child("name", "Mina Shaw"), child("dob", "1/2/2012", "2012-02-01", no=2))
    assert "born" not in mixed.values()


def test_a_street_and_a_first_name_make_a_key_and_either_alone_makes_none() -> None:
    one = keys(child("name", "Albie Crane"), place("address", "9 Elm Row"))
    other = keys(child("given_name", "albie"), place("address", "11 ELM ROW"))
    assert one == other and set(one.values()) == {"street_name"}
    assert not keys(place("address", "9 Elm Row")) and not keys(child("name", "Albie Crane"))
    assert streets_in("14 St John's Rd, Northtown") == {"st johns road"}


def test_what_only_who_told_us_is_known_by_says_so_and_what_is_said_otherwise_too_does_not() -> None:
    theirs = Address(kind=AddressClass.MOBILE, value="+447700900123")
    (alone,) = keys_in(Facts(senders=[theirs]), SEAL).values()
    said = Known(entity=Entity.ADULT, entity_no=1, field="phone", value="07700 900123", is_checked=True)
    (both,) = keys_in(Facts(senders=[theirs], known=[said]), SEAL).values()
    assert (alone.of_sender, both.of_sender) == (True, False)


def test_a_number_of_the_home_may_be_of_a_sender_who_lives_there_and_the_house_is_not() -> None:
    number = Address(kind=AddressClass.LANDLINE, value="+441632960123")
    house = Address(kind=AddressClass.POSTAL, value="9 Elm Row, NT1 2AB")
    found = keys_in(Facts(homes=[number, house]), SEAL).values()
    assert {key.kind: key.of_sender for key in found} == {"phone": True, "home": False}


def test_another_key_of_the_house_makes_other_keys() -> None:
    facts = Facts(known=[place("address", "9 Elm Row, NT1 2AB")])
    assert not set(keys_in(facts, SEAL)) & set(keys_in(facts, Seal(b"x" * 32)))

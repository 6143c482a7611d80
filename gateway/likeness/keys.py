"""Pure: the keys that what is known of a referral gives, each a keyed hash of a value in one written form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from channels.contract import Address, AddressClass
from channels.numbers import address_of as number_of
from gateway.likeness.kinds import Same
from storage.claim import Entity
from storage.likeness import Key
from storage.sealing import Seal

MOST = 80
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b", re.IGNORECASE)
_HOUSE = re.compile(r"\b(\d{1,4}[a-z]?)\b", re.IGNORECASE)
_FLAT = re.compile(r"\b(?:flat|apartment|apt|unit|room)\s+(\d{0,4}[a-z]?)\b[ ,]*", re.IGNORECASE)
_STREETS = re.compile(
    r"\b([a-z][a-z'’\-]+(?: [a-z'’\-]+){0,2}?) (road|rd|street|st|lane|ln|avenue|ave|close|cl|drive|dr|row|terrace|"
    r"court|ct|way|place|crescent|cres|gardens|gdns|grove|hill|walk|mews|rise|view|square|green|park)\b",
    re.IGNORECASE,
)
_SHORT = {
    "rd": "road", "st": "street", "ln": "lane", "ave": "avenue", "cl": "close", "dr": "drive", "ct": "court",
    "cres": "crescent", "gdns": "gardens",
}  # fmt: skip
_SCHOOL = re.compile(
    r"\b(?:the|primary|junior|infants?|secondary|high|community|academy|school|nursery|college|of|c\.?e\.?|church|"
    r"england|catholic|r\.?c\.?)\b"
)
_TITLES = frozenset(["mr", "mrs", "miss", "ms", "dr", "master", "little", "baby"])


@dataclass(frozen=True, kw_only=True)
class Known:
    """One value that is known: of whom (``entity`` and ``entity_no``), what it is, and what it says.

    ``is_checked``: it is as it came, or a person confirmed it.
    """

    entity: Entity
    entity_no: int = 0
    field: str
    value: str
    norm: str = ""
    is_checked: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known of one referral. ``senders`` are addresses of who told us, ``homes`` of the child's home.

    A number or mail address of the home may be that of a sender who lives there: it counts as who told us.
    ``files`` are sha256 of what came with it, ``words`` keyed hashes of its messages.
    """

    senders: Sequence[Address] = ()
    homes: Sequence[Address] = ()
    known: Sequence[Known] = ()
    files: Sequence[str] = ()
    words: Sequence[str] = ()


@dataclass(kw_only=True)
class _Found:
    """What was found, one of each key: known otherwise than by who told us, and checked, win."""

    seal: Seal
    keys: dict[str, Key] = field(default_factory=dict)

    def add(self, kind: Same, value: str, *, of_sender: bool = False, is_checked: bool = True) -> None:
        name = self.seal.blind(f"like:{kind}:{value}")[:40]
        before = self.keys.get(name)
        if before is not None:
            of_sender, is_checked = of_sender and before.of_sender, is_checked or before.is_checked
        elif len(self.keys) >= MOST:
            return
        self.keys[name] = Key(key=name, kind=kind, of_sender=of_sender, is_checked=is_checked)


def keys_in(facts: Facts, seal: Seal) -> Mapping[str, Key]:
    """Every key of a referral by its name, at most ``MOST``."""
    found = _Found(seal=seal)
    for each in _numbers(facts.known):
        found.add(Same.NUMBER, each.value, is_checked=each.is_checked)
    for person in _people(facts.known):
        _add_person(found, person)
    _add_places(found, facts)
    _add_street_names(found, facts)
    _add_contacts(found, facts)
    for sha256 in facts.files:
        found.add(Same.FILE, sha256)
    for said in facts.words:
        found.add(Same.WORDS, said)
    return found.keys


def _add_places(found: _Found, facts: Facts) -> None:
    for home in facts.homes:
        _add_address(found, home, of_sender=home.kind is not AddressClass.POSTAL)
    for place in _places(facts.known):
        if house := house_of(place.value):
            of_sender = place.entity is Entity.REFERRER
            found.add(Same.HOME, house, of_sender=of_sender, is_checked=place.is_checked)


def _add_contacts(found: _Found, facts: Facts) -> None:
    for each in facts.known:
        if each.field in ("phone", "email"):
            of_sender = each.entity is Entity.REFERRER
            _add_address(found, contact_of(each), of_sender=of_sender, is_checked=each.is_checked)
    for address in facts.senders:
        _add_address(found, address, of_sender=True)


def contact_of(each: Known) -> Address:
    """The number or mail address of a value, in the form in which addresses are kept."""
    if each.field == "email":
        return Address(kind=AddressClass.EMAIL, value=(each.norm or each.value).strip())
    return number_of(each.norm or each.value)


def house_of(address: str) -> str:
    """Postcode and house number, with the flat where there is one; empty unless both are there."""
    code = _POSTCODE.search(address)
    if code is None:
        return ""
    before = address[: code.start()]
    flat = _FLAT.search(before)
    house = _HOUSE.search(_FLAT.sub(" ", before))
    if house is None and flat is None:
        return ""
    parts = (house.group(1) if house else "", flat.group(1) if flat else "")
    return "".join(code.groups()).casefold() + ":" + "/".join(part.casefold() for part in parts if part)


def streets_in(address: str) -> set[str]:
    """The names of streets in it, without their numbers."""
    return {
        f"{plain(match[1])} {_SHORT.get(match[2].casefold(), match[2].casefold())}"
        for match in _STREETS.finditer(address)
    }


def plain(words: str) -> str:
    """Letters and figures alone, without case, accents and titles, single blanks between them."""
    folded = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(word for word in re.findall(r"[a-z0-9]+", kept.replace("'", "").replace("’", "")))


@dataclass(frozen=True, kw_only=True)
class _Person:
    """A child or adult, as far as they are named."""

    given: str
    family: str
    born: str
    school: str
    is_child: bool
    is_checked: bool


def _numbers(known: Iterable[Known]) -> Iterator[Known]:
    for each in known:
        if each.field in ("nhs_number", "upn", "la_child_id"):
            digits = re.sub(r"[^0-9a-z]", "", each.value.casefold())
            if len(digits) >= 6:
                yield Known(
                    entity=each.entity, field=each.field, value=f"{each.field}:{digits}", is_checked=each.is_checked
                )


def _people(known: Iterable[Known]) -> Iterator[_Person]:
    people: dict[tuple[Entity, int], dict[str, Known]] = {}
    for each in known:
        if each.entity in (Entity.CHILD, Entity.ADULT):
            people.setdefault((each.entity, each.entity_no), {}).setdefault(each.field, each)
    for (entity, _), said in people.items():
        words = [word for word in plain(_value(said, "name")).split() if word not in _TITLES]
        given = plain(_value(said, "given_name")) or (words[0] if words else "")
        family = plain(_value(said, "family_name")) or (words[-1] if len(words) > 1 else "")
        dob = said.get("dob")
        yield _Person(
            given=given.partition(" ")[0], family=family, born=dob.norm if dob else "",
            school=plain(_SCHOOL.sub(" ", _value(said, "school").casefold())), is_child=entity is Entity.CHILD,
            is_checked=all(each.is_checked for each in said.values() if each.field != "age"),
        )  # fmt: skip


def _value(said: Mapping[str, Known], name: str) -> str:
    return said[name].value if name in said else ""


def _add_person(found: _Found, person: _Person) -> None:
    if person.family and person.born:
        found.add(Same.BORN, f"{person.family}:{person.born}", is_checked=person.is_checked)
    if person.is_child and person.given and person.school:
        name = f"{person.given} {person.family}".strip()
        found.add(Same.SCHOOL_NAME, f"{name}:{person.school}", is_checked=person.is_checked)


def _places(known: Sequence[Known]) -> Iterator[Known]:
    """Each address as a whole; one that stands apart from its postcode is tried with the only one there is."""
    for entity in (Entity.PLACE, Entity.CHILD, Entity.ADULT, Entity.REFERRER):
        codes = {each.value for each in known if each.entity is entity and each.field == "postcode"}
        for each in known:
            if each.entity is entity and each.field == "address":
                yield each
                if not _POSTCODE.search(each.value) and len(codes) == 1:
                    yield Known(
                        entity=entity, field="address", value=f"{each.value} {next(iter(codes))}",
                        is_checked=each.is_checked,
                    )  # fmt: skip


def _add_street_names(found: _Found, facts: Facts) -> None:
    """Every street of a place with every first name of a child: what two neighbours say alike."""
    names = {person.given for person in _people(facts.known) if person.is_child and person.given}
    places = [each.value for each in facts.known if each.entity is Entity.PLACE and each.field == "address"]
    places += [home.value for home in facts.homes if home.kind is AddressClass.POSTAL]
    checked = all(each.is_checked for each in facts.known)
    for street in sorted({street for place in places for street in streets_in(place)}):
        for name in sorted(names):
            found.add(Same.STREET_NAME, f"{street}:{name}", is_checked=checked)


def _add_address(found: _Found, address: Address, *, of_sender: bool, is_checked: bool = True) -> None:
    match address.kind:
        case AddressClass.MOBILE | AddressClass.LANDLINE:
            found.add(Same.PHONE, address.value, of_sender=of_sender, is_checked=is_checked)
        case AddressClass.EMAIL if address.value:
            found.add(Same.EMAIL, address.value.casefold(), of_sender=of_sender, is_checked=is_checked)
        case AddressClass.POSTAL if house := house_of(address.value):
            found.add(Same.HOME, house, of_sender=of_sender, is_checked=is_checked)
        case _:
            return

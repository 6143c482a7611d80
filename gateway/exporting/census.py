"""The fields of the children in need census that the front door knows, as XML in the census's own order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree

from gateway.census_codes import NEED_NOT_STATED
from gateway.exporting.annex_a import ethnicity_of
from gateway.exporting.cases import DECIDED_NOT_TO_ACT, Case

SEXES = {"female": "F", "male": "M"}
UNKNOWN_SEX = "U"


def census(cases: Iterable[Case], *, last: date) -> bytes:
    """``ReferralNFA`` is 1 or 0 and never missing, ``ReferralSource`` a code of the census, ``PrimaryNeedCode`` there
    wherever we act. ``CINclosureDate`` and ``ReasonForClosure`` are the case system's: the door's end is not theirs.
    """
    message = ElementTree.Element("Message")
    header = ElementTree.SubElement(message, "Header")
    collection = ElementTree.SubElement(header, "CollectionDetails")
    _leaf(collection, "Collection", "CIN")
    _leaf(collection, "Year", str(_year_of(last)))
    _leaf(collection, "ReferenceDate", f"{_year_of(last)}-03-31")
    source = ElementTree.SubElement(header, "Source")
    _leaf(source, "SourceLevel", "L")
    _leaf(source, "SoftwareCode", "frontdoor")
    children = ElementTree.SubElement(message, "Children")
    for case in cases:
        if case.is_referral:
            _child(children, case)
    ElementTree.indent(message)
    told: bytes = ElementTree.tostring(message, encoding="utf-8", xml_declaration=True)
    return told + b"\n"


def _child(children: ElementTree.Element, case: Case) -> None:
    element = ElementTree.SubElement(children, "Child")
    identifiers = ElementTree.SubElement(element, "ChildIdentifiers")
    _leaf(identifiers, "LAchildID", case.child_id)
    if case.child and case.child.born:
        name = "PersonBirthDate" if case.child.born <= case.received_on else "ExpectedPersonBirthDate"
        _leaf(identifiers, name, case.child.born.isoformat())
    _leaf(identifiers, "Sex", SEXES.get(case.child.sex if case.child else "", UNKNOWN_SEX))
    characteristics = ElementTree.SubElement(element, "ChildCharacteristics")
    _leaf(characteristics, "Ethnicity", ethnicity_of(case))
    details = ElementTree.SubElement(element, "CINdetails")
    _leaf(details, "CINdetailsID", case.child_id)
    _leaf(details, "CINreferralDate", case.received_on.isoformat())
    _leaf(details, "ReferralSource", case.source)
    is_over = case.decision == DECIDED_NOT_TO_ACT
    if not is_over or case.need != NEED_NOT_STATED:
        _leaf(details, "PrimaryNeedCode", case.need)
    _leaf(details, "ReferralNFA", "1" if is_over else "0")


def _leaf(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, name).text = words


def _year_of(day: date) -> int:
    """The census year runs from April to March and is called by its end."""
    return day.year + (day >= date(day.year, 4, 1))

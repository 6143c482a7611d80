"""Postcodes, telephone numbers, NHS numbers and days, in the forms that people and machines write them."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.proposing.contract import Kind, Said
from gateway.proposing.rules.dates import days_in
from gateway.proposing.rules.numbers import nhs_numbers_in, telephone_numbers_in
from gateway.proposing.rules.postcodes import postcodes_in
from gateway.proposing.rules.prepared import Prepared, prepared


def ready(text: str, kind: Kind = Kind.LETTER) -> Prepared:
    return prepared(Said(text=text, kind=kind, on=date(2026, 11, 23)))


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("at M1 1AE and M60 1NW", ["M1 1AE", "M60 1NW"]),
        ("CR2 6XH, DN55 1PT, W1A 1HQ, EC1A 1BB", ["CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB"]),
        ("near NT14QQ", ["NT1 4QQ"]),
        ("near nt1 4qq", ["NT1 4QQ"]),
        ("near NTI 4QQ and NT1 OAA", ["NT1 4QQ", "NT1 0AA"]),
        ("form A4 paper, B12 vitamins, year 2026 and 3rd", []),
        ("PART1 4QQX and X1 1XX", []),
    ],
)
def test_postcodes(text: str, norms: list[str]) -> None:
    assert [code.norm for code in postcodes_in(ready(text))] == norms


def test_a_postcode_that_a_machine_misread_is_less_sure_and_only_of_paper() -> None:
    (code,) = postcodes_in(ready("NTI 4QQ"))
    assert code.sure < 0.7 and postcodes_in(ready("NTI 4QQ", Kind.MAIL)) == []


def test_a_postcode_spelt_aloud_is_put_together() -> None:
    (code,) = postcodes_in(ready("It is N T one, four double Q I think", Kind.SPEECH))
    assert code.norm == "NT1 4QQ"


@pytest.mark.parametrize(
    ("text", "kind", "norms"),
    [
        ("07700 900123", Kind.MAIL, ["+447700900123"]),
        ("(01632) 960118 or +44 7700 900 124", Kind.MAIL, ["+441632960118", "+447700900124"]),
        ("+44 (0)1632 960118", Kind.MAIL, ["+441632960118"]),
        ("020 7946 0182, 0113 496 0255", Kind.MAIL, ["+442079460182", "+441134960255"]),
        ("O1632 96O118", Kind.LETTER, ["+441632960118"]),
        ("oh seven seven double oh, nine double oh, one two three", Kind.SPEECH, ["+447700900123"]),
        ("0 7 7 0 0 9 0 0 1 2 3", Kind.SPEECH, ["+447700900123"]),
        ("ref 4471/160326, 999 028 4417, £01632960118, 0123", Kind.MAIL, []),
        ("oh one two", Kind.SPEECH, []),
    ],
)
def test_telephone_numbers(text: str, kind: Kind, norms: list[str]) -> None:
    assert [number.norm for number in telephone_numbers_in(ready(text, kind))] == norms


def test_an_nhs_number_is_surer_where_its_check_figure_fits() -> None:
    right, wrong = nhs_numbers_in(ready("NHS No. 943 476 5919, NHS number: 9434765918"))
    assert (right.norm, wrong.norm) == ("9434765919", "9434765918") and right.sure > 0.9 > wrong.sure


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("on 3 May 2019 and 4th of June, 2020", ["2019-05-03", "2020-06-04"]),
        ("3/5/2019, 03.05.19, 3-5-2019, 2019-05-03", ["2019-05-03"] * 4),
        ("May 3rd 2019", ["2019-05-03"]),
        ("the 24TH OF FEBRUARY", [""]),
        ("on 9 October, 20 November or 15 January", ["", "", ""]),
        ("born 30.06.1988", ["1988-06-30"]),
        ("31 February 2020, 1.5 cm, 45/13/2020, 10:30, 2 or 3", []),
        ("May I ask, and March on", []),
    ],
)
def test_days(text: str, norms: list[str]) -> None:
    assert [day.norm for day in days_in(ready(text))] == norms

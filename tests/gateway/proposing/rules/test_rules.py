"""What the rules find in what invented people wrote and said, against everything that stands there; and how fast."""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.proposing.contract import Kind, Proposed, Said
from gateway.proposing.rules import Rules
from storage.claim import Entity

SAMPLES = Path(__file__).parents[3] / "samples"
RULES, TODAY = Rules(), date(2026, 11, 23)
Value = tuple[str, str, str]


def said(text: str, kind: Kind = Kind.LETTER, on: date = TODAY) -> Said:
    return Said(text=text, kind=kind, on=on)


def found(text: str, kind: Kind = Kind.LETTER, on: date = TODAY) -> list[Value]:
    return [(each.entity, each.field, each.value) for each in RULES.propose(said(text, kind, on))]


@cache
def measured() -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By field: how many stand in the samples, how many are found there, and how many of these are right."""
    there, seen, right = Counter[str](), Counter[str](), Counter[str]()
    for one in tomllib.loads((SAMPLES / "proposing" / "said.toml").read_text("utf-8"))["said"]:
        wanted = Counter((entity, field, value) for entity, field, value in one["says"])
        got = Counter(found(one["text"].strip() + "\n", Kind(one["kind"])))
        for counted, values in ((there, wanted), (seen, got), (right, wanted & got)):
            counted.update(field for _, field, _ in values.elements())
    return there, seen, right


def test_nearly_all_that_stands_in_the_samples_is_found_and_nearly_nothing_else() -> None:
    there, seen, right = measured()
    assert right.total() / there.total() >= 0.97
    assert right.total() / seen.total() >= 0.98


@pytest.mark.parametrize("field", ["name", "postcode", "phone", "dob", "school", "address"])
def test_each_kind_of_value_is_found_for_whom_it_is(field: str) -> None:
    there, seen, right = measured()
    assert right[field] / there[field] >= 0.92 and right[field] / seen[field] >= 0.92


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("dig_01", {("place", "5 Viaduct Terrace, Larchester"), ("place", "TB4 9RW"), ("child", "9 December 2020"),
                    ("child", "Malachi Ashgrove-Reid"), ("adult", "Curtis Reid"), ("adult", "Piotr Zielinski")}),
        ("fax_01", {("child", "19/08/2023"), ("child", "Tobias Corrigan-Shaw"), ("child", "999 028 4417"),
                    ("adult", "Patricia Corrigan"), ("referrer", "01632 960447"), ("referrer", "Imran Talwar")}),
        ("fax_03", {("adult", "Victor Lannister-Bright"), ("child", "Theo Bright"), ("child", "1 August 2026"),
                    ("place", "WB20 1HZ"), ("child", "Sycamore Primary School")}),
        ("jpg_03", {("child", "Leon"), ("referrer", "HB21 3ZP")}),
        ("l150_03", {("child", "Noah"), ("child", "Eli"), ("child", "11 months"), ("adult", "Dale Rusk"),
                     ("place", "17 Wainwright Walk, Castlegate"), ("referrer", "0191 498 0606")}),
    ],
)  # fmt: skip
def test_letters_read_by_machine_give_what_stands_in_them(name: str, values: set[tuple[str, str]]) -> None:
    letter = (SAMPLES / "letters" / f"{name}.txt").read_text("utf-8")
    assert values <= {(entity, value) for entity, _, value in found(letter, on=date(2026, 3, 20))}


def test_each_value_has_the_very_words_and_children_are_told_apart() -> None:
    letter = (SAMPLES / "letters" / "fax_03.txt").read_text("utf-8")
    values = RULES.propose(said(letter, on=date(2026, 3, 20)))
    assert all(letter[each.start : each.end] == each.words for each in values)
    children = {(each.entity_no, each.value) for each in values if each.entity is Entity.CHILD and each.entity_no}
    assert {(1, "Jessamy Bright"), (1, "05/05/2015"), (2, "Theo Bright"), (2, "23/12/2018")} <= children


def test_the_council_s_own_address_is_nobody_s() -> None:
    text = "3 Oak Row\nNorthtown NT3 3DW\n\nSocial Services\nNorthshire Council\nNT1 1AA\n\nDear Sir\n\nPlease help.\n"
    assert {value for _, field, value in found(text) if field == "postcode"} == {"NT3 3DW"}


def test_what_is_quoted_is_not_proposed() -> None:
    text = "Thanks, see below.\n> My son Albie Crane lives at 4 Elm Row NT1 2AB\n"
    quoted = Said(text=text, kind=Kind.MAIL, on=TODAY, apart=((19, len(text)),))
    assert found(text, Kind.MAIL) and not RULES.propose(quoted)


def of(text: str, kind: Kind, field: str) -> Proposed:
    return next(each for each in RULES.propose(said(text, kind)) if each.field == field)


def test_only_what_cannot_tell_who_told_us_is_open() -> None:
    text = "The girl is called Ada Lunt, she lives at 9 Fern Way, NT2 2BN. Ring me: 07700 900123. My name is Bo Lyle."
    open_fields = {(e.entity, e.field) for e in RULES.propose(said(text, Kind.MAIL)) if not e.identifies_referrer}
    assert open_fields == {("child", "name"), ("place", "address"), ("place", "postcode")}
    own = "I am 15. My date of birth is 3 May 2011."
    assert of(own, Kind.MAIL, "dob").identifies_referrer and of(own, Kind.MAIL, "age").identifies_referrer


def test_a_phone_that_may_be_anybody_s_is_the_place_s_and_sealed() -> None:
    phone = of("There is a number on the door, 01632 960444.", Kind.MAIL, "phone")
    assert (phone.entity, phone.value_norm) == ("place", "+441632960444") and phone.identifies_referrer


def test_the_answers_of_the_web_form_are_read_at_their_questions() -> None:
    asked = (
        "She is shouted at.\n\nWhich child or children?: Albie Crane and Mina\n\nWhen did it happen?: last night\n\n"
        "How do you know the child?: neighbour"
    )
    assert found(asked, Kind.FORM) == [
        ("child", "name", "Albie Crane"), ("child", "name", "Mina"), ("concern", "when", "last night"),
        ("referrer", "relation", "neighbour"),
    ]  # fmt: skip
    assert found("Which child or children?: a little boy", Kind.FORM) == []


def test_children_named_after_where_they_are_are_children() -> None:
    text = "Two kids in there, Kai and Demi-Leigh. There is an older sibling in the home, Tobias Shaw."
    assert [value for entity, _, value in found(text, Kind.TEXT) if entity == "child"] == [
        "Kai",
        "Demi-Leigh",
        "Tobias Shaw",
    ]


def long_letter() -> str:
    letters = SAMPLES / "letters"
    return "\n".join((letters / f"{name}.txt").read_text("utf-8") for name in ("dig_01", "fax_01", "fax_03", "l150_03"))


def test_a_long_letter_takes_a_moment() -> None:
    letter = said((long_letter() * 2)[:5000])
    taken = []
    for _ in range(5):
        begun = time.process_time()
        RULES.propose(letter)
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.03, "a few milliseconds where nothing else runs"


@pytest.mark.parametrize(
    "piece",
    [
        "A",
        "Aa ",
        "1 ",
        "01632 ",
        "Flat 1, ",
        "son ",
        "0 ",
        "St ",
        "a'",
        "12 ",
        "'",
        "of the ",
        "N ",
        "oh ",
        "Mr ",
        "( ",
    ],
)
def test_no_text_makes_it_slow(piece: str) -> None:
    begun = time.process_time()
    RULES.propose(said((piece * 8_000)[:8_000], Kind.SPEECH if piece in ("oh ", "N ") else Kind.LETTER))
    assert time.process_time() - begun < 1.0


PIECES = st.sampled_from(
    ["Dear Sir", "\n", " ", "NT1 4QQ", "07700 900123", "my son ", "Albie", "Mr ", "3 May 2019", "aged 6", "Child: ",
     "Yours faithfully", "The ", "School", "(", "\u2028", "İ", "ﬁ", "'s", "DOB ", "12", "Re: ", "double ", "\x00",
     "1 Elm Row"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40), st.sampled_from(Kind))
def test_whatever_is_said_words_are_those_that_stand_there(pieces: list[str], kind: Kind) -> None:
    text = "".join(pieces)
    for each in RULES.propose(said(text, kind)):
        assert text[each.start : each.end] == each.words and each.value and 0 < each.confidence <= 1


@pytest.mark.parametrize(("label", "is_sealed"), [("", True), ("Child's ", False)])
def test_an_address_at_a_label_is_open_only_where_it_is_called_the_childs(label: str, *, is_sealed: bool) -> None:
    text = f"My name: Jane Doe\n{label}Address: 5 High Street, Northtown\n{label}Postcode: NT1 2AB\n\nA boy cries."
    places = [each for each in RULES.propose(said(text, Kind.MAIL)) if each.entity == "place"]
    assert {each.field for each in places} == {"address", "postcode"}
    assert {each.identifies_referrer for each in places} == {is_sealed}

"""A reference is found again however it is written, and never mistaken for another."""

from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.reference import DIGITS, EXAMPLE, LETTERS, NEVER_DRAWN, SHAPE, check_letter, code, draw, find_in, parse

references = st.integers(min_value=0, max_value=2**32).map(lambda seed: draw(Random(seed)))


def test_a_reference_is_three_letters_four_digits_a_letter_and_its_check_letter() -> None:
    drawn = [draw() for _ in range(200)]

    assert all([len(part) for part in reference.split("-")] == [3, 4, 2] for reference in drawn)
    assert all(parse(reference) == reference for reference in drawn)
    assert len(set(drawn)) > 190


def test_the_alphabet_leaves_out_what_is_misheard_or_misread() -> None:
    assert len(LETTERS) == 11
    assert not set(LETTERS) & set("BCDEGPTV" + "AEIOU" + "NSJ")
    assert not set(DIGITS) & set("015")
    assert len(LETTERS) ** 4 * len(DIGITS) ** 4 == 35_153_041


def test_the_example_in_our_papers_is_well_formed_and_never_given_to_anybody() -> None:
    assert parse(EXAMPLE) == EXAMPLE
    assert EXAMPLE.replace("-", "") in NEVER_DRAWN


def test_no_drawn_reference_holds_a_blocked_word() -> None:
    drawn = [draw(Random(seed)).replace("-", "") for seed in range(5_000)]

    assert not [symbols for symbols in drawn if any(word in symbols for word in NEVER_DRAWN)]


def test_a_reference_given_before_its_word_was_blocked_is_still_understood() -> None:
    body = "KKK2346F"

    assert parse(body + check_letter(body)) == "KKK-2346-F" + check_letter(body)


@given(references)
def test_every_single_wrong_symbol_is_noticed(reference: str) -> None:
    symbols = reference.replace("-", "")
    for at, place in enumerate(SHAPE):
        for other in set(LETTERS if place == "L" else DIGITS) - {symbols[at]}:
            assert parse(symbols[:at] + other + symbols[at + 1 :]) is None


@given(references)
def test_every_swap_of_two_letters_or_two_digits_is_noticed(reference: str) -> None:
    symbols = reference.replace("-", "")
    for one, other in combinations(range(9), 2):
        if SHAPE[one] == SHAPE[other] and symbols[one] != symbols[other]:
            swapped = list(symbols)
            swapped[one], swapped[other] = symbols[other], symbols[one]
            assert parse("".join(swapped)) is None


def test_the_weights_notice_every_slip_at_every_place_whatever_the_rest_says() -> None:
    for at, place in enumerate(SHAPE[:-1]):
        alphabet = LETTERS if place == "L" else DIGITS
        checks = {check_letter("FFF2222F"[:at] + symbol + "FFF2222F"[at + 1 :]) for symbol in alphabet}
        assert len(checks) == len(alphabet)


def test_one_in_eleven_well_formed_strings_passes_by_chance() -> None:
    passing = [symbols for last in product(LETTERS, repeat=2) if parse(symbols := "KMR4729" + "".join(last))]

    assert len(passing) == 11


@pytest.mark.parametrize(
    "written",
    [
        "kmr-4729-hx",
        "KMR4729HX",
        "K M R 4 7 2 9 H X",
        "kmr – 4729 – hx",
        "KMR.4729/HX",
        " KMR\n4729\tHX ",
        "KMR-47Z9-HX",
        "KMR-A729-HX",
        "KMR-4T29-HX",
    ],
)
def test_it_is_understood_however_it_is_spaced_and_whichever_likeness_was_written(written: str) -> None:
    assert parse(written) == EXAMPLE


def test_a_two_in_the_place_of_a_letter_is_a_z() -> None:
    body = "ZMR4729Z"
    check = check_letter(body)

    assert parse("2MR-4729-2" + check) == f"ZMR-4729-Z{check}"


@pytest.mark.parametrize(
    "written", ["", "KMR", "KMR-4729-H", "KMR-4729-HXX", "KMR-4720-HX", "AMR-4729-HX", "İMR-4729-HX"]
)
def test_what_is_not_a_reference_is_none(written: str) -> None:
    assert parse(written) is None


def test_quoted_references_are_found_once_each_in_order() -> None:
    other = "ZMR-4729-Z" + check_letter("ZMR4729Z")
    text = f"Re: We have your message - {EXAMPLE}\n> my old one was {other.lower()} and again (kmr 4729 hx)."

    assert find_in(text) == [EXAMPLE, other]


@pytest.mark.parametrize(
    "text",
    [
        "He left at 10:15am on Tuesday 24 November, flat 3246, NT1 1AA, my number is 07700 900123.",
        "NHS 943 476 5919, order FKR-4729-HXQ and xKMR-4729-HX, KMR-4729-HX9",
        "KMR-BGZT-HX",
        "the boy was hit my 2346 hr why 4729 my",
    ],
)
def test_ordinary_words_and_numbers_are_not_references(text: str) -> None:
    assert find_in(text) == []


@given(references, st.text(alphabet="abc xyz.,;:()!?\n'\"", max_size=20), st.sampled_from(["-", " ", "", " - ", "–"]))
def test_a_reference_is_found_in_any_sentence(reference: str, words: str, between: str) -> None:
    assert find_in(f"{words} {reference.replace('-', between).lower()}.{words}") == [reference]


def test_the_code_is_four_digits_and_depends_on_the_key() -> None:
    keys = [bytes([n]) * 32 for n in range(20)]

    assert all(len(code(EXAMPLE, key)) == 4 and code(EXAMPLE, key).isdigit() for key in keys)
    assert code(EXAMPLE, keys[0]) == code(EXAMPLE, keys[0])
    assert len({code(EXAMPLE, key) for key in keys}) > 15

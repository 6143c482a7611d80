"""The rules hold on a labelled sample of invented sentences: nothing grave is missed, and each kind of trap holds."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import gateway
from gateway.proposing.contract import Kind, Said
from storage.referral import Kind as ReferralKind
from storage.suggestion import About
from tests.gateway.suggesting.labelled import RULES, labelled, severities_in, severity_of

WORDING = Path(gateway.__file__).parent / "wording"
RAISED, TRAPS = labelled("raised.txt"), labelled("traps.txt")


def said(text: str, **given: object) -> Said:
    return Said(text=text, kind=Kind.TEXT, on=date(2026, 11, 23), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("of", sorted({each.of for each in RAISED}))
def test_every_rule_finds_what_it_is_for(of: str) -> None:
    assert [each.words for each in RAISED if each.of == of and not each.holds] == []
    missed = [e.words for e in RAISED if e.of == of and of not in {found.rule for found in severities_in(e.words)}]
    assert missed == []


@pytest.mark.parametrize("trap", sorted({each.of for each in TRAPS}))
def test_no_trap_of_any_kind_raises(trap: str) -> None:
    assert [each.words for each in TRAPS if each.of == trap and not each.holds] == []


@pytest.mark.parametrize("ours", sorted(WORDING.glob("*.txt")), ids=lambda path: path.stem)
def test_what_we_write_to_people_raises_nothing_when_it_comes_back_to_us(ours: Path) -> None:
    assert severities_in(ours.read_text("utf-8")) == []


def test_the_sample_is_large_enough_and_half_of_it_are_traps() -> None:
    assert len(RAISED) + len(TRAPS) >= 180 and len(TRAPS) >= len(RAISED)


def test_by_rule_little_is_found_that_should_not_be_and_nothing_is_missed() -> None:
    found, right, wanted = Counter[str](), Counter[str](), Counter[str]()
    for each in (*RAISED, *(trap for trap in TRAPS if trap.wanted == "none")):
        rules = {one.rule for one in severities_in(each.words)}
        found.update(rules)
        if each.wanted != "none":
            wanted[each.of] += 1
            right.update(rules)
    told = [f"{rule}: of {wanted[rule]} found {right[rule]}, wrongly {found[rule] - right[rule]}" for rule in wanted]
    print("\n".join(sorted(told)))
    assert all(right[rule] >= wanted[rule] and right[rule] == found[rule] for rule in wanted), told


@pytest.mark.parametrize("each", [e for e in RAISED if e.wanted == "red"], ids=lambda e: e.words[:30])
def test_words_of_danger_are_a_literal_piece_of_what_was_said(each: object) -> None:
    words = each.words  # type: ignore[attr-defined]
    for found in RULES.suggest(said(words)):
        assert words[found.start : found.end] == found.words


def test_capitals_curly_marks_and_line_breaks_say_the_same() -> None:
    assert severity_of("HE HAS A KNIFE") == "red"
    assert severity_of("She doesn’t want to be here any more") == "red"
    assert severity_of("he has\na knife") == "red"
    assert severity_of("there isn’t a knife") == ""


def test_what_is_quoted_or_a_signature_suggests_nothing() -> None:
    text = "Thank you.\nHe has a knife"
    assert RULES.suggest(said(text, apart=((11, len(text)),))) == ()
    assert RULES.suggest(said(text, signed=((11, len(text)),))) == ()


def test_a_danger_beside_a_denial_is_found() -> None:
    assert severity_of("He does not drink but he has a knife") == "red"
    assert severity_of("She is not hurt. He has a knife.") == "red"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Please ask Sam Hope to ring me", ReferralKind.MESSAGE_FOR_WORKER),
        ("I want to make a formal complaint about the social worker", ReferralKind.COMPLAINT),
        ("How do I apply to become a foster carer", ReferralKind.ENQUIRY),
        ("My bins were not collected on Tuesday", ReferralKind.NOT_FOR_US),
    ],
)
def test_what_else_it_may_be_is_suggested(words: str, kind: ReferralKind) -> None:
    assert kind in {found.value for found in RULES.suggest(said(words)) if found.about == About.KIND}


def test_nothing_with_danger_in_it_is_suggested_to_be_for_somebody_else() -> None:
    found = RULES.suggest(said("The bins were missed and next door's little boy has a black eye"))
    assert ReferralKind.NOT_FOR_US not in {each.value for each in found}


def test_a_long_text_takes_no_longer_than_a_reader_would_notice() -> None:
    found = RULES.suggest(said("The children went to the park with their mum and came home for tea. " * 900))
    assert [each.value for each in found if each.about == About.SEVERITY] == []

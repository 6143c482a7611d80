"""What staff read of who really sent a mail."""

from __future__ import annotations

import pytest

from channels.contract import Proof
from gateway.sender_proof import Standing, in_words, mark_of, standing_of, view_of

SCHOOL = Proof(
    spf="none", dkim="pass", dmarc="pass", domains=("school.example",), checked_by="frontdoor", known_as="school",
    is_proven=True, claims="school.example",
)  # fmt: skip
FORGED = Proof(
    spf="pass", dkim="none", dmarc="fail", domains=("evil.example",), checked_by="frontdoor", known_as="police",
    claims="police.example", policy="reject",
)  # fmt: skip
PRIVATE = Proof(spf="none", dkim="none", dmarc="none", checked_by="frontdoor", claims="example.org")
SILENT = Proof(claims="police.example", known_as="police", unchecked="the name service did not answer")


def test_a_proven_school_and_what_that_suggests() -> None:
    words = in_words(SCHOOL)
    assert words.says == "Really sent by school.example (checked by its signature). School."
    assert words.suggests == (
        "Suggested, for you to decide: the sender is told as a professional; contact source 2A, schools."
    )
    assert (mark_of(SCHOOL), words.is_warning) == ("School, proven", False)


def test_mail_forged_in_the_name_of_the_police() -> None:
    words = in_words(FORGED)
    assert words.says == (
        "Claims to be police.example, but was sent by another server: ring them on a number you know before you rely"
        " on it. Its owner asks that such mail is not believed."
    )
    assert (mark_of(FORGED), words.is_warning, words.suggests) == ("Sender not proven", True, "")


def test_most_private_mail() -> None:
    assert in_words(PRIVATE).says == "Nothing proves who sent this; most private mail is like that."
    assert mark_of(PRIVATE) == "" and mark_of(None) == ""


def test_what_could_not_be_checked_is_not_held_against_anybody() -> None:
    assert in_words(SILENT).says == (
        "Nobody could check who sent this: the name service did not answer. If it matters that it is police.example,"
        " ring them on a number you know before you rely on it."
    )
    assert mark_of(SILENT) == ""
    assert in_words(Proof(claims="example.org")).says == "Nobody could check who sent this."


def test_what_a_mailing_list_changed_is_said_to_be_that() -> None:
    listed = Proof(**FORGED.__dict__ | {"arc": "pass", "policy": "none"})
    assert in_words(listed).says == (
        "Claims to be police.example, but was passed on and changed on the way, perhaps by a mailing list: ring them on"
        " a number you know before you rely on it."
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "nothing proves it: ring"),
        ({"spf": "softfail"}, "was sent by another server: ring"),
        ({"dmarc": "fail", "dkim": "fail"}, "was changed on the way or sent by somebody else: ring"),
        ({"dmarc": "fail", "dkim": "fail", "spf": "fail"}, "was sent by another server: ring"),
    ],
)
def test_no_more_is_said_against_a_sender_than_was_found(changed: dict[str, str], words: str) -> None:
    doubted = Proof(**PRIVATE.__dict__ | {"known_as": "school", "claims": "school.example"} | changed)
    assert f"Claims to be school.example, but {words}" in in_words(doubted).says


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({}, Standing.UNPROVEN),
        ({"known_as": "school"}, Standing.DOUBTED),
        ({"spf": "fail"}, Standing.DOUBTED),
        ({"spf": "softfail"}, Standing.UNPROVEN),
        ({"dkim": "fail"}, Standing.UNPROVEN),
        ({"dmarc": "fail"}, Standing.DOUBTED),
        ({"spf": "temperror", "known_as": "police"}, Standing.UNCHECKED),
        ({"checked_by": ""}, Standing.UNCHECKED),
        ({"is_proven": True}, Standing.PROVEN),
    ],
)
def test_how_far_an_author_can_be_taken_for_who_they_say_they_are(changed: dict[str, str], standing: Standing) -> None:
    assert standing_of(Proof(**PRIVATE.__dict__ | changed)) is standing


def test_programs_get_results_and_a_suggestion_only_of_who_is_proven() -> None:
    school, forged = view_of(SCHOOL), view_of(FORGED)
    assert (school.standing, school.suggested_told_as, school.suggested_contact_source) == (
        "proven", "professional", "2A"
    )  # fmt: skip
    assert (forged.standing, forged.suggested_told_as, forged.suggested_contact_source) == ("doubted", None, None)
    assert view_of(Proof(**SCHOOL.__dict__ | {"known_as": "parliament"})).suggested_told_as == "public"

"""Easy texts measure young and hard ones old."""

import pytest

from gateway.reading_age import readability, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("we", 1),
        ("child", 1),
        ("message", 2),
        ("family", 3),
        ("decided", 3),
        ("called", 1),
        ("reference", 3),
        ("safe", 1),
        ("little", 2),
        ("changes", 2),
        ("safeguarding", 4),
        ("you're", 1),
    ],
)
def test_syllables_are_counted_by_their_vowels(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_plain_text_is_for_the_young_and_an_official_one_is_not() -> None:
    plain = readability("We have your message. We will read it by 10:15am on Tuesday. You can call us.")
    official = readability(
        "Notwithstanding statutory safeguarding responsibilities, multi-agency partners should expeditiously "
        "communicate contemporaneous documentation regarding identified vulnerabilities."
    )

    assert plain.age < 9
    assert official.age > 18
    assert official.longest_sentence == 15


def test_a_text_without_words_is_for_anybody() -> None:
    assert readability("999").longest_sentence == 0

"""A text is counted as networks count it."""

from gateway.gsm7 import gsm7_length, is_one_segment


def test_letters_count_one_and_brackets_and_the_euro_two() -> None:
    assert gsm7_length("Ref KMR-4729-HX") == 15
    assert gsm7_length("£5 à la carte") == 13
    assert gsm7_length("[€]") == 6


def test_one_curly_quote_or_emoji_cannot_be_counted() -> None:
    assert gsm7_length("it’s") is None
    assert gsm7_length("🙂") is None


def test_a_segment_is_a_hundred_and_sixty_septets() -> None:
    assert is_one_segment("a" * 160)
    assert not is_one_segment("a" * 161)
    assert not is_one_segment("a" * 159 + "€")
    assert not is_one_segment("’")

"""Unclear words stand in brackets, everything else is left exactly as the engine gave it."""

from hypothesis import given
from hypothesis import strategies as st

from transcription.contract import Segment, Word
from transcription.marking import NO_WORDS, is_wordless, marked, pieces


def word(text: str, sure: float = 0.9) -> Word:
    return Word(text=text, start=1.0, end=1.2, confidence=sure)


def said(text: str, *words: Word, unclear: bool = False) -> Segment:
    return Segment(text=text, start=65.0, end=70.0, confidence=0.8, words=words, unclear=unclear)


def test_an_unclear_word_is_marked_where_it_stands() -> None:
    segment = said("the boy has a bruise.", *map(word, ("the", "boy", "has", "a")), word("bruise.", 0.3))
    assert marked(segment) == "the boy has a [unclear: bruise.]"


def test_neighbouring_unclear_words_share_a_bracket() -> None:
    segment = said("call me on five one six", *map(word, ("call", "me", "on")), word("five", 0.2), word("one", 0.4),
                   word("six"))  # fmt: skip
    assert marked(segment) == "call me on [unclear: five one] six"


def test_numbers_postcodes_and_names_are_never_rewritten() -> None:
    spoken = "Siobhán O'Neill, nought double seven 07700 900 123, NT1 1AA, flat 2b… it's £5"
    segment = said(spoken, *map(word, spoken.split()))
    assert marked(segment) == spoken
    assert [piece.text for piece in pieces(segment) if piece.word] == spoken.split()


def test_languages_without_blanks_are_marked_too() -> None:
    assert marked(said("请帮助我", word("请"), word("帮助", 0.1), word("我"))) == "请[unclear: 帮助]我"


def test_an_unclear_stretch_and_a_voice_without_words_carry_their_time() -> None:
    assert marked(said("thank you", word("thank", 0.1), unclear=True)) == "[unclear at 1:05: thank you]"
    wordless = said(NO_WORDS, unclear=True)
    assert is_wordless(wordless)
    assert marked(wordless) == "[voice without words we can make out at 1:05]"


def test_words_that_do_not_fit_their_text_leave_it_whole() -> None:
    assert marked(said("help me", word("nothing", 0.1))) == "help me"


@given(st.lists(st.tuples(st.text("ab0é'", min_size=1, max_size=4), st.floats(0, 1))), st.sampled_from([" ", "", "  "]))
def test_no_sign_is_ever_lost_or_changed(words: list[tuple[str, float]], blank: str) -> None:
    segment = said(blank.join(text for text, _ in words), *(word(text, sure) for text, sure in words))
    assert "".join(piece.text for piece in pieces(segment)) == segment.text
    assert marked(segment).replace("[unclear: ", "").replace("]", "") == segment.text

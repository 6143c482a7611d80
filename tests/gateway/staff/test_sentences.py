"""The words of a value in their sentence, found again where a correction moved them."""

from __future__ import annotations

from gateway.staff.sentences import Sentence, sentence_of

TEXT = "It is cold. The boy, Albie Crane,\nlives next door. Help him."


def test_the_words_stand_in_their_sentence_and_no_other() -> None:
    assert sentence_of(TEXT, "Albie Crane", 21) == Sentence(
        before="The boy, ", words="Albie Crane", after=", lives next door."
    )


def test_words_that_a_correction_moved_are_found_where_they_stand_once() -> None:
    found = sentence_of("Dear Sir. " + TEXT, "Albie Crane", 21)
    assert found is not None and found.words == "Albie Crane"
    assert sentence_of("Albie. Albie.", "Albie", 3) is None and sentence_of(TEXT, "Mina", 3) is None


def test_a_sentence_without_an_end_is_cut_and_marked_so() -> None:
    found = sentence_of("a " * 100 + "WORD" + " b" * 100, "WORD", 200)
    assert found is not None and found.before.startswith("…") and found.after.endswith("…")
    assert len(found.before) < 120 and len(found.after) < 120


def test_a_value_without_words_has_no_sentence() -> None:
    assert sentence_of(TEXT, "", 0) is None and sentence_of(TEXT, "Albie", None) is None

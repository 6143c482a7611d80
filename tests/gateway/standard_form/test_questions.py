"""The questions of the form as data."""

from __future__ import annotations

from gateway.standard_form import questions
from gateway.standard_form.questions import Kind, the_form


def test_a_changed_question_changes_the_fingerprint_of_what_everybody_is_asked() -> None:
    read = {
        "version": "1", "language": "en", "title": "A", "intro": [],
        "section": [
            {"part": "everybody", "title": "B", "question": [{"id": "concern.words", "kind": "words", "label": "C"}]},
        ],
    }  # fmt: skip
    before = questions.core_hash(questions.form_from(read))
    read["section"][0]["question"][0]["label"] = "D"  # type: ignore[index]
    assert questions.core_hash(questions.form_from(read)) != before


def test_what_is_offered_to_choose_from_has_values_that_stay() -> None:
    offered = {q.id: q.choices for s in the_form().sections for q in s.questions if q.kind is Kind.CHOICE}
    assert all(choices for choices in offered.values())
    assert all(value.isidentifier() for choices in offered.values() for value, _ in choices)

"""Slides are read in the order they are shown, old and new, with the speaker's notes."""

import pytest

from tests.transcription.compound import compound_file
from tests.transcription.new_office import presentation, zipped
from tests.transcription.old_office import old_slides
from transcription.contract import CannotRead
from transcription.documents.old_slides import read_old_slides
from transcription.documents.slides import read_slides


def test_slides_are_read_in_the_order_they_are_shown_with_their_notes() -> None:
    shown = presentation(["Second", "First\nline & line"], order=[2, 1], notes={2: "Ask the school"})
    assert read_slides(shown).text == "Slide 1\nFirst\nline & line\nNotes: Ask the school\n\nSlide 2\nSecond"


def test_old_slides_are_read_without_the_prompts_of_their_master() -> None:
    assert read_old_slides(old_slides("Jane\rseven years", "Zo\u00eb")).text == "Jane\nseven years\n\nZo\u00eb"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (old_slides("Jane", "x", locked=True), "encrypted"),
        (compound_file({"WordDocument": b"x"}), "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "broken"),
    ],
)
def test_old_slides_that_cannot_be_read_say_why(data: bytes, reason: str) -> None:
    with pytest.raises(CannotRead) as refused:
        read_old_slides(data)
    assert refused.value.reason == reason


def test_a_package_without_slides_is_broken() -> None:
    with pytest.raises(CannotRead) as refused:
        read_slides(zipped({"ppt/presentation.xml": "<a/>"}))
    assert refused.value.reason == "broken"

"""Where words stand: the box on their page, the seconds of a recording, also where the text has marks of its own."""

from __future__ import annotations

import pytest

from gateway.proposing.places import Places
from transcription.contract import Segment, Word, WrittenWord

LINE = Segment(
    text="Albie Crane lives", page=2, box=(0.1, 0.1, 0.6, 0.2), confidence=0.9,
    written=(
        WrittenWord(text="Albie", box=(0.1, 0.1, 0.2, 0.2), confidence=0.8),
        WrittenWord(text="Crane", box=(0.25, 0.1, 0.4, 0.2), confidence=0.6),
        WrittenWord(text="lives", box=(0.45, 0.1, 0.6, 0.2), confidence=0.9),
    ),
)  # fmt: skip
NEXT = Segment(text="at 9 Elm Row", page=2, box=(0.1, 0.3, 0.5, 0.4), confidence=0.7)


def test_words_of_a_page_have_a_box_around_them_and_the_trust_of_the_least_sure() -> None:
    places = Places("Albie Crane lives\nat 9 Elm Row", (LINE, NEXT))
    assert places.place(0, 11) == {"from": 0, "to": 11, "page": 2, "box": [0.1, 0.1, 0.4, 0.2]}
    assert places.sure(0, 11) == 0.6


def test_a_line_whose_words_have_no_places_gives_its_own_box() -> None:
    places = Places("Albie Crane lives\nat 9 Elm Row", (LINE, NEXT))
    assert places.place(21, 30) == {"from": 21, "to": 30, "page": 2, "box": [0.1, 0.3, 0.5, 0.4]}
    assert places.place(12, 23)["box"] == [0.1, 0.1, 0.6, 0.4]


def test_words_that_were_heard_have_their_seconds_past_marks_and_labels() -> None:
    words = tuple(
        Word(text=f" {word}", start=float(at), end=at + 0.5, confidence=0.9 if word != "Elm" else 0.3)
        for at, word in enumerate(("nine", "Elm", "Row", "please"))
    )
    segment = Segment(text="Speaker 1: nine Elm Row please", start=0.0, end=4.0, confidence=0.8, words=words, speaker=1)
    text = "Speaker 1: nine [unclear: Elm] Row please"
    places = Places(text, (segment,))
    start = text.index("Elm")
    assert places.place(start, text.index(" please")) == {
        "from": start,
        "to": text.index(" please"),
        "start": 1.0,
        "end": 2.5,
    }
    assert places.sure(start, start + 3) == pytest.approx(0.3)


def test_a_text_without_segments_has_characters_only() -> None:
    assert Places("Albie", ()).place(0, 5) == {"from": 0, "to": 5} and Places("Albie", ()).sure(0, 5) == 1.0

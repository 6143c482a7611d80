"""The words of a recording as programs get them: each with its time and confidence, and every version."""

from __future__ import annotations

import pytest

from gateway import versions
from gateway.core import Core
from storage.attachment import TextState
from tests.builders import a_referral
from tests.gateway.office import Office
from tests.gateway.staff.test_referral_page import with_part
from transcription.contract import PageShape, Segment, Transcript, Word, WrittenWord

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = (
    Word(text="he", start=1.0, end=1.2, confidence=0.98),
    Word(text="waits", start=1.2, end=1.6, confidence=0.31),
)


async def test_a_part_carries_its_words_their_times_and_every_version(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(core, row, text_state=TextState.WAITING)
    segment = Segment(text="he waits", start=1.0, end=1.6, confidence=0.7, words=WORDS, speaker=1)
    read = Transcript(
        text="he [unclear: waits]", segments=(segment,), engine="pretend-whisper 1 small", language="en",
        language_confidence=1.0, confidence=0.7, note="1 word is unclear.", seconds=3.5,
    )  # fmt: skip
    with core.database.transaction() as session:
        versions.add_read(session, part, read, at=core.clock())
        versions.add_typed(session, part, "He waits.", who="casey", at=core.clock())
        versions.check(session, part, 1, who="robin", at=core.clock())
        versions.check(session, part, 2, who="robin", at=core.clock())
    answer = await office.program().get(f"/api/v1/referrals/{row.reference}")
    [seen] = answer.json()["parts"]
    assert (seen["text"], seen["language"], seen["progress"], seen["translation"]) == ("He waits.", "en", None, "")
    first, second = seen["transcripts"]
    assert (first["text"], first["model"], first["is_shown"]) == ("he [unclear: waits]", "small", False)
    assert (second["made_by"], second["checked_by"], second["is_shown"]) == ("casey", "robin", True)
    assert second["made_at"].endswith("Z")


async def test_unclear_words_are_named_as_such(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(core, row, text_state=TextState.WAITING)
    segment = Segment(text="he waits", start=1.0, end=1.6, confidence=0.7, words=WORDS)
    read = Transcript(text="he waits", segments=(segment,), engine="e 1 small", language="en", confidence=0.7)
    with core.database.transaction() as session:
        versions.add_read(session, part, read, at=core.clock())
    answer = await office.program().get(f"/api/v1/referrals/{row.reference}")
    [[heard]] = [part["segments"] for part in answer.json()["parts"]]
    assert heard["words"] == [
        {"text": "he", "start": 1.0, "end": 1.2, "confidence": 0.98, "unclear": False},
        {"text": "waits", "start": 1.2, "end": 1.6, "confidence": 0.31, "unclear": True},
    ]
    assert (heard["text"], heard["unclear"]) == ("he waits", False)


async def test_words_on_a_page_carry_their_places(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(core, row, text_state=TextState.WAITING, name="scan.png", media_type="image/png")
    word = WrittenWord(text="waits", box=(0.1, 0.2, 0.3, 0.25), confidence=0.31)
    line = Segment(text="waits", page=1, confidence=0.31, unclear=True, box=word.box, written=(word,), by_hand=True)
    page = PageShape(number=1, turn=90, width=1000, height=1414, slant=1.5)
    read = Transcript(
        text="waits", segments=(line,), engine="rapidocr 3", language=None, confidence=0.31, pages=(page,)
    )
    with core.database.transaction() as session:
        versions.add_read(session, part, read, at=core.clock())
    answer = await office.program().get(f"/api/v1/referrals/{row.reference}")
    [seen] = answer.json()["parts"]
    assert seen["pages"] == [{"number": 1, "turn": 90, "width": 1000.0, "height": 1414.0, "slant": 1.5}]
    [shown] = seen["segments"]
    assert (shown["page"], shown["box"], shown["by_hand"], shown["is_typed"]) == (1, [0.1, 0.2, 0.3, 0.25], True, False)
    assert shown["written"] == [{"text": "waits", "box": [0.1, 0.2, 0.3, 0.25], "confidence": 0.31, "unclear": True}]

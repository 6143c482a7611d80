"""Corrections of lines as versions: with who and when, on top of what they rest on, none written over."""

from __future__ import annotations

import pytest

from gateway import segments, versions
from gateway.core import Core
from gateway.correcting import Corrections
from gateway.versions import NewerVersion
from storage import audit, transcript
from storage.attachment import Attachment, TextState
from storage.transcript import Transcript
from tests.builders import a_referral
from tests.gateway.pages_read import a_letter, a_line
from tests.gateway.staff.test_referral_page import with_part
from transcription.contract import PageShape

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHAPE = PageShape(number=1, turn=90, width=1000, height=1400, slant=0.5)
LETTER = a_letter(a_line("The bqy has", sure=(0.9, 0.2, 0.9)), a_line("at Harrow Way", row=1), pages=(SHAPE,))


async def a_read_part(core: Core) -> str:
    part = with_part(core, await a_referral(core), text_state=TextState.WAITING, media_type="image/png")
    with core.database.transaction() as session:
        versions.add_read(session, part, LETTER, at=core.clock())
    return part


def put_right(core: Core, part: str, based_on: int, who: str = "casey", **lines: str) -> Transcript | None:
    wanted = Corrections(lines={int(name[1:]): words for name, words in lines.items()}, missed={})
    with core.database.transaction() as session:
        return versions.add_corrected(session, part, wanted, who=who, at=core.clock(), based_on=based_on)


async def test_a_correction_is_shown_with_who_and_when_and_keeps_every_place(core: Core) -> None:
    part = await a_read_part(core)
    put_right(core, part, 1, l0="The boy has")
    with core.database.reading() as session:
        row = session.get_one(Attachment, part)
        first, second = transcript.of_parts(session, [part])
        history = [line.what for line in audit.of_referrals(session, [row.referral_id])]
        assert (row.text, row.confidence) == ("The boy has\nat Harrow Way", 0.99)
        assert (first.text, first.made_by) == ("The bqy has\nat Harrow Way", "frontdoor")
        assert (second.made_by, second.checked_by, second.made_at) == ("casey", "casey", core.clock())
        assert segments.read_pages(second.pages) == (SHAPE,)
        line, other = segments.read(second.segments)
        assert (line.is_typed, line.box, other) == (True, LETTER.segments[0].box, LETTER.segments[1])
        assert second.note == "1 line was typed by a person who saw the original."
    assert "Put right 1 line of the words of a part, from version 1, version 2" in history


async def test_a_later_reading_by_machine_does_not_hide_what_was_put_right(core: Core) -> None:
    part = await a_read_part(core)
    put_right(core, part, 1, l0="The boy has")
    with core.database.transaction() as session:
        versions.add_read(session, part, LETTER, at=core.clock())
        assert session.get_one(Attachment, part).text == "The boy has\nat Harrow Way"


async def test_what_rests_on_a_version_no_longer_shown_is_told_and_not_saved_and_what_rests_on_it_stands_with_it(
    core: Core,
) -> None:
    part = await a_read_part(core)
    put_right(core, part, 1, l0="The boy has")
    with pytest.raises(NewerVersion) as told:
        put_right(core, part, 1, who="robin", l1="at Harrow Street")
    assert told.value.shown == 2
    made = put_right(core, part, 2, who="robin", l1="at Harrow Street")
    assert made and (made.version, made.text, made.made_by) == (3, "The boy has\nat Harrow Street", "robin")
    assert made.note == "2 lines were typed by a person who saw the original."


async def test_what_else_the_machine_said_of_a_page_stays_in_the_note(core: Core) -> None:
    part = with_part(core, await a_referral(core), text_state=TextState.WAITING, media_type="image/png")
    with core.database.transaction() as session:
        versions.add_read(session, part, LETTER, at=core.clock())
        [row] = transcript.of_parts(session, [part])
        row.note = "Ticked: Health. 1 part is unclear."
        session.add(row)
    made = put_right(core, part, 1, l0="The boy has")
    assert made and made.note == "Ticked: Health. 1 line was typed by a person who saw the original."

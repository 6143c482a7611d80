"""The form filled in on paper and scanned: each answer stands where it was written, or nowhere."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.claims import opened
from gateway.core import Core
from gateway.standard_form.files import blank_sheets
from gateway.standard_form.from_paper import NOT_OVER, TWICE, FromPaper, from_paper, may_be_ours
from gateway.standard_form.page_code import SheetCode, written
from gateway.standard_form.questions import Kind, the_form
from gateway.standard_form.reading import FilledForm
from gateway.standard_form.telling_apart import BESIDE, KEPT_APART, told_apart_on_paper
from storage import attachment
from storage.claim import Entity
from tests.gateway.standard_form.filled import OURS, STATED, WHO, a_mail, receive
from tests.gateway.standard_form.on_paper import (
    Moved,
    a_scan,
    as_it_lies,
    photographed,
    sheets,
    turned,
)
from tests.gateway.standard_form.test_keeping import claims_of, everything_kept, row_of
from transcription.contract import Transcript, WrittenWord

CODES = {number: written(SheetCode(version="1", page=number)) for number in range(1, 8)}
EVERY = {
    field.name: "yes" if field.question.kind in (Kind.TICK, Kind.CHOICE) else f"answer{number} of{number}"
    for number, field in enumerate(the_form().fields())
} | {f"child.{row}.sex": "female" for row in (1, 2, 3, 4)}
TURNED = turned(2, shift=9 - 14j)


def found(read: Transcript) -> FromPaper:
    assert may_be_ours(read)
    result = from_paper(read, sheets())
    assert result is not None
    return result


def form_of(read: Transcript) -> FilledForm:
    form = found(read).form
    assert form is not None
    return form


def answers(read: Transcript) -> dict[str, str]:
    form = found(read).form
    return {answer.field.name: answer.value for answer in form.answers} if form else {}


@pytest.mark.parametrize("moved", [as_it_lies, TURNED, turned(-4, size=0.7), photographed])
def test_every_answer_of_every_sheet_is_read_where_it_was_written(moved: Moved) -> None:
    assert answers(a_scan(EVERY, moved=moved)) == EVERY


@settings(max_examples=12, deadline=None)
@example(degrees=-6.0, shift=45j, size=0.828125, shown=0.8125, pages=(6,))
@given(
    st.floats(-6, 6), st.builds(complex, st.floats(-90, 90), st.floats(-90, 90)), st.floats(0.6, 1.15),
    st.floats(0.3, 1), st.sampled_from([(4,), (5,), (6,), (7,)]),
)  # fmt: skip
def test_however_a_sheet_lies_and_is_cut_no_answer_comes_to_stand_under_another_question(
    degrees: float, shift: complex, size: float, shown: float, pages: tuple[int, ...]
) -> None:
    moved = turned(degrees, shift=shift, size=size)
    read = a_scan(EVERY, pages=pages, moved=moved, shown=shown)
    result = from_paper(read, sheets())
    for answer in result.form.answers if result and result.form else ():
        assert answer.value == EVERY[answer.field.name]


@pytest.mark.parametrize("codes", [{}, CODES], ids=["without a code", "with its code"])
def test_a_child_whose_number_was_not_read_is_only_told_by_the_code_of_the_sheet(codes: dict[int, str]) -> None:
    read = a_scan(EVERY, pages=(5,), keep=lambda of: of not in ("child.2", "child.3"), codes=codes)
    told = answers(read)
    assert told == ({name: EVERY[name] for name in EVERY if name.startswith(("child.2", "child.3"))} if codes else {})


def test_a_question_that_was_not_read_leaves_its_answer_beside() -> None:
    result = found(a_scan(STATED, keep=lambda of: of != "child.1.dob"))
    assert result.form is not None
    assert "child.1.dob" not in {answer.field.name for answer in result.form.answers}
    assert [line.text for line in result.beside] == ["3 May 2019"]


def test_a_word_that_stands_in_two_places_is_no_answer_to_either() -> None:
    values = {"child.1.given_name": "Alfie"}
    room = next(room for room in sheets()[3].rooms if room.name == "child.1.given_name")
    across = complex(room.area.right - 8, room.area.bottom - 8)
    result = found(a_scan(values, beside=[(4, across, "NorthwoodNorthwood")]))
    assert result.form is not None and result.form.answers == ()
    assert {word for line in result.beside for word in line.text.split()} == {"Alfie", "NorthwoodNorthwood"}


def test_what_stands_in_the_margin_is_shown_as_written_beside() -> None:
    read = a_scan({"concern.words": "He is cold"}, beside=[(1, 300 + 770j, "please be quick")])
    told = told_apart_on_paper(read, found(read))
    assert told.text == f"What are you worried about?\nHe is cold\n{BESIDE}\nplease be quick"


def test_who_told_us_is_told_apart_and_also_what_they_wrote_past_the_box() -> None:
    name = next(room for room in sheets()[1].rooms if room.name == "referrer.name")
    read = a_scan(STATED | WHO, beside=[(2, complex(name.area.left, name.area.bottom + 8), "Quillfeather-Smythe")])
    told = told_apart_on_paper(read, found(read))
    assert "Quillfeather" not in told.text and KEPT_APART in told.note
    stated = {(each.entity, each.field): each for each in form_of(read).stated()}
    assert stated[Entity.REFERRER, "beside"].value == "Quillfeather-Smythe"
    assert not stated[Entity.REFERRER, "beside"].is_open


def test_lines_that_were_written_uphill_stay_lines_and_pieces_of_one_line_are_joined() -> None:
    room = next(room for room in sheets()[0].rooms if room.name == "concern.words")
    at = complex(room.area.left, room.area.top + 20)
    read = a_scan({}, beside=[(1, at, "He is"), (1, at + 60 - 2j, "cold at night"), (1, at + 16j, "and hungry")])
    uphill = [replace(one, written=_rising(one.written)) for one in read.segments]
    assert answers(replace(read, segments=tuple(uphill))) == {"concern.words": "He is cold at night\nand hungry"}


def _rising(words: tuple[WrittenWord, ...]) -> tuple[WrittenWord, ...]:
    """Each word a little higher than the one before it; what we printed stays level."""
    if words[0].confidence > 0.9:
        return words
    return tuple(
        replace(word, box=(left, top - 0.005 * place, right, bottom - 0.005 * place))
        for place, word in enumerate(words)
        for left, top, right, bottom in [word.box]
    )


def test_two_boxes_ticked_where_one_may_be_are_no_answer() -> None:
    result = found(a_scan({"child.1.sex": "female+male"}))
    assert result.form is not None and result.form.answers == ()
    assert [line.text for line in result.beside] == ["Child 1: Sex: more than one box is ticked"]


def test_a_sheet_that_is_there_twice_tells_of_two_forms_and_nothing_is_taken_from_either() -> None:
    result = found(a_scan(EVERY, pages=(1, 2, 1)))
    assert result.form is None and result.notes == (TWICE,)


@pytest.mark.parametrize("says", ["FRONTDOOR:FORM:2:4", "FRONTDOOR:FORM:1:5"])
def test_a_code_that_says_something_else_than_the_words_forbids_every_answer(says: str) -> None:
    result = found(a_scan(EVERY, pages=(4,), codes={4: says}))
    assert result.form is None and result.notes == (NOT_OVER.format(page=1),)


def test_a_form_whose_lines_stand_elsewhere_gives_no_answers() -> None:
    read = a_scan(EVERY, pages=(3,), moved=lambda at: complex(at.real, 80 + at.imag * at.imag / 1200))
    result = found(read)
    assert result.form is None or not result.form.answers
    assert result.notes


def test_a_letter_that_speaks_of_the_same_things_is_no_form() -> None:
    read = a_scan({}, pages=(1,), keep=lambda of: of == "concern.when", beside=[(1, 90 + 90j, "Your name and Doctor")])
    assert not may_be_ours(read) and from_paper(read, sheets()) is None


def test_the_form_of_somebody_else_that_asks_the_same_is_not_ours() -> None:
    asked = ("First name", "Family name", "Date of birth", "Ethnic group", "First language", "NHS number", "Sex")
    theirs = [(5, complex(60 + 240 * (place % 2), 60 + 40 * place), words) for place, words in enumerate(asked)]
    read = a_scan({}, pages=(5,), keep=lambda of: of == "child.9", beside=theirs)
    assert may_be_ours(read) and from_paper(read, sheets()) is None


def test_what_was_made_to_be_slow_is_no_form() -> None:
    crowd = " ".join(field.question.label for field in the_form().fields())
    full = a_scan({}, pages=(5,), beside=[(5, complex(2, 2 + 3 * row), crowd) for row in range(200)])
    began = time.process_time()
    assert from_paper(full, sheets()) is None
    many = a_scan({}, pages=(5, 6) * 16)
    assert from_paper(many, sheets()) is None
    repeated = a_scan(STATED, pages=(5,), beside=[(5, complex(2, 2 + 9 * row), "First name") for row in range(90)])
    assert may_be_ours(repeated) and from_paper(repeated, sheets()) is not None
    assert time.process_time() - began < 3


def test_pages_that_are_not_of_the_form_stay_whole_behind_its_answers() -> None:
    read = a_scan({"concern.words": "He is cold"}, pages=(1, 2))
    letter = tuple(replace(one, page=3) for one in a_scan({}, pages=(3,), keep=lambda of: not of).segments[:2])
    read = replace(read, segments=(*read.segments, *letter))
    told = told_apart_on_paper(read, found(read))
    assert told.segments[-2:] == letter and told.text.startswith("What are you worried about?\nHe is cold\n")


def test_an_answer_says_where_it_stands_and_how_sure_the_machine_is() -> None:
    read = a_scan(STATED, moved=TURNED)
    stated = {each.key: each for each in form_of(read).stated()}
    address = stated[Entity.PLACE, 0, "address"]
    assert address.words == "7 Harrow Way\nNorthtown" and address.confidence == pytest.approx(0.8)
    assert address.place["page"] == 4 and address.place["field"] == "place.address"
    box = address.place["box"]
    assert isinstance(box, list) and all(0 < side < 1 for side in box) and box[3] - box[1] > 0.02
    assert stated[Entity.CHILD, 1, "dob"].value_norm == "2019-05-03"


async def test_a_form_on_paper_is_kept_as_proposed_claims_with_who_told_us_sealed(core: Core) -> None:
    reference = await receive(core, a_mail(("note.txt", b"x")))
    with core.database.reading() as session:
        part_id = attachment.of_referrals(session, [row_of(session, reference).id or 0])[0].id
    read = a_scan(STATED | WHO, moved=TURNED)
    core.forms.prepare(read)
    with core.database.transaction() as session:
        core.forms.add_read(session, part_id, read, at=core.clock())
    rows = claims_of(core, reference)
    assert {json.loads(each.place)["field"]: opened(core.seal, each).value for each in rows} == STATED | WHO
    assert {each.extractor for each in rows} == {"standard form on paper v1"}
    assert "Quillfeather" not in everything_kept(core) and "nobody is home" in everything_kept(core)


def test_the_places_are_those_of_the_form_that_is_given_out() -> None:
    names = [room.name for sheet in blank_sheets(OURS) for room in sheet.rooms]
    assert list(dict.fromkeys(names)) == [field.name for field in the_form().fields()]

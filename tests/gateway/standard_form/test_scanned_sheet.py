"""A sheet of the form on which somebody wrote, scanned askew and read by the real reader."""

from __future__ import annotations

import pytest

from gateway.standard_form.files import blank_sheets
from gateway.standard_form.from_paper import from_paper, may_be_ours
from gateway.standard_form.telling_apart import told_apart_on_paper
from tests.gateway.standard_form.drawn import a_scanned_sheet
from tests.gateway.standard_form.filled import OURS, STATED, Here
from transcription.contract import Transcript

ON_IT = {name: value for name, value in STATED.items() if name.startswith(("place.", "child.1."))} | {
    "place.phone": "01632 960333"
}


@pytest.fixture(scope="module")
def read() -> Transcript:
    return Here().read(a_scanned_sheet(4, ON_IT, askew=2), "scan.png")


def test_what_was_written_on_a_scanned_sheet_is_read_with_its_place(read: Transcript) -> None:
    assert may_be_ours(read)
    found = from_paper(read, blank_sheets(OURS))
    assert found is not None and found.form is not None and found.beside == ()
    read_back = {answer.field.name: answer.value.replace(" ", "") for answer in found.form.answers}
    assert read_back == {name: value.replace(" ", "") for name, value in ON_IT.items()}
    rooms = {(room.name, room.value): room.area for room in blank_sheets(OURS)[3].rooms}
    for answer in found.form.answers:
        area = rooms.get((answer.field.name, "")) or rooms[answer.field.name, answer.value]
        assert answer.box is not None and abs((answer.box[1] + answer.box[3]) / 2 * 842 - area.middle.imag) < 25


def test_the_code_of_the_sheet_is_read_and_what_is_ticked_is_told_by_its_question_only(read: Transcript) -> None:
    assert [field.value for field in read.fields if field.kind == "code"] == ["FRONTDOOR:FORM:1:4"]
    found = from_paper(read, blank_sheets(OURS))
    assert found is not None
    told = told_apart_on_paper(read, found)
    assert "Ticked" in read.note and "Ticked" not in told.note
    assert "Child 1, Sex:\nBoy" in told.text and "First name:\nAlfie" in told.text

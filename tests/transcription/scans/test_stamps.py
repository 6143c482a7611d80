"""A fax header is told from a first line that merely holds a date, a stamp from a heading in colour."""

import pytest

from transcription.scans.rows import Piece
from transcription.scans.stamps import across_the_text, fax_header, without_shadows


def at(text: str, left: float, top: float, right: float, bottom: float) -> Piece:
    return Piece(text=text, confidence=1.0, left=left, right=right, top=top, bottom=bottom)


@pytest.mark.parametrize(
    "line",
    [
        "17-MAR-2026 09:11 FROM 01632960100 TO 01632960999 P.01",
        "03/04/2026 14:02 Fax: 01632 960100 Page 2",
        "2026-03-17 09.11 FAX 01632960100 P 1",
    ],
)
def test_a_sending_machines_line_is_a_header(line: str) -> None:
    assert fax_header([(at(line, 0, 0, 900, 20),)]) == f"Fax header: {line}."


@pytest.mark.parametrize(
    "line",
    ["17 March 2026", "Tel 01632 960118", "On 17-03-2026 at 09:11 he rang from 01632 960100 again", "Dear team", ""],
)
def test_a_letters_first_line_is_not(line: str) -> None:
    assert fax_header([(at(line, 0, 0, 900, 20),)] if line else []) == ""


def test_what_lies_across_the_writing_is_a_stamp_with_all_its_lines() -> None:
    received, day = at("RECEIVED", 100, 100, 300, 140), at("16 MAR 2026", 100, 145, 300, 185)
    heading = at("Northshire Council", 0, 0, 300, 30)
    assert across_the_text([heading, received, day], [at("the boy was cold", 0, 110, 900, 130)]) == [received, day]


def test_the_pale_shadow_of_a_stamp_is_not_read_again_as_black_writing() -> None:
    stamp, letter = at("RECEIVED", 100, 100, 300, 140), at("the boy was cold", 0, 110, 900, 130)
    shadow = at("Received", 105, 102, 298, 139)
    assert without_shadows([letter, shadow], [stamp]) == [letter]


def test_colour_that_touches_no_writing_is_no_stamp() -> None:
    assert across_the_text([at("Northshire Council", 0, 0, 300, 30)], [at("Dear team", 0, 60, 300, 90)]) == []

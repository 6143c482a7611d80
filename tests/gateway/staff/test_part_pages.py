"""Addresses of places on pages, and lines cut at their words."""

from __future__ import annotations

import pytest

from gateway.staff.part_pages import box_asked_for, pieces_on_page, place_address
from tests.gateway.pages_read import a_line


def test_a_place_goes_into_an_address_and_comes_back() -> None:
    address = place_address("p1", 3, [0.1, 0.2, 0.5, 0.25])
    assert address == "/parts/p1/read/3?box=0.1000,0.2000,0.5000,0.2500#marked"
    assert box_asked_for(address.partition("box=")[2].partition("#")[0]) == (0.1, 0.2, 0.5, 0.25)
    assert place_address("p1", None, None) == "/parts/p1/read/1"


@pytest.mark.parametrize("box", ["", "0.1,0.2", "0.5,0.2,0.1,0.3", "a,b,c,d", "1.1.1,0,0,0", "0,0,nan,1", '"><script>'])
def test_a_place_that_is_none_is_left_out(box: str) -> None:
    assert box_asked_for(box) is None


def test_a_line_cut_at_its_words_loses_no_sign_of_it() -> None:
    line = a_line("at  Harrow  Way.")
    pieces = pieces_on_page(line)
    assert "".join(piece.text for piece in pieces) == "at  Harrow  Way."
    assert [piece.word.text for piece in pieces if piece.word] == ["at", "Harrow", "Way."]

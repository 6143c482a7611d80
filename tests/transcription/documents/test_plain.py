"""Plain text and web pages are read in whatever encoding they came."""

import os

import pytest

from transcription.contract import CannotRead
from transcription.documents.plain import LARGEST_BYTES, decoded, read_plain_text, read_web_page, tidied

SENTENCE = "Zoë’s café costs £240 – she said “don’t tell”. Her address is 3 Hopyard Lane and she is très worried."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encoding_it_came_in(encoding: str) -> None:
    assert read_plain_text(SENTENCE.encode(encoding)).text == SENTENCE


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_damaged_byte_does_not_lose_the_rest(encoding: str) -> None:
    damaged = SENTENCE.encode(encoding).replace(b"address", b"addr\xc3\x28\x01ss")
    assert "Hopyard Lane and she is" in read_plain_text(damaged).text


def test_line_ends_of_every_system_are_lines() -> None:
    assert read_plain_text(b"one \r\ntwo\rthree\n\n\n\nfour\n").text == "one\ntwo\nthree\n\nfour"


def test_random_bytes_are_no_text() -> None:
    with pytest.raises(CannotRead) as refused:
        read_plain_text(os.urandom(5000))
    assert refused.value.reason == "broken"


def test_more_text_than_anybody_writes_is_too_large() -> None:
    with pytest.raises(CannotRead) as refused:
        decoded(b"a" * (LARGEST_BYTES + 1))
    assert refused.value.reason == "too_large"


def test_a_web_page_gives_the_words_a_reader_sees() -> None:
    page = (
        "<html><head><title>t</title><style>p{color:red}</style></head><body><h1>Report</h1><p>The <b>boy</b> is cold"
        "<br>and hungry</p><script>alert(1)</script><table><tr><td>Age</td><td>6</td></tr></table></body></html>"
    )
    words = read_web_page(page.encode()).text
    assert words.split() == ["Report", "The", "boy", "is", "cold", "and", "hungry", "Age", "6"]
    assert "Report\n" in words and "cold\n" in words


def test_a_page_nested_without_end_is_still_read() -> None:
    assert "help" in read_web_page(b"<div>" * 5000 + b"help" + b"</div>" * 5000).text


def test_paragraphs_become_segments() -> None:
    assert [segment.text for segment in read_plain_text(b"one\ntwo\n\nthree").segments] == ["one\ntwo", "three"]


def test_tidied_text_has_no_trailing_blanks_and_single_empty_lines() -> None:
    assert tidied("  a  \n\n\n\nb\t\n\n") == "  a\n\nb"

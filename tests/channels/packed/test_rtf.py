"""Rich text gives its words, or the page it was made from."""

import compressed_rtf  # type: ignore[import-untyped]
import pytest

from channels.packed.rtf import html_or_text, unpacked_rtf


def words(rich: bytes) -> str:
    found = html_or_text(rich)
    assert found is not None
    return found.words


@pytest.mark.parametrize(
    ("rich", "said"),
    [
        (rb"{\rtf1\ansi He said \'93no\'94.\par Twice\tab.}", "He said “no”.\nTwice\t."),
        (rb"{\rtf1\ansi {\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator Word}words}", "words"),
        (rb"{\rtf1\ansi\uc1 \u8220?no\u8221? \u-10179?\u-8704?}", "“no” \U0001f600"),
        (rb"{\rtf1\ansi\uc2 \u233\'c3\'a9!}", "é!"),
        (rb"{\rtf1\ansicpg932 \'8e\'71\'8b\'9f}", "子供"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f0 a {\f1 \'e4\'e0} b}", "a да b"),
        (rb"{\rtf1 a{\pict 0102ff}b \{c\} d\~e\bin3 x}yf}", "ab {c} d\u00a0ef"),
        (rb"{\rtf1 open {never closed", "open never closed"),
        (rb"{\rtf1 closed}} too often}", "closed too often"),
    ],
)
def test_its_words_are_read(rich: bytes, said: str) -> None:
    assert words(rich) == said


def test_the_page_it_was_made_from_comes_back() -> None:
    rich = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 He said \'93no\'94 & left"
        rb"{\*\htmltag84 <br>}\htmlrtf \line \htmlrtf0 again\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}{\*\mhtmltag72 x}}"
    )
    found = html_or_text(rich)
    assert found is not None
    assert (found.is_html, found.words) == (True, "<p>He said “no” &amp; left<br>again</p>")


def test_out_of_its_compression_it_is_the_same_and_damage_gives_nothing() -> None:
    rich = rb"{\rtf1\ansi " + b"He was hungry. " * 40 + b"}"
    packed = compressed_rtf.compress(rich)
    assert unpacked_rtf(packed) == rich
    assert unpacked_rtf(packed[:-20]) == b""
    assert unpacked_rtf(b"x") == b""
    assert unpacked_rtf((10**9).to_bytes(4, "little") * 2 + packed[8:]) == b""


def test_other_text_is_none() -> None:
    assert html_or_text(b"words") is None

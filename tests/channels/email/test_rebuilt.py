"""A page written anew says the same, and no page makes its tree slow or large."""

import time

import pytest

from channels.email.html import plain_text
from channels.email.rebuilt import rebuilt
from gateway.laid_out import Pictures, TooDeep, sanitised

SECONDS = 8
REOPENED = "<p>" + "".join(f"<font a={n}>" for n in range(300)) + "<p>the words of this mail" * 15_000
ATTRIBUTES = "<p " + " ".join(f"a{n}=1" for n in range(150_000)) + ">the words"
NESTED = "<blockquote>the words of this mail" * 60_000
QUOTED = "<blockquote type=cite>the words" * 15_000


@pytest.mark.parametrize(
    "page", [REOPENED, ATTRIBUTES, NESTED, QUOTED], ids=["reopened", "attributes", "nest", "quote"]
)
def test_a_page_built_to_hang_its_reader_is_read_at_once(page: str) -> None:
    began = time.monotonic()
    assert "the words" in plain_text(page)
    try:
        shown = sanitised(page, Pictures(by_id={})).html
    except TooDeep:
        shown = ""
    assert time.monotonic() - began < SECONDS
    assert len(shown) < 4 * len(page)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<frameset><frame src=x></frameset>seen", "seen"),
        ("<style>p{}<p>seen", "p{}\n\nseen"),
        ("one<!-- not --!>two<!-->three", "onetwothree"),
        ("<title>unclosed<p>seen", "unclosed\n\nseen"),
        ("write to <sam@example.org> or a < b", "write to <sam@example.org> or a < b"),
        ('<img alt="3 > 2"><p title=it\'s>seen', "[3 > 2]\n\nseen"),
        ("<textarea>typed &amp; seen</textarea>", "typed & seen"),
        ("<IMG ALT='blue' ALT='red'>", "[blue]"),
    ],
)
def test_no_words_are_lost_to_a_broken_tag(page: str, words: str) -> None:
    assert plain_text(page) == words


def test_only_the_attributes_that_are_asked_for_stay_and_none_breaks_out() -> None:
    page = "<IMG onerror=x src='a\"><script>' ALT=b/><P CLASS=c>"
    assert rebuilt(page, attributes={"src", "alt"}) == '<img src="a&quot;&gt;&lt;script&gt;" alt="b/"><p>'


def test_formatting_may_be_made_plain_or_left_out() -> None:
    assert rebuilt("<B>a</b><font color=red>b</font>", attributes=(), plain=True) == ("<span>a</span><span>b</span>")
    assert rebuilt("<b>a</b><p>b", attributes=(), without={"b"}) == "a<p>b"

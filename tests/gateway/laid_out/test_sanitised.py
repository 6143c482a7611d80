"""A mail's page made safe: what no page of a stranger may hold is gone, what somebody wrote is still there."""

from __future__ import annotations

import base64
import contextlib
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.laid_out import Picture, Pictures, TooDeep, document, sanitised
from gateway.laid_out.allowed import ATTRIBUTES, NEVER_READ, TAGS
from tests.gateway.laid_out.attacks import ATTACKS

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PLAIN, LOGO = "xn--pple-43d.example", "logo@example.org"


def pictures() -> Pictures:
    """Of a mail that came with one."""
    return Pictures(by_id={LOGO: Picture(content=PNG)})


def shown(html: str) -> str:
    """The safe page of it."""
    return sanitised(html, pictures()).html


def words(html: str) -> str:
    """What is read there."""
    body = LexborHTMLParser(shown(html)).body
    return " ".join(body.text().split()) if body else ""


def test_the_attacks_are_many() -> None:
    assert len(set(ATTACKS)) >= 120


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_fetches_or_leads_away_is_left(attack: str) -> None:
    for page in (attack, f"<p>Words</p>{attack}<p>More words</p>", f"<table><tr><td>{attack}</table>"):
        tree = LexborHTMLParser(shown(page))
        for node in tree.css("body *"):
            assert node.tag in TAGS, node.tag
            for name, value in node.attributes.items():
                assert name in ATTRIBUTES["*"] or (node.tag, name) == ("img", "src"), name
                assert not (name == "src" and not str(value).startswith("data:image/png;base64,"))
                assert name != "style" or not set(str(value)) & set("\\@{}<>/*"), value
                assert name != "style" or "url" not in str(value)


def test_both_lists_of_tags_exclude_each_other() -> None:
    assert not TAGS & NEVER_READ and "a" in TAGS and "href" not in ATTRIBUTES["*"]


def test_what_was_laid_out_stays_laid_out() -> None:
    page = '<table width="600" bgcolor="#eeeeee"><tr><td style="color: red; padding: 4px 8px">In red</td></tr></table>'
    safe = shown(page)
    assert 'width="600"' in safe and 'bgcolor="#eeeeee"' in safe and "color: red; padding: 4px 8px" in safe


HIDING = (
    "display:none", "visibility:hidden", "opacity:0", "position:absolute;left:-9999px", "margin-left:-999px",
    "font-size:0;mso-hide:all;max-height:0;overflow:hidden", "text-indent:-999px", "clip:rect(0,0,0,0)", "z-index:9",
    "line-height:0", "font-size:1px",
)  # fmt: skip


@pytest.mark.parametrize("hidden", HIDING)
def test_no_style_can_hide_words_or_lay_them_over_others(hidden: str) -> None:
    assert "style" not in shown(f"<p style='{hidden}'>Words</p>")
    assert words(f"<p style='{hidden}'>Words</p>") == "Words"


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ('<a href="https://evil.example/login">bank.example</a>', "bank.example [goes to https://evil.example/login]"),
        ('<a href="https://www.example.org/">www.example.org</a>', "www.example.org"),
        ('<a href="mailto:a@example.org">a@example.org</a>', "a@example.org"),
        ('<a href="mailto:b@example.org">a@example.org</a>', "a@example.org [goes to mailto:b@example.org]"),
        ('<a href="#top">Top</a>', "Top"),
        ('<a href="java\nscript:alert(1)">x</a>', "x [does not lead anywhere: what stood behind it was taken out]"),
        ('<a href="https://xn--80ak6aa92e.com/">a</a>', "a [goes to https://xn--80ak6aa92e.com/]"),
        ('<a href="https://\u0430pple.example/">a</a>', f"a [goes to https://\u0430pple.example/ (that is {PLAIN})]"),
        ('<a href="https://a.example/\u202etxt.exe">a</a>', "a [goes to https://a.example/txt.exe]"),
        ('<a href="https://[bad/">a</a>', "a [goes to https://[bad/]"),
    ],
)  # fmt: skip
def test_a_link_leads_nowhere_and_says_where_it_would_have_led(link: str, told: str) -> None:
    assert words(link) == told
    assert "href" not in shown(link)


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ("<img src=https://example.org/a.png>", "[picture on another server, not loaded]"),
        ("<img src=//example.org/a.png alt=Logo>", "[picture on another server, not loaded: Logo]"),
        ("<img src=https://example.org/dot.gif width=1 height=1>", ""),
        ("<img src=cid:nobody@example.org>", "[picture that did not come with the mail]"),
        ("<img src='data:image/svg+xml,<svg onload=x>'>", "[picture that is not shown here: open it as a file]"),
        ("<img alt='<b>x</b>' src=a.png>", "[picture on another server, not loaded: <b>x</b>]"),
    ],
)
def test_a_picture_that_is_not_shown_leaves_words_in_its_place(picture: str, told: str) -> None:
    assert words(picture) == told and "<img" not in shown(picture)


@pytest.mark.parametrize(
    "source",
    ["cid:logo@example.org", "CID:LOGO%40example.org", f"data:image/png;base64,{base64.b64encode(PNG).decode()}"],
)
def test_a_picture_that_came_with_the_mail_is_shown_from_within_the_page(source: str) -> None:
    safe = sanitised(f"<img src='{source}' alt=Logo>", pictures())
    assert safe.html == f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="Logo">'
    assert safe.has_pictures and 'type="checkbox"' in document(safe)


def test_the_document_says_what_was_left_out_and_has_no_button_without_pictures() -> None:
    page = document(
        sanitised("<img src=http://a.example/1><img src=http://a.example/2><a href=http://b.example>x</a>", pictures())
    )
    assert "2 pictures on other servers were not loaded" in page and "Links do not work here" in page
    assert 'type="checkbox"' not in page


def test_a_page_cannot_close_the_box_it_stands_in() -> None:
    page = LexborHTMLParser(document(sanitised("</div></body></html><p id=x class=y>Words</p>", pictures())))
    inside = page.css_first("div.page p")
    assert inside is not None and inside.attributes == {}


@pytest.mark.parametrize(
    "piece", ["<p style='color:red'>x</p>", "<a href=x>y</a>", "<img src=http://x>", "<table><tr><td>", "<b>x</b><!--"]
)
def test_a_large_page_takes_no_longer_than_it_is(piece: str) -> None:
    began = time.perf_counter()
    with contextlib.suppress(TooDeep):
        shown(piece * (400_000 // len(piece)))
    assert time.perf_counter() - began < 3


def test_what_no_mail_program_nests_so_deep_is_refused_not_chewed() -> None:
    with pytest.raises(TooDeep):
        shown("<b>" * 100_000)

"""A page becomes the words a reader would see, and only those."""

import pytest

from channels.email.html import declared_charset, plain_text


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("", ""),
        ("just words &amp; more", "just words & more"),
        ("<p>Hel<b>lo</b></p><p>there</p>", "Hello\n\nthere"),
        ("<div>one<p>two</p>three<br>four</div>", "one\n\ntwo\n\nthree\nfour"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<div>a</div><div><br></div><div>b</div><div>c</div>", "a\n\nb\nc"),
        ("<table><tr><td>name</td><td>age 6</td></tr></table>", "name\nage 6"),
        ("<style>p{}</style><script>x()</script><title>t</title>seen", "seen"),
        ("<a href='https://example.org'>the link</a>", "the link"),
        ("<img alt='a blue door'><img alt=''><img>", "[a blue door]"),
        ("a&nbsp;b\u200b\u00adc   d\n e", "a bc d e"),
        ("<blockquote>quoted</blockquote>new", "quoted\n\nnew"),
        ("<p>unclosed <b>bold", "unclosed bold"),
    ],
)
def test_the_words_of_a_page(page: str, seen: str) -> None:
    assert plain_text(page) == seen


def test_nothing_is_lost_however_deep_it_stands() -> None:
    assert plain_text("<div>" * 5000 + "deep" + "</div>" * 5000 + "after").split() == ["deep", "after"]


def test_a_page_may_say_its_own_charset() -> None:
    assert declared_charset(b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">') == "koi8-r"
    assert declared_charset(b"<meta charset='utf-8'>") == "utf-8"
    assert declared_charset(b"<p>charset=utf-8</p>") is None


def test_the_quoted_lines_of_a_reply_are_marked_as_plain_mails_mark_them() -> None:
    page = (
        "<p>New</p><p>On 2 Nov 2026, Sam wrote:</p><blockquote type=cite>Old<br>lines<blockquote class=gmail_quote>"
        "older</blockquote></blockquote><p>More</p><blockquote>Not a reply's</blockquote>"
    )
    said = [line for line in plain_text(page).split("\n") if line.strip(" >")]
    assert said == ["New", "On 2 Nov 2026, Sam wrote:", "> Old", "> lines", ">> older", "More", "Not a reply's"]


def test_a_page_of_more_tags_than_anybody_writes_is_read_whole() -> None:
    cells = "<tr><td>cell</td></tr>" * 8_000
    page = f"<style>x</style><head><p>above</p><table>{cells}</table><img alt='a &amp; b'><template>under</template>"
    said = plain_text(page).split("\n")
    assert said[0] == "above"
    assert said.count("cell") == 8_000
    assert said[-1] == "[a & b]under"

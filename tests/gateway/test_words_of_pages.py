"""Every word a page can say goes through the catalogue, and is gathered for translators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

from gateway.pages import HERE
from tests.gathered_words import gathered

TEMPLATES = HERE / "templates"
WORD = re.compile(r"[A-Za-z]{2}")
SENTENCE = re.compile(r"^[A-Z][a-z]|[a-z]{2},? [a-z]")
SPOKEN = {"aria-label", "title", "alt", "placeholder"}
SAYS = {"_", "ngettext", "gettext"}
NO_WORDS = {
    "frontdoor-public", "staff", "staff-wide", "Quoted", "zoe o'rourke", '"without a coat"',
    'aria-describedby=""', 'x="" y="" width="" height=""', "download>", "<option",
}  # fmt: skip
"""Classes and attributes that a macro or block gives, an example of what to type, and what is asked of a value."""
LEXER = Environment(extensions=["jinja2.ext.i18n"])


class Shown(HTMLParser):
    """Collects what a reader sees or hears of a page that has nothing in the places of its values."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """Between two tags."""
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Its attributes that are read out or shown."""
        self.found += [words for name, words in attrs if words and name in SPOKEN]


def written_plainly(template: str) -> Iterator[str]:
    """The words of a template beside the catalogue: in its text, its attributes, and in its code."""
    tokens = [token for token in LEXER.lexer.tokeniter(template, "page") if token[1] != "whitespace"]
    shown = Shown()
    shown.feed("".join(value for _, kind, value in tokens if kind == "data"))
    shown.close()
    yield from (" ".join(words.split()) for words in shown.found if WORD.search(words))
    within: list[str] = []
    for number, (_, kind, value) in enumerate(tokens):
        if kind == "operator" and value == "(":
            within.append(tokens[number - 1][2])
        elif kind == "operator" and value == ")":
            within = within[:-1]
        elif kind == "string" and not (within and within[-1] in SAYS) and SENTENCE.search(value[1:-1]):
            yield value[1:-1]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_a_template_says_every_word_through_the_catalogue(path: Path) -> None:
    assert set(written_plainly(path.read_text("utf-8"))) - NO_WORDS == set()


def test_words_beside_the_catalogue_would_be_found() -> None:
    assert list(written_plainly('<p>{{ _("Said") }} plainly</p>')) == ["plainly"]
    assert list(written_plainly('<p title="Not {{ n }}">{{ "Not this" if x else _("This, and that") }}</p>')) == [
        "Not", "Not this",
    ]  # fmt: skip


def test_translators_are_given_the_words_of_templates_and_those_made_beside_them() -> None:
    assert len(gathered()) > 1000
    of_a_template, for_a_code, put_together = "What was said and done", "Not looked at yet", "overdue by %(span)s"
    kept_with_a_referral, of_a_step = "Decide the next steps", "It is closed. Reopen it first."
    assert {of_a_template, for_a_code, put_together, kept_with_a_referral, of_a_step} <= gathered()
    assert ("%(num)s day", "%(num)s days") in gathered()

"""How every page of ours is drawn: one set of templates, GOV.UK's components without its identity, safe headers."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import cast

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from gateway.looks import look_of
from gateway.translating import PageWords, said

HERE = Path(__file__).parent
STATIC = HERE / "static"

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
        " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What we say is seen by nobody else who uses the same browser or sits between, and runs no script but our own."""


def environment(*, organisation: str, phone: str, words: PageWords | None = None) -> Jinja2Templates:
    """The templates. ``organisation`` and ``phone`` (as printed) stand on every page.

    Every template has ``phone_link``, the filters ``sentence`` and ``worded``, and ``asset("frontdoor.css")``: a
    static file's address that changes with it.
    """
    drawing = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(HERE / "templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    (words or PageWords()).install(drawing)
    drawing.filters |= {"sentence": sentence, "worded": worded}
    drawing.globals |= {
        "organisation": organisation,
        "phone": phone,
        "phone_link": "tel:" + "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
        "asset": asset,
    }
    return Jinja2Templates(env=drawing)


def sentence(words: str) -> str:
    """With a capital first letter; names, references and what follows a full stop keep theirs."""
    return words[:1].upper() + words[1:]


def draw(
    templates: Jinja2Templates, request: Request, name: str, *, status_code: int = 200, **values: object
) -> Response:
    """One page from the template ``name``, with the headers every page of ours carries."""
    words = cast(PageWords, templates.env.globals["page_words"])
    language = words.language_of(request)
    shown = {"look": look_of(request), "language": language} | values
    with words.spoken(language):
        return templates.TemplateResponse(request, name, shown, status_code=status_code, headers=dict(HEADERS))


def worded(words: object) -> str:
    """What one of us wrote in English, in the language of the page; what the catalogue does not have stays as it is.

    What it lacks as a whole, such as a rung and its task, is looked up on either side of the first colon.
    """
    whole = str(words)
    told, (before, colon, after) = said(whole), whole.partition(": ")
    return told if told != whole or not colon else said(before) + colon + said(after)


@cache
def asset(name: str) -> str:
    """The address of a file under ``static``; its mark changes when the file does, so browsers may keep it long."""
    try:
        mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    except OSError:
        return f"/static/{name}"
    return f"/static/{name}?v={mark}"

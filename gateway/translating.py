"""Says the words of our pages in the language somebody chose, as far as there is a catalogue of it."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request, Response
from jinja2 import Environment

CATALOGUES = Path(__file__).parent / "wording" / "pages"
COOKIE = "frontdoor_language"
KEPT_FOR = 400 * 24 * 3600  # seconds, the longest a browser keeps one
WRITTEN_IN = "en"


class PageWords:
    """The catalogues of a folder: for each language a file ``<code>.po`` (ISO 639-1), as gettext has them.

    What a catalogue lacks, or marks as unsure ("fuzzy"), stays English.
    """

    def __init__(self, folder: Path = CATALOGUES) -> None:
        self._folder = folder
        self._spoken: ContextVar[str] = ContextVar("language", default=WRITTEN_IN)

    @cached_property
    def languages(self) -> dict[str, str]:
        """What each language there are pages in calls itself, by its code; English first."""
        return {code: own_name(code) for code in (WRITTEN_IN, *self._catalogues)}

    def language_of(self, request: Request) -> str:
        """What the browser's cookie says, English where that is none of ours."""
        chosen = request.cookies.get(COOKIE, "")
        return chosen if chosen in self.languages else WRITTEN_IN

    @contextmanager
    def spoken(self, language: str) -> Iterator[None]:
        """Within it pages are drawn in that language."""
        before = self._spoken.set(language)
        try:
            yield
        finally:
            self._spoken.reset(before)

    def install(self, drawing: Environment) -> None:
        """Give templates ``_("words")``, ``ngettext`` and the tag ``trans``."""
        drawing.globals["page_words"] = self
        drawing.install_gettext_callables(self._said, self._said_of, newstyle=True)  # type: ignore[attr-defined]

    def _said(self, words: str) -> str:
        return self._now.gettext(words)

    def _said_of(self, one: str, many: str, number: int) -> str:
        return self._now.ngettext(one, many, number)

    @property
    def _now(self) -> gettext.NullTranslations:
        return self._catalogues.get(self._spoken.get()) or gettext.NullTranslations()

    @cached_property
    def _catalogues(self) -> dict[str, gettext.GNUTranslations]:
        written = sorted(self._folder.glob("*.po"))
        return {path.stem: _compiled(path) for path in written if own_name(path.stem)}


def own_name(language: str) -> str:
    """What a language calls itself, such as Cymraeg; empty where the code is no language's."""
    try:
        return (Locale.parse(language).get_display_name(language) or language).capitalize()
    except (ValueError, UnknownLocaleError):
        return ""


def remember(response: Response, language: str, *, is_https: bool) -> None:
    """Keep the choice in this browser for as long as browsers keep anything."""
    response.set_cookie(
        COOKIE, language, max_age=KEPT_FOR, httponly=True, samesite="lax", secure=is_https, path="/"
    )  # fmt: skip


def _compiled(path: Path) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, locale=path.stem))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)

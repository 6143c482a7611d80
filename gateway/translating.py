"""Says the words of our pages in the language somebody chose, as far as there is a catalogue of it."""

from __future__ import annotations

import gettext
import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request, Response
from jinja2 import Environment

CATALOGUES = Path(__file__).parent / "wording" / "pages"
COOKIE = "frontdoor_language"
KEPT_FOR = 400 * 24 * 3600  # seconds, the longest a browser keeps one
WRITTEN_IN = "en"
FILLED = re.compile(r"%(?:%|\((\w+)\)s)")
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A language by its code, and its catalogue."""

    language: str = WRITTEN_IN
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)


_NOW: ContextVar[Spoken] = ContextVar("spoken", default=Spoken())  # noqa: B039 - it is never changed


def said(words: str, /, **values: object) -> str:
    """The words in the language of the page that is being drawn, each ``%(name)s`` in them filled in.

    Outside of a page they are English: what is kept on record or sent to people never is translated by this.
    """
    told = _NOW.get().catalogue.gettext(words) if words else ""
    return told % values if values else told


def said_of(one: str, many: str, number: int, /, **values: object) -> str:
    """The words for this number of things, ``%(num)s`` in them."""
    return _NOW.get().catalogue.ngettext(one, many, number) % ({"num": number} | values)


def language_now() -> str:
    """The code of the language of the page that is being drawn."""
    return _NOW.get().language


class Worded(Mapping[str, str]):
    """Words for codes, written in English, each read in the language of the page that is being drawn."""

    def __init__(self, english: Mapping[str, str]) -> None:
        self.english = english

    def __getitem__(self, code: str) -> str:
        return said(self.english[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)


class PageWords:
    """The catalogues of a folder: for each language a file ``<code>.po`` (ISO 639-1), as gettext has them.

    What a catalogue lacks, or marks as unsure ("fuzzy"), stays English.
    """

    def __init__(self, folder: Path = CATALOGUES) -> None:
        self._folder = folder

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
        catalogue = self._catalogues.get(language)
        before = _NOW.set(Spoken(language=language, catalogue=catalogue) if catalogue else Spoken())
        try:
            yield
        finally:
            _NOW.reset(before)

    def install(self, drawing: Environment) -> None:
        """Give templates ``_("words")``, ``ngettext`` and the tag ``trans``."""
        drawing.globals["page_words"] = self
        drawing.install_gettext_callables(said, _said_plainly, newstyle=True)  # type: ignore[attr-defined]

    @cached_property
    def _catalogues(self) -> dict[str, gettext.GNUTranslations]:
        written = (path for path in sorted(self._folder.glob("*.po")) if own_name(path.stem))
        return {path.stem: found for path in written if (found := _compiled(path)) is not None}


def _said_plainly(one: str, many: str, number: int) -> str:
    """As templates ask for it: they fill in the number themselves."""
    return _NOW.get().catalogue.ngettext(one, many, number)


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


def _compiled(path: Path) -> gettext.GNUTranslations | None:
    """The catalogue, without words that no page could fill in; None where it cannot be read: pages stay English."""
    compiled = io.BytesIO()
    try:
        with path.open("rb") as written:
            catalogue = read_po(written, locale=path.stem)
        for message in catalogue:
            if message.id and not _can_be_filled(message):
                message.flags.add("fuzzy")
        write_mo(compiled, catalogue)
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)
    except (OSError, LookupError, ValueError) as error:
        log.error("the page words in %s cannot be read: %s", path.stem, type(error).__name__)
        return None


def _can_be_filled(message: Message) -> bool:
    """Whether what fills in the English words fills in these too: another name, or a lone %, would break the page."""
    english, told = _together(message.id), _together(message.string)
    has_only_its_names = set(FILLED.findall(told)) <= {"", *FILLED.findall(english)}
    return has_only_its_names and ("%" not in FILLED.sub("", told) or "%" in FILLED.sub("", english))


def _together(words: str | Sequence[str] | None) -> str:
    return words if isinstance(words, str) else " ".join(words or ())

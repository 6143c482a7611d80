"""The words of our pages as ``make words`` gathers them for translators, and a catalogue that marks each of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from gateway.pages import HERE

GATHERED_BY = HERE.parent / "install" / "page_words.cfg"
KEYWORDS = {"_": None, "gettext": None, "said": None, "ngettext": (1, 2), "said_of": (1, 2)}


@cache
def gathered() -> frozenset[str | tuple[str, ...]]:
    """Each message, once in a process; of one with a number the words for one and for many."""
    with GATHERED_BY.open(encoding="utf-8") as written:
        methods, options = parse_mapping_cfg(written, filename=str(GATHERED_BY))  # type: ignore[no-untyped-call]
    return frozenset(words for _, _, words, _, _ in extract_from_dir(str(HERE), methods, options, keywords=KEYWORDS))


def marked_words(folder: Path) -> Path:
    """The folder with a catalogue in which every message stands between guillemets; Welsh, so that a page offers it."""
    catalogue = Catalog(locale="cy")
    for words in gathered():
        if isinstance(words, str):
            catalogue.add(words, f"«{words}»")
        else:
            catalogue.add(words, tuple(f"«{words[1]}»" for _ in range(catalogue.num_plurals)))
    folder.mkdir()
    with (folder / "cy.po").open("wb") as into:
        write_po(into, catalogue)
    return folder

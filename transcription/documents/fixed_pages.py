"""Reads XPS documents: the words of each page in the order in which they were printed on it."""

import re

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.packed import Package
from transcription.documents.plain import tidied
from transcription.documents.written import written

PAGE = re.compile(r"(?i).*/(\d+)\.fpage")
MOST_PAGES = 2000


def read_fixed_pages(data: bytes) -> Transcript:
    """One piece for each page; raises CannotRead for what has none."""
    package = Package(data)
    pages = sorted((name for name in package.names if PAGE.fullmatch(name)), key=lambda name: (len(name), name))
    if not pages:
        raise CannotRead(Unreadable.BROKEN, "no pages")
    if len(pages) > MOST_PAGES:
        raise CannotRead(Unreadable.TOO_LARGE, f"more than {MOST_PAGES} pages")
    return written((_words(package, name) for name in pages), "text of the XPS document")


def _words(package: Package, name: str) -> str:
    lines: list[list[str]] = []
    height = None
    for each in package.tree(name).iter():
        text = each.get("UnicodeString", "").removeprefix("{}")
        if not each.tag.endswith("}Glyphs") or not text:
            continue
        if each.get("OriginY") != height or not lines:
            lines.append([])
            height = each.get("OriginY")
        lines[-1].append(text)
    return tidied("\n".join("".join(line) for line in lines))

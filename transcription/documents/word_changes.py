"""Lists the tracked changes of a Word document: what was added and what was deleted, by whom and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

HEADING = "Tracked changes:"
LONGEST_ADDED = 200
"""Characters of added words that are repeated in the list; they stand whole in the text."""

BEFORE = 40
"""Characters before a deletion that show where it was."""

MOST_LISTED = 500
WORDS = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
MARKS = tuple(f"{space}{kind}" for space in WORDS for kind in ("ins", "del"))


@dataclass(frozen=True, kw_only=True)
class _Change:
    is_deleted: bool
    author: str
    day: str
    after: str
    words: str

    def as_line(self) -> str:
        what = "Deleted" if self.is_deleted else "Added"
        by = f" by {self.author}" if self.author else ""
        on = f" on {self.day}" if self.day else ""
        place = f" after “{self.after}”" if self.is_deleted and self.after else ""
        words = self.words
        if not self.is_deleted and len(words) > LONGEST_ADDED:
            words = f"{words[:LONGEST_ADDED]}…"
        return f"{what}{by}{on}{place}: {words}"


def tracked_changes(trees: list[Element]) -> str:
    """One line for each change under a heading; empty when nothing was tracked."""
    tracked = [tree for tree in trees if any(next(tree.iter(kind), None) is not None for kind in MARKS)]
    changes = [change for tree in tracked for each in tree.iter() if _local(each.tag) == "p" for change in _of(each)]
    lines = [change.as_line() for change in changes[:MOST_LISTED]]
    if len(changes) > MOST_LISTED:
        lines.append(f"and {len(changes) - MOST_LISTED} more: see the original")
    return "\n".join([HEADING, *lines]) if lines else ""


def _of(paragraph: Element) -> Iterator[_Change]:
    """Changes in a paragraph; runs that were changed together by one person are one change."""
    shown, last = "", None
    for run, changed in _runs(paragraph, None):
        words = _text(run, "delText" if changed is not None and _local(changed.tag) == "del" else "t")
        change = _change(changed, words, shown) if changed is not None and words.strip() else None
        if (
            change
            and last
            and (change.is_deleted, change.author, change.day) == (last.is_deleted, last.author, last.day)
        ):
            last = replace(last, words=last.words + change.words)
        elif change or words:
            if last:
                yield last
            last = change
        if not (change and change.is_deleted):
            shown += words
    if last:
        yield last


def _runs(element: Element, changed: Element | None) -> Iterator[tuple[Element, Element | None]]:
    for child in element:
        kind = _local(child.tag)
        if kind == "r":
            yield child, changed
        elif kind in {"ins", "del"}:
            yield from _runs(child, child)
        elif kind not in {"p", "moveFrom", "pPr"}:
            yield from _runs(child, changed)


def _change(changed: Element, words: str, shown: str) -> _Change:
    return _Change(
        is_deleted=_local(changed.tag) == "del",
        author=_attribute(changed, "author"),
        day=_attribute(changed, "date")[:10],
        after=shown[-BEFORE:].strip(),
        words=words,
    )


def _text(run: Element, wanted: str) -> str:
    return "".join(each.text or "" for each in run if _local(each.tag) == wanted)


def _attribute(element: Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == wanted), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]

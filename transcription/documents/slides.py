"""Reads PowerPoint presentations (.pptx): the words of each slide in order, its speaker's notes and its comments."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from transcription.contract import CannotRead, Transcript, Unreadable
from transcription.documents.packed import Package
from transcription.documents.plain import tidied
from transcription.documents.written import written

ENGINE = "text of the slides"
SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIELDS_LEFT_OUT = frozenset({"slidenum"})
MOST_SLIDES = 2000


def read_slides(data: bytes) -> Transcript:
    """One piece for each slide, in the order in which they are shown; raises CannotRead for what is none."""
    package = Package(data)
    slides = _in_order(package)
    if not slides:
        raise CannotRead(Unreadable.BROKEN, "no slides inside")
    if len(slides) > MOST_SLIDES:
        raise CannotRead(Unreadable.TOO_LARGE, f"more than {MOST_SLIDES} slides")
    return written((_slide(package, name, number) for number, name in enumerate(slides, start=1)), ENGINE)


def _in_order(package: Package) -> list[str]:
    names = sorted(filter(SLIDE.fullmatch, package.names), key=lambda name: int(SLIDE.sub(r"\1", name)))
    if "ppt/presentation.xml" not in package.names:
        return names
    parts = _related(package, "ppt/presentation.xml")
    listed = [
        parts.get(each.get(f"{{{RELATED}}}id", ""), "")
        for each in package.tree("ppt/presentation.xml").iter()
        if each.tag.endswith("}sldId")
    ]
    shown = [name for name in listed if name in names]
    return [*shown, *(name for name in names if name not in shown)]


def _related(package: Package, name: str) -> dict[str, str]:
    """The parts that a part refers to, by the ids it uses for them; nothing outside the package is looked at."""
    folder, _, file = name.rpartition("/")
    listed = f"{folder}/_rels/{file}.rels"
    if listed not in package.names:
        return {}
    return {
        each.get("Id", ""): _resolved(folder, each.get("Target", ""))
        for each in package.tree(listed)
        if each.get("TargetMode") != "External"
    }


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _slide(package: Package, name: str, number: int) -> str:
    tree = package.tree(name)
    opening = f"Slide {number} (hidden)" if tree.get("show") == "0" else f"Slide {number}"
    beside = [part for part in _related(package, name).values() if part in package.names]
    notes = [_text(package.tree(part)) for part in beside if part.startswith("ppt/notesSlides/")]
    comments = [_text(package.tree(part)) for part in beside if "comments/" in part]
    drawn = [_text(package.tree(part)) for part in beside if re.fullmatch(r"ppt/diagrams/data\d*\.xml", part)]
    pieces = [opening, _text(tree), *drawn]
    pieces += [f"Notes: {words}" for words in notes if words] + [f"Comments: {words}" for words in comments if words]
    return "\n".join(filter(None, pieces))


def _text(tree: Element) -> str:
    return tidied("".join(_words(tree)))


def _words(element: Element) -> Iterator[str]:
    kind = element.tag.rpartition("}")[2]
    if kind == "Fallback" or (kind == "fld" and element.get("type") in FIELDS_LEFT_OUT):
        return
    if kind in {"t", "text"}:
        yield element.text or ""
    elif kind == "br":
        yield "\n"
    for child in element:
        yield from _words(child)
    yield {"p": "\n", "tc": "\t", "tr": "\n", "text": "\n"}.get(kind, "")

"""What was filled into the content controls of a LibreOffice text, by their tags, and its text without those."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from transcription.contract import FormField

MOST_FIELDS = 2000
CONTROL, ITEM = "content-control", "list-item"
YES = frozenset({"true", "1"})
BREAKS = {"line-break": "\n", "tab": "\t", "s": " "}


def fields_in(tree: Element) -> Iterator[FormField]:
    """Every tagged control that somebody filled in, in order; one that still shows its prompt is empty.

    An answer of several paragraphs stands in as many controls of one tag: their words are lines of one answer.
    """
    found: dict[str, FormField] = {}
    for control in tree.iter():
        if _local(control.tag) != CONTROL or len(found) >= MOST_FIELDS:
            continue
        field = _field(control)
        if field is not None and (before := found.get(field.name)):
            said = f"{before.value}\n{field.value}"
            field = FormField(name=field.name, value=said, kind=field.kind, label=field.label, words=said)
        if field is not None:
            found[field.name] = field
    yield from found.values()


def without_fields(tree: Element) -> None:
    """Take what stands in tagged controls out of a tree."""
    for control in tree.iter():
        if _local(control.tag) == CONTROL and _attribute(control, "tag"):
            tail = control.tail
            control.clear()
            control.tail = tail


def _field(control: Element) -> FormField | None:
    name, label = _attribute(control, "tag").strip(), _attribute(control, "alias")
    if not name or _is(control, "showing-place-holder"):
        return None
    if _is(control, "checkbox"):
        ticked = _is(control, "checked")
        return FormField(name=name, value="yes", kind="tick", label=label, words="yes") if ticked else None
    words = "".join(_words(control)).strip()
    if not words:
        return None
    offered = {_attribute(i, "display-text"): _attribute(i, "value") for i in control if _local(i.tag) == ITEM}
    kind = "choice" if offered else "date" if _is(control, "date") else "text"
    return FormField(name=name, value=offered.get(words) or words, kind=kind, label=label, words=words)


def _words(element: Element) -> Iterator[str]:
    yield BREAKS.get(_local(element.tag), "")
    yield element.text or ""
    for each in element:
        yield from _words(each)
        yield each.tail or ""


def _is(control: Element, name: str) -> bool:
    return _attribute(control, name).lower() in YES


def _attribute(element: Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == wanted), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]

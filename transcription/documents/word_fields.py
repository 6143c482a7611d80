"""What was filled into a Word document's content controls, by their tags, and its text without those."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from transcription.contract import FormField

MOST_FIELDS = 2000
KINDS = {"date": "date", "dropDownList": "choice", "comboBox": "choice", "checkbox": "tick"}
YES = frozenset({"1", "true", "on"})
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}


def fields_in(tree: Element) -> Iterator[FormField]:
    """Every tagged control that somebody filled in, in order; one that still shows its prompt is empty."""
    found = 0
    for control in tree.iter():
        if _local(control.tag) != "sdt" or found >= MOST_FIELDS:
            continue
        field = _field(control)
        if field is not None:
            found += 1
            yield field


def without_fields(tree: Element) -> None:
    """Take what stands in tagged controls out of a tree."""
    for control in tree.iter():
        if _local(control.tag) == "sdt" and _tag_of(_child(control, "sdtPr")):
            content = _child(control, "sdtContent")
            for each in list(content if content is not None else ()):
                _empty(each)


def _empty(element: Element) -> None:
    for each in element.iter():
        if _local(each.tag) in ("t", "delText", "sym", "checkBox"):
            each.text = ""
            each.tag = "left-out"


def _field(control: Element) -> FormField | None:
    properties, content = _child(control, "sdtPr"), _child(control, "sdtContent")
    name = _tag_of(properties)
    if properties is None or content is None or not name:
        return None
    kind = next((KINDS[_local(each.tag)] for each in properties if _local(each.tag) in KINDS), "text")
    label = _value(_child(properties, "alias"))
    if kind == "tick":
        return FormField(name=name, value="yes", kind=kind, label=label, words="yes") if _ticked(properties) else None
    words = "" if _shows_prompt(properties) else _words(content).strip()
    if not words:
        return None
    return FormField(name=name, value=_chosen(properties, words), kind=kind, label=label, words=words)


def _tag_of(properties: Element | None) -> str:
    return _value(_child(properties, "tag")).strip() if properties is not None else ""


def _shows_prompt(properties: Element) -> bool:
    prompt = _child(properties, "showingPlcHdr")
    return prompt is not None and _value(prompt) not in ("0", "false", "off")


def _ticked(properties: Element) -> bool:
    box = _child(properties, "checkbox")
    checked = _child(box, "checked") if box is not None else None
    return checked is not None and _value(checked).lower() in YES


def _chosen(properties: Element, words: str) -> str:
    """The value behind the words of a choice; what is on no list is taken as it stands."""
    for offered in properties:
        for item in offered:
            if _local(item.tag) == "listItem" and _attribute(item, "displayText") == words:
                return _attribute(item, "value") or words
    return words


def _words(content: Element) -> str:
    """The words of a control, its paragraphs as lines."""
    said: list[str] = []
    _say(content, said)
    return "".join(said).replace("\n\n", "\n")


def _say(element: Element, said: list[str]) -> None:
    kind = _local(element.tag)
    if kind in ("sdtPr", "rPr", "pPr", "delText", "instrText", "Fallback", "moveFrom"):
        return
    if kind == "t":
        said.append(element.text or "")
    said.append(BREAKS.get(kind, ""))
    for each in element:
        _say(each, said)
    if kind == "p":
        said.append("\n")


def _child(element: Element | None, wanted: str) -> Element | None:
    return next((each for each in element if _local(each.tag) == wanted), None) if element is not None else None


def _value(element: Element | None) -> str:
    return _attribute(element, "val") if element is not None else ""


def _attribute(element: Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == wanted), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]

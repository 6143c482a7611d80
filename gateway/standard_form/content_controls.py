"""Word's content controls: a place to write, choose, date or tick, which carries the name of its question."""

from __future__ import annotations

import zlib

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from gateway.standard_form.questions import Field, Kind

EMPTY_BOX, TICKED_BOX = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH X}"
LONGEST_TITLE = 64  # of a control's own label in Word
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
TICK = (
    f'<w14:checkbox xmlns:w14="{W14}"><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" '
    'w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)


def control(field: Field, *, placeholder: str) -> BaseOxmlElement:
    """The control for a question, empty: ``placeholder`` stands in it until somebody writes."""
    kind = field.question.kind
    is_tick = kind is Kind.TICK
    words = EMPTY_BOX if is_tick else placeholder
    return _control(field.name, field.spoken, _of_kind(field), words, is_placeholder=not is_tick)


def fixed(name: str, title: str, words: str) -> BaseOxmlElement:
    """A control whose words nobody changes by mistake."""
    locked = _element("w:lock", val="sdtContentLocked")
    return _control(name, title, [locked, OxmlElement("w:text")], words, is_placeholder=False)


def _control(
    name: str, title: str, of_kind: list[BaseOxmlElement], words: str, *, is_placeholder: bool
) -> BaseOxmlElement:
    properties = OxmlElement("w:sdtPr")
    properties.append(_element("w:alias", val=title[:LONGEST_TITLE]))
    properties.append(_element("w:tag", val=name))
    properties.append(_element("w:id", val=str(zlib.crc32(name.encode()) >> 1)))
    if is_placeholder:
        properties.append(OxmlElement("w:showingPlcHdr"))
    for each in of_kind:
        properties.append(each)
    content = OxmlElement("w:sdtContent")
    content.append(_run(words, is_placeholder=is_placeholder))
    made = OxmlElement("w:sdt")
    made.append(properties)
    made.append(content)
    return made


def _of_kind(field: Field) -> list[BaseOxmlElement]:
    kind = field.question.kind
    if kind is Kind.CHOICE:
        chosen = OxmlElement("w:dropDownList")
        for value, words in field.question.choices:
            chosen.append(_element("w:listItem", displayText=words, value=value))
        return [chosen]
    if kind is Kind.DATE:
        return [_date()]
    if kind is Kind.TICK:
        return [parse_xml(TICK)]
    return [_element("w:text", multiLine="1") if kind is Kind.WORDS else OxmlElement("w:text")]


def _date() -> BaseOxmlElement:
    date = OxmlElement("w:date")
    for name, value in (
        ("w:dateFormat", "d MMMM yyyy"),
        ("w:lid", "en-GB"),
        ("w:storeMappedDataAs", "date"),
        ("w:calendar", "gregorian"),
    ):
        date.append(_element(name, val=value))
    return date


def _run(words: str, *, is_placeholder: bool) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    if is_placeholder:
        properties = OxmlElement("w:rPr")
        properties.append(_element("w:rStyle", val="PlaceholderText"))
        run.append(properties)
    text = OxmlElement("w:t")
    text.text = words
    run.append(text)
    return run


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element

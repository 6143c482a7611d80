"""Fills in the Word form as somebody does in Word: what they write takes the place of the prompt."""

from __future__ import annotations

import io
from collections.abc import Mapping
from copy import deepcopy

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from gateway.standard_form.content_controls import TICKED_BOX, W14

FROM_A_SCHOOL = {
    "concern.words": "Sky comes to school hungry.\nShe says that nobody is at home in the evening.",
    "concern.when": "Every day since half term",
    "child.1.given_name": "Sky", "child.1.family_name": "Example", "child.1.dob": "3 May 2019",
    "child.1.sex": "female", "child.1.school": "Elm Lane Primary School",
    "child.2.given_name": "Ocean", "child.2.dob": "about 3",
    "adult.1.name": "Jordan Example", "adult.1.relation": "Mother", "adult.1.lives_with_child": "yes",
    "place.address": "12 Fern Road\nNorthtown", "place.postcode": "NT3 4QQ",
    "concern.immediate_danger": "no",
    "referrer.name": "Alex Example", "referrer.role": "Designated safeguarding lead",
    "referrer.organisation": "Elm Lane Primary School", "referrer.phone": "01632 960150",
    "referrer.safe_to_call": "yes", "referrer.parents_told": "Yes, on Friday",
}  # fmt: skip


def filled_form(empty: bytes, answers: Mapping[str, str]) -> bytes:
    """The form with these answers by question; ``yes`` ticks a box, a choice is answered by its value."""
    document = Document(io.BytesIO(empty))
    for control in document.element.body.iter(qn("w:sdt")):
        properties, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
        name = properties.find(qn("w:tag")).get(qn("w:val"))
        if answers.get(name):
            _write(content, _as_shown(properties, answers[name]))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _as_shown(properties: BaseOxmlElement, value: str) -> str:
    """What stands in the control afterwards; the control is told that it was filled in."""
    prompt = properties.find(qn("w:showingPlcHdr"))
    if prompt is not None:
        properties.remove(prompt)
    for box in properties.iter(f"{{{W14}}}checked"):
        box.set(f"{{{W14}}}val", "1")
        return TICKED_BOX
    offered = {item.get(qn("w:value")): item.get(qn("w:displayText")) for item in properties.iter(qn("w:listItem"))}
    return offered.get(value) or value


def _write(content: BaseOxmlElement, words: str) -> None:
    run = content.find(qn("w:r"))
    text = run.find(qn("w:t"))
    first, *others = words.split("\n")
    text.text = first
    for line in others:
        more = deepcopy(text)
        more.text = line
        run.append(run.makeelement(qn("w:br"), {}))
        run.append(more)

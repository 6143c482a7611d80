"""Sets a notice as a letter to print: a tagged PDF (PDF/UA-1) whose window shows the address and nothing else."""

import json
import re
from datetime import UTC, datetime, time
from datetime import date as day
from enum import StrEnum
from functools import cache
from importlib.resources import files

import typst

from channels.letter.codes import Code, OnPaper
from gateway.code_to_print import drawing
from gateway.notice_fields import CONTROL
from gateway.paragraphs import blocks_of
from gateway.words import WORDING

TEMPLATE = WORDING / "letter.typ"
WINDOW_LINES = 6


class Envelope(StrEnum):
    """Whose window the address has to stand in: a DL envelope of our own, or that of GOV.UK Notify's printer."""

    OURS = "ours"
    NOTIFY = "notify"


class CannotPrint(Exception):
    """A character in the letter has no shape in any font we have: a person writes it, or another channel is used."""


def render_letter(
    text: str,
    *,
    organisation: str,
    return_address: str,
    recipient: str,
    reference: str,
    date: day,
    notice_id: str = "",
    large_print: bool = False,
    envelope: Envelope = Envelope.OURS,
) -> bytes:
    """The letter as PDF, the same bytes for the same words; raises ``CannotPrint``.

    `text` is a rendered notice with its headings and lists. `recipient` and `return_address` are
    postal addresses, in lines or divided by commas; the window holds six lines. Large print is 18 point, else 12.
    `notice_id` goes into the code by which a letter that comes back is known; without it there is none.
    """
    letter = {
        "title": f"Letter {reference}",
        "organisation": organisation,
        "return_address": address_lines(_printable(return_address)),
        "recipient": in_the_window(CONTROL.sub(" ", recipient)),
        "reference": reference,
        "date": f"{date.day} {date:%B %Y}",
        "blocks": [{"kind": block.kind.value, "lines": block.lines} for block in blocks_of(_printable(text))],
        "code": drawing(Code(says=OnPaper.LETTER, notice_id=notice_id)) if notice_id else "",
        "large_print": large_print,
        "envelope": envelope.value,
    }
    try:
        return typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            font_paths=our_fonts(),
            sys_inputs={"letter": json.dumps(letter)},
            pdf_standards="ua-1",
            timestamp=datetime.combine(date, time(), tzinfo=UTC),
        )
    except typst.TypstError:
        raise CannotPrint("the letter has a character no font can show") from None


def address_lines(address: str) -> list[str]:
    """The lines of a postal address, whether it came in lines or divided by commas."""
    lines = address.split("\n" if "\n" in address.strip() else ",")
    return [line.strip(" ,\r") for line in lines if line.strip(" ,\r")]


def in_the_window(recipient: str) -> list[str]:
    """At most six lines: what is too much is put together in the middle, so that the name and the postcode stand."""
    lines = address_lines(recipient)
    surplus = max(0, len(lines) - WINDOW_LINES)
    first, middle, last = lines[:3], lines[3 : 4 + surplus], lines[4 + surplus :]
    return [*first, *([", ".join(middle)] if middle else []), *last]


def _printable(words: str) -> str:
    """Without control characters, and with telephone numbers that no line end tears apart."""
    return re.sub(r"(?<=\d) (?=\d)", "\N{NO-BREAK SPACE}", CONTROL.sub(" ", words))


@cache
def our_fonts() -> typst.Fonts:
    """A clear sans-serif of our own, then whatever the machine has for other scripts."""
    return typst.Fonts(font_paths=[str(files("font_source_sans_pro") / "files")])

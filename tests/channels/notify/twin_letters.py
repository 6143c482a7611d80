"""How GOV.UK Notify looks at a finished letter: an address where it reads one, and nothing where nothing may stand.

Source: the service's letter specification, https://www.notifications.service.gov.uk/using-notify/guidance/letter-specification.
"""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

MM = 72 / 25.4
HEIGHT = 297.0
DRAWN, DARK = 4, 200  # pixels a millimetre; lighter than this is paper


@dataclass(frozen=True)
class Box:
    """A part of the page in millimetres from its left and its top."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a character stands wholly in it."""
        return self.left <= left and self.top <= top and right <= self.right and bottom <= self.bottom


ADDRESS = Box(24.6, 40.0, 120.0, 66.2)
FIRST_PAGE = (ADDRESS, Box(15, 5, 125, 30), Box(125, 5, 195, 95), Box(15, 95, 195, 292))
OTHER_PAGES = (Box(15, 5, 195, 292),)


def is_pdf(page: bytes) -> bool:
    """Whether it can be opened at all."""
    try:
        with pypdfium2.PdfDocument(page):
            return True
    except pypdfium2.PdfiumError:
        return False


def state_of(pdf: bytes) -> str:
    """``accepted``, or ``validation-failed`` where something stands outside or no address inside."""
    if not address_in(pdf):
        return "validation-failed"
    with pypdfium2.PdfDocument(pdf) as document:
        fits = all(
            _fits(page, boxes) and not _ink_outside(page, boxes)
            for number, page in enumerate(document)
            for boxes in (OTHER_PAGES if number else FIRST_PAGE,)
        )
    return "accepted" if fits else "validation-failed"


def _ink_outside(page: pypdfium2.PdfPage, boxes: tuple[Box, ...]) -> bool:
    """As the service does: the page is drawn, and what stands in no box must be white; codes and lines count too."""
    ink = page.render(scale=DRAWN * 25.4 / 72, grayscale=True).to_numpy() < DARK
    for box in boxes:
        ink[round(box.top * DRAWN) : round(box.bottom * DRAWN), round(box.left * DRAWN) : round(box.right * DRAWN)] = 0
    return bool(ink.any())


def address_in(pdf: bytes) -> list[str]:
    """The lines it would write on the envelope."""
    with pypdfium2.PdfDocument(pdf) as document:
        words = document[0].get_textpage().get_text_bounded(
            left=ADDRESS.left * MM, right=ADDRESS.right * MM,
            top=(HEIGHT - ADDRESS.top) * MM, bottom=(HEIGHT - ADDRESS.bottom) * MM,
        )  # fmt: skip
    return [line.strip() for line in str(words).splitlines() if line.strip()]


def _fits(page: pypdfium2.PdfPage, boxes: tuple[Box, ...]) -> bool:
    text = page.get_textpage()
    return all(
        any(box.holds(left / MM, HEIGHT - top / MM, right / MM, HEIGHT - bottom / MM) for box in boxes)
        for number in range(text.count_chars())
        if text.get_text_range(number, 1).strip()
        for left, bottom, right, top in (text.get_charbox(number),)
    )

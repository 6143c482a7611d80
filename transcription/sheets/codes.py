"""Reads the machine-readable codes on a page: those that separator sheets and letters of offices carry."""

from __future__ import annotations

import zxingcpp

from transcription.sheets.pages import Grey

MOST_CODES = 8
LONGEST = 200
"""Characters; what is longer is no code that tells pages apart."""

FORMATS = zxingcpp.barcode_formats_from_str("QRCode,DataMatrix,Code128,Code39")


def codes_on(page: Grey) -> tuple[str, ...]:
    """What they say, each once, in no particular order; at any turn, and where the page is slightly askew."""
    found = zxingcpp.read_barcodes(page, formats=FORMATS, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
    said = dict.fromkeys(code.text for code in found if code.valid and 0 < len(code.text) <= LONGEST)
    return tuple(said)[:MOST_CODES]

"""A code of ours as a drawing to print: a square DataMatrix, which a phone does not offer to open as an address."""

from __future__ import annotations

import zxingcpp

from channels.letter.codes import Code, written


def drawing(code: Code) -> str:
    """An SVG with one unit for each module and a white edge of one module."""
    made = zxingcpp.create_barcode(written(code), zxingcpp.BarcodeFormat.DataMatrix, options="forceSquare")
    return str(made.to_svg(scale=1, add_quiet_zones=True))

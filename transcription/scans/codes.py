"""Reads the square codes on a page that tell which printed sheet it is."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from transcription.scans.detector import Picture, Quad

LONGEST = 200
"""Characters; what is longer is no code that tells sheets apart."""

MOST_DOTS = 2400
"""Dots of the longer side that are looked at: a module of half a millimetre still has four of them on A4."""

SQUARE = zxingcpp.barcode_formats_from_str("DataMatrix")


@dataclass(frozen=True, kw_only=True)
class PageCode:
    """What a code says, and its corners on the picture, in dots."""

    text: str
    corners: Quad

    def covers(self, corners: Quad) -> bool:
        """Whether the middle of something else lies on it."""
        (x, y), least, most = corners.mean(axis=0), self.corners.min(axis=0), self.corners.max(axis=0)
        return bool(least[0] <= x <= most[0] and least[1] <= y <= most[1])


def codes_on(page: Picture) -> Iterator[PageCode]:
    """Every DataMatrix that can be read without a doubt."""
    share = min(1.0, MOST_DOTS / max(page.shape[:2]))
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    seen = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_LINEAR) if share < 1 else grey
    for found in zxingcpp.read_barcodes(seen, formats=SQUARE, try_invert=False, text_mode=zxingcpp.TextMode.Plain):
        if found.valid and 0 < len(found.text) <= LONGEST:
            at = found.position
            corners = [(point.x, point.y) for point in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            yield PageCode(text=found.text, corners=np.array(corners, np.float32) / np.float32(share))

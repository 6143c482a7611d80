"""Parts a page's black writing from what stands on it in colour, so that a stamp across a line hides neither."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.detector import Picture

COLOURED = 80
"""Lightest less darkest colour of a dot, paper set to white, from which it counts as coloured (of 255)."""

DARK = 110
"""Dots darker than this in every colour are black writing (of 255, paper set to white)."""

GHOST = 200
"""Of coloured ink a pale shadow stays on the black page; shades lighter than this become paper."""

LEAST_COLOURED = 0.0006
MOST_COLOURED = 0.04
LEAST_DARK = 0.004
"""Shares of the page: less colour is a smudge, more a photograph; with less black the letter itself is in colour."""

SAMPLED = 3
"""Every so many dots across and down are looked at to see whether there is anything to part."""

TILE, FINER = 32, 8
SPECKLED = 1.4
"""Mean difference (of 255) between a page and its median where a quarter of it is quieter still: there is no writing in
those tiles, however small and close the print. Sprinkled pages lie above 1.6, all others below 1.2."""


@dataclass(frozen=True, kw_only=True)
class Inks:
    """The same page twice: only what is black on it, only what is coloured."""

    black: Picture
    coloured: Picture


def parted(page: Picture) -> Inks | None:
    """The two pages, or None where there is nothing to part."""
    paper = np.maximum(np.median(page[::7, ::7].reshape(-1, 3), axis=0), 1.0)
    shades = np.minimum(np.arange(256)[:, None] * (255.0 / paper), 255.0).astype(np.uint8)[:, None, :]
    if not _is_worth_parting(_on_white(np.ascontiguousarray(page[::SAMPLED, ::SAMPLED]), shades)):
        return None
    lightest, darkest = _extremes(_on_white(page, shades))
    _, is_coloured = cv2.threshold(cv2.subtract(lightest, darkest), COLOURED, 1, cv2.THRESH_BINARY)
    around = cv2.dilate(is_coloured, np.ones((3, 3), np.uint8)).astype(bool)
    black = cv2.LUT(lightest, np.minimum(np.arange(256) * (255.0 / GHOST), 255.0).astype(np.uint8)).astype(np.uint8)
    return Inks(black=_as_page(black), coloured=_as_page(np.where(around, darkest, 255).astype(np.uint8)))


def _on_white(page: Picture, shades: NDArray[np.uint8]) -> Picture:
    return cv2.LUT(page, shades).astype(np.uint8, copy=False)


def _is_worth_parting(white: Picture) -> bool:
    lightest, darkest = _extremes(white)
    coloured = float((cv2.subtract(lightest, darkest) > COLOURED).mean())
    return LEAST_COLOURED < coloured < MOST_COLOURED and float((lightest < DARK).mean()) >= LEAST_DARK


def _extremes(page: Picture) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The lightest and the darkest colour of each dot."""
    blue, green, red = cv2.split(page)
    lightest, darkest = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    return lightest.astype(np.uint8), darkest.astype(np.uint8)


def without_specks(page: Picture) -> Picture:
    """The page smoothed, if it is sprinkled with dots as a bad copier leaves them; otherwise the page itself.

    Dots of whatever colour show in the green.
    """
    green = cv2.extractChannel(page, 1)
    tiles = (max(page.shape[1] // TILE, 1), max(page.shape[0] // TILE, 1))
    finer = cv2.convertScaleAbs(cv2.absdiff(green, cv2.medianBlur(green, 3)), alpha=FINER)
    quieter = cv2.resize(finer, tiles, interpolation=cv2.INTER_AREA) / FINER
    is_sprinkled = float(np.percentile(quieter, 25)) > SPECKLED
    return cv2.medianBlur(page, 3).astype(np.uint8, copy=False) if is_sprinkled else page


def _as_page(shades: NDArray[np.uint8]) -> Picture:
    return cv2.cvtColor(shades, cv2.COLOR_GRAY2BGR).astype(np.uint8)

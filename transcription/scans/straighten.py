"""Turns a page upright and level before it is read: quarter turns, upside-down pages, crooked scans."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from transcription.scans.detector import LineDetector, Picture, Quad, height_of, width_of
from transcription.scans.recogniser import LineRecogniser
from transcription.scans.strips import Strip, strip

Numbers = NDArray[np.float64]

LINE_SHAPE = 3.0
"""A line at least this many times longer than high shows which way the writing runs."""

LEVEL_ENOUGH = 0.4
"""Degrees of slant that do no harm to reading or to the order of lines."""

LOOK_AGAIN = 2.0
"""Degrees of slant from which lines are found anew on the levelled page instead of being turned with it."""

FAN_LINES = 6
FAN = 0.03
"""From this difference in slope between first and last line (nearly 2 degrees) lines are made parallel."""

LINES_TRIED = 3
TELLING_SHAPE = 8.0
SURE = 0.95
"""Lines read with at least this mean confidence are upright: turned round, none of the cases passed 0.85."""

SURE_ALONE = 0.98
"""A single line read with so much is upright: of 144 turned round the best had 0.95, and that by hand."""

QUARTER = 90.0


@dataclass(frozen=True, kw_only=True)
class LevelPage:
    """A page whose writing runs left to right, with its lines.

    `way` (3 x 3) leads from a dot of the picture as it came to the same dot of this one.
    """

    picture: Picture
    lines: tuple[Quad, ...]
    way: Numbers


def straightened(page: Picture, detector: LineDetector, recogniser: LineRecogniser) -> LevelPage:
    """The page upright and level; a page without writing comes back as it is, with no lines."""
    as_it_came = LevelPage(picture=page, lines=tuple(detector.lines(page)), way=np.eye(3))
    if not as_it_came.lines:
        return as_it_came
    level = levelled(as_it_came, detector)
    if not is_upside_down(level.picture, level.lines, recogniser):
        return level
    turned = np.ascontiguousarray(level.picture[::-1, ::-1])
    return LevelPage(picture=turned, lines=tuple(detector.lines(turned)), way=_half_turn(turned) @ level.way)


def levelled(page: LevelPage, detector: LineDetector) -> LevelPage:
    """The page with its writing horizontal, one way up or the other, and the lines on it."""
    picture, lines, way = page.picture, list(page.lines), page.way
    slant = slant_of(lines)
    lies_on_its_side = slant > QUARTER / 2
    if lies_on_its_side:
        way = _quarter_turn(picture) @ way
        picture, slant = np.ascontiguousarray(np.rot90(picture)), slant - QUARTER
    if abs(slant) > LEVEL_ENOUGH:
        picture, turn = turned_by(picture, slant)
        way = turn @ way
        lines = [cv2.perspectiveTransform(line[None], turn)[0].astype(np.float32) for line in lines]
    if lies_on_its_side or abs(slant) > LOOK_AGAIN:
        lines = detector.lines(picture)
    corners = fan_of(picture, lines)
    if corners is not None:
        picture, warp = unfanned(picture, corners)
        lines, way = detector.lines(picture), warp @ way
    return LevelPage(picture=picture, lines=tuple(lines), way=way)


def slant_of(lines: Sequence[Quad]) -> float:
    """Degrees (-45 to 135) by which the writing runs downwards to the right; about 90 on a page lying on its side."""
    long_lines = [line for line in lines if max(_sides(line)) >= LINE_SHAPE * min(_sides(line))] or list(lines)
    angles, weights = zip(*(_direction(line) for line in long_lines), strict=True)
    total = np.array(weights)
    doubled = np.radians(np.array(angles)) * 2
    mean = float(np.degrees(np.arctan2((np.sin(doubled) * total).sum(), (np.cos(doubled) * total).sum()))) / 2
    away = (np.array(angles) - mean + 90) % 180 - 90
    return (mean + _weighted_median(away, total) + 45) % 180 - 45


def fan_of(page: Picture, lines: Sequence[Quad]) -> Quad | None:
    """The corners between which lines run level on the paper, where a camera from the side made a fan of them.

    The slope of the lines is taken to change evenly from the top of the page to its foot. None where there is no fan.
    """
    long_lines = [line for line in lines if width_of(line) >= LINE_SHAPE * height_of(line)]
    height, width = page.shape[:2]
    middles = np.array([float(line[:, 1].mean()) for line in long_lines])
    if len(long_lines) < FAN_LINES or np.ptp(middles) < height / 5:
        return None
    along = np.array([line[1] - line[0] + line[2] - line[3] for line in long_lines])
    change, at_top = np.polyfit(middles, along[:, 1] / along[:, 0], 1, w=along[:, 0])
    if abs(change) * np.ptp(middles) < FAN:
        return None
    rise, fall = at_top * width / 2, (at_top + change * height) * width / 2
    return np.array([(0, -rise), (width, rise), (width, height + fall), (0, height - fall)], np.float32)


def unfanned(page: Picture, corners: Quad) -> tuple[Picture, Numbers]:
    """The page warped so that what lies between the corners fills it, and the way there."""
    height, width = page.shape[:2]
    whole = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    warp = cv2.getPerspectiveTransform(corners, whole)
    whole_page = cv2.warpPerspective(
        page, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return whole_page.astype(np.uint8), warp.astype(np.float64)


def is_upside_down(page: Picture, lines: Sequence[Quad], recogniser: LineRecogniser) -> bool:
    """Whether a few lines, long enough to tell and short enough to be quick, read better turned round."""
    telling = sorted(lines, key=lambda line: abs(width_of(line) / max(height_of(line), 1.0) - TELLING_SHAPE))[
        :LINES_TRIED
    ]
    strips = [strip(page, line) for line in telling]
    if _legibility(strips[:1], recogniser) >= SURE_ALONE:
        return False
    upright = _legibility(strips, recogniser)
    if upright >= SURE:
        return False
    return _legibility([each[::-1, ::-1] for each in strips], recogniser) > upright


def turned_by(page: Picture, degrees: float) -> tuple[Picture, Numbers]:
    """The page turned so that a slant of `degrees` becomes level, grown to keep its corners, and the way there."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = (round(height * sine + width * cosine), round(height * cosine + width * sine))
    turn[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
    paper = [float(shade) for shade in np.median(page[:: max(height // 64, 1), :: max(width // 64, 1)], axis=(0, 1))]
    level = cv2.warpAffine(page, turn, size, flags=cv2.INTER_CUBIC, borderValue=paper)
    return level.astype(np.uint8), np.vstack((turn, (0.0, 0.0, 1.0)))


def _quarter_turn(page: Picture) -> Numbers:
    """The way from a page to the page turned anticlockwise."""
    return np.array([(0.0, 1.0, 0.0), (-1.0, 0.0, page.shape[1] - 1.0), (0.0, 0.0, 1.0)])


def _half_turn(page: Picture) -> Numbers:
    return np.array([(-1.0, 0.0, page.shape[1] - 1.0), (0.0, -1.0, page.shape[0] - 1.0), (0.0, 0.0, 1.0)])


def _legibility(strips: Sequence[Strip], recogniser: LineRecogniser) -> float:
    return float(np.mean([reading.confidence for reading in recogniser.read(strips)])) if strips else 0.0


def _sides(line: Quad) -> tuple[float, float]:
    return width_of(line), height_of(line)


def _direction(line: Quad) -> tuple[float, float]:
    """The angle of the line's longer side, in degrees, and its length."""
    width, height = _sides(line)
    along = line[1] - line[0] + line[2] - line[3] if width >= height else line[3] - line[0] + line[2] - line[1]
    return float(np.degrees(np.arctan2(along[1], along[0]))), max(width, height)


def _weighted_median(values: Numbers, weights: Numbers) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])

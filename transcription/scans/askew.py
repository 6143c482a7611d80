"""Finds the lines that run another way than the letter: a date stamp put on at an angle, writing up the margin."""

from collections.abc import Sequence

import numpy as np

from transcription.scans.detector import Picture, Quad, height_of, width_of
from transcription.scans.recogniser import LineRecogniser
from transcription.scans.strips import strip, with_margin

SIDEWAYS = 2.0
"""A line at least this many times higher than wide runs up or down the page."""

ASLANT = 8.0
"""Degrees away from the letter's lines, which lie level."""

TELLING = 3.0
"""A line at least this many times wider than high shows its slant."""


def as_they_read(picture: Picture, lines: Sequence[Quad], recogniser: LineRecogniser) -> list[Quad]:
    """The lines, those that run up or down the page with their corners in the order in which they read best.

    The detector sees less well sideways: such lines are made a little longer, or their last letter is lost.
    """
    sideways = [number for number, line in enumerate(lines) if height_of(line) >= SIDEWAYS * width_of(line)]
    up, down = (
        [with_margin(with_margin(lines[number][turn])) for number in sideways] for turn in ([3, 0, 1, 2], [1, 2, 3, 0])
    )
    readings = recogniser.read([strip(picture, line) for line in (*up, *down)])
    read = list(lines)
    for place, number in enumerate(sideways):
        reads_up = readings[place].confidence >= readings[place + len(sideways)].confidence
        read[number] = up[place] if reads_up else down[place]
    return read


def is_askew(line: Quad) -> bool:
    """Whether a line runs another way than level."""
    across, down = line[1] - line[0] + line[2] - line[3]
    return width_of(line) >= TELLING * height_of(line) and bool(abs(np.degrees(np.arctan2(down, across))) > ASLANT)


def told(texts: Sequence[str]) -> str:
    """What stands askew, as a sentence for the note; empty where nothing does."""
    return f"Stamped or written at an angle: {' '.join(texts)}." if texts else ""

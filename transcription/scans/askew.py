"""Finds the lines that run another way than the letter: stamps at an angle or on their head, writing up the margin."""

from collections.abc import Sequence

import numpy as np

from transcription.scans.detector import Picture, Quad, height_of, width_of
from transcription.scans.lines import Reading
from transcription.scans.recogniser import LineRecogniser
from transcription.scans.strips import Strip, strip, with_margin

SIDEWAYS = 2.0
"""A line at least this many times higher than wide runs up or down the page."""

ASLANT = 8.0
"""Degrees away from the letter's lines, which lie level."""

DOUBTFUL, BETTER = 0.9, 0.1
"""A line read with less mean confidence stands on its head when it reads better by so much turned round."""

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


def stood_up(
    lines: Sequence[Quad], strips: Sequence[Strip], readings: Sequence[Reading], recogniser: LineRecogniser
) -> tuple[list[Quad], list[Strip], list[Reading]]:
    """The same lines, those that stand on their head turned round and read so."""
    doubtful = [number for number, reading in enumerate(readings) if reading.confidence < DOUBTFUL]
    turned = [np.ascontiguousarray(strips[number][::-1, ::-1]) for number in doubtful]
    stood, cut, read = list(lines), list(strips), list(readings)
    for number, picture, reading in zip(doubtful, turned, recogniser.read(turned), strict=True):
        if reading.confidence > max(readings[number].confidence + BETTER, DOUBTFUL):
            stood[number], cut[number], read[number] = lines[number][[2, 3, 0, 1]], picture, reading
    return stood, cut, read


def is_askew(line: Quad) -> bool:
    """Whether a line runs another way than level, or stands on its head."""
    across, down = line[1] - line[0] + line[2] - line[3]
    if across < 0 and abs(down) < abs(across):
        return True
    return width_of(line) >= TELLING * height_of(line) and bool(abs(np.degrees(np.arctan2(down, across))) > ASLANT)


def told(texts: Sequence[str]) -> str:
    """What stands askew, as a sentence for the note; empty where nothing does."""
    return f"Stamped or written at an angle: {' '.join(texts)}." if texts else ""

"""Reads one picture of a page: level it, part its inks, find and recognise its lines, put them in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from transcription.contract import FormField, PageShape, Segment, told_ticks
from transcription.scans.askew import as_they_read, stood_up, told
from transcription.scans.codes import PageCode, codes_on
from transcription.scans.detector import LineDetector, Picture, Quad
from transcription.scans.handwriting import BY_HAND, is_by_hand, look_of
from transcription.scans.inks import parted, without_specks
from transcription.scans.order import as_they_run, in_reading_order
from transcription.scans.recogniser import LineRecogniser
from transcription.scans.rows import Piece, Row, joined, laid_out, piece
from transcription.scans.stamps import across_the_text, fax_header, without_shadows
from transcription.scans.straighten import straightened
from transcription.scans.strips import ink_of, strip
from transcription.scans.ticks import Tick, ticks_on
from transcription.scans.upright import Upright, around
from transcription.scans.words import words_of

NO_WRITING = "No writing was found."

LOW_CONFIDENCE, LOW_CONFIDENCE_BY_HAND = 0.8, 0.95
"""A line read with less mean confidence is marked unclear, one written by hand sooner than print."""

NOTHING_READ = 0.5
"""A piece below this is a smudge, a signature or a drawing: no characters worth showing came out of it."""


@dataclass(frozen=True, kw_only=True)
class PageRead:
    """One page as text, with one segment for each row of writing.

    `beside` is what machines and clerks put on the page (a fax header, a stamp across the text, ticks), as sentences
    for the note. `shape` is the page to which the boxes belong; `fields` are the boxes of a form, ticked and empty
    (kind "tick"), and what square codes on the page say (kind "code").
    """

    text: str
    segments: tuple[Segment, ...]
    beside: tuple[str, ...] = ()
    shape: PageShape | None = None
    fields: tuple[FormField, ...] = ()


class PageReader:
    """Holds both models; about 0.9 seconds of one processor for a letter page."""

    def __init__(self) -> None:
        self._detector = LineDetector()
        self._recogniser = LineRecogniser()

    def read(self, picture: Picture, number: int) -> PageRead:
        """The text of one page (`number` counts from 1); a blank page has none."""
        level = straightened(without_specks(picture), self._detector, self._recogniser)
        upright = Upright.of(level.way, level.picture, picture)
        inks = parted(level.picture) if level.lines else None
        if inks is None:
            pieces, stamps = self._pieces(level.picture, level.lines, upright), list[Piece]()
        else:
            pieces = self._pieces(inks.black, self._detector.lines(inks.black), upright)
            coloured = self._pieces(inks.coloured, self._detector.lines(inks.coloured), upright)
            pieces = without_shadows(pieces, coloured)
            stamps = across_the_text(coloured, pieces)
            pieces += [one for one in coloured if one not in stamps]
        askew = as_they_run([one for one in pieces if one.is_askew])
        rows = in_reading_order([one for one in pieces if not one.is_askew])
        header = fax_header(rows)
        shown = [*(rows[1:] if header else rows), *((one,) for one in askew)]
        stamped = f"Stamped across the text: {joined(tuple(as_they_run(stamps)))}." if stamps else ""
        codes = list(codes_on(level.picture))
        boxes = ticks_on(level.picture, pieces)
        ticks = [
            _tick_field(box, upright, number) for box in boxes if not any(code.covers(box.corners) for code in codes)
        ]
        return PageRead(
            text=laid_out(shown),
            segments=tuple(_segment(row, number) for row in shown),
            beside=tuple(
                filter(None, (header, stamped, told([one.text for one in askew]), told_ticks(ticks), _hand(shown)))
            ),
            shape=upright.shape(number),
            fields=(*ticks, *(_code_field(code, upright, number) for code in codes)),
        )

    def _pieces(self, picture: Picture, lines: Sequence[Quad], upright: Upright) -> list[Piece]:
        lines = as_they_read(picture, lines, self._recogniser)
        strips = [strip(picture, line) for line in lines]
        pieces, looks = [], []
        stood = stood_up(lines, strips, self._recogniser.read(strips), self._recogniser)
        for line, cut, reading in zip(*stood, strict=True):
            if reading.confidence < NOTHING_READ:
                continue
            ink = ink_of(cut)
            if words := words_of(reading, ink):
                pieces.append(piece(upright.words(words, line), reading.confidence, line, upright.box(line)))
                looks.append(look_of(reading, cut, ink))
        return [
            replace(one, by_hand=True) if hand else one for one, hand in zip(pieces, is_by_hand(looks), strict=True)
        ]


def _hand(rows: Sequence[Row]) -> str:
    return BY_HAND if any(one.by_hand for row in rows for one in row) else ""


def _tick_field(tick: Tick, upright: Upright, number: int) -> FormField:
    return FormField(
        name="", label=tick.label, kind="tick", value="yes" if tick.is_ticked else "no", page=number,
        box=upright.box(tick.corners),
    )  # fmt: skip


def _code_field(code: PageCode, upright: Upright, number: int) -> FormField:
    return FormField(name="", kind="code", value=code.text, words=code.text, page=number, box=upright.box(code.corners))


def _segment(row: Row, number: int) -> Segment:
    confidence = float(np.average([one.confidence for one in row], weights=[len(one.text) for one in row]))
    by_hand = any(one.by_hand for one in row)
    return Segment(
        text=joined(row), page=number, confidence=round(confidence, 3), by_hand=by_hand,
        unclear=confidence < (LOW_CONFIDENCE_BY_HAND if by_hand else LOW_CONFIDENCE),
        box=around([one.box for one in row if one.box]), written=tuple(word for one in row for word in one.words),
    )  # fmt: skip

"""Reads the pictures pasted into a document: a photographed note, a screenshot of messages."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version

from transcription.contract import CannotRead, Segment, Transcript, mean_confidence, unclear_note
from transcription.scans.detector import Picture
from transcription.scans.page import PageRead
from transcription.scans.pictures import pages

FEWEST_WORDS = 4
"""With fewer a picture is a logo or a drawing."""

SMALLEST_SIDE = 150
"""Pixels on the shorter side; what is smaller is an ornament."""

Look = Callable[[Picture, int], PageRead]


def with_pasted_pictures(document: Transcript, pictures: Sequence[bytes], look: Look) -> Transcript:
    """The document's transcript followed by what its pictures say; pictures that cannot be read are passed over."""
    said = [segments for data in pictures if (segments := _said_in(data, look))]
    if not said:
        return document
    texts = [f"Picture {number}:\n" + "\n".join(each.text for each in one) for number, one in enumerate(said, start=1)]
    added = tuple(replace(segment, page=None, box=None, written=()) for one in said for segment in one)
    return replace(
        document,
        text="\n\n".join(filter(None, (document.text, *texts))),
        segments=(*document.segments, *added),
        engine=f"{document.engine}, rapidocr {version('rapidocr')}",
        confidence=mean_confidence(added),
        note=" ".join(filter(None, (document.note, unclear_note(added)))),
        beside_fields="\n\n".join((document.beside_fields, *texts)) if document.fields else "",
    )


def _said_in(data: bytes, look: Look) -> tuple[Segment, ...]:
    try:
        picture = next(pages(data)).picture
    except CannotRead:
        return ()
    if min(picture.shape[:2]) < SMALLEST_SIDE:
        return ()
    segments = look(picture, 1).segments
    return segments if sum(len(segment.text.split()) for segment in segments) >= FEWEST_WORDS else ()

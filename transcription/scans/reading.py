"""Reads a file of pictures of pages (one photograph, a fax of many pages) into one transcript."""

from importlib.metadata import version

from transcription.contract import Transcript, mean_confidence, unclear_note
from transcription.scans.page import NO_WRITING, PageRead, PageReader
from transcription.scans.pictures import pages

CUT_OFF = "The file was cut off on its way: part of the picture is missing."


def read_pictures(data: bytes, reader: PageReader) -> Transcript:
    """The text of every page, parted by an empty line; pages without writing are passed over."""
    read: list[PageRead] = []
    is_cut_off = False
    for number, sheet in enumerate(pages(data), start=1):
        read.append(reader.read(sheet.picture, number))
        is_cut_off = is_cut_off or sheet.is_cut_off
    segments = tuple(segment for page in read for segment in page.segments)
    beside = [sentence for page in read for sentence in page.beside]
    nothing = "" if segments else NO_WRITING
    return Transcript(
        text="\n\n".join(page.text for page in read if page.text),
        segments=segments,
        engine=f"rapidocr {version('rapidocr')} PP-OCRv6 small",
        language=None,
        confidence=mean_confidence(segments),
        fields=tuple(field for page in read for field in page.fields),
        pages=tuple(page.shape for page in read if page.shape),
        note=" ".join(
            filter(None, (CUT_OFF if is_cut_off else "", *dict.fromkeys(beside), unclear_note(segments) or nothing))
        ),
    )

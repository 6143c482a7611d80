"""What every reader of documents ends with: its pieces of text as one transcript, cut where nobody would read on."""

from collections.abc import Iterable
from dataclasses import replace

from transcription.contract import Segment, Transcript

LONGEST_TEXT = 5_000_000
"""Characters; more than ten novels. What is cut off is said in the note."""

CUT = "Only the beginning is shown, for the text is very long: see the original."


def written(texts: Iterable[str], engine: str, *notes: str) -> Transcript:
    """One segment for each piece that has words, joined by empty lines; `notes` are whole sentences or empty."""
    shown: list[str] = []
    left, is_cut = LONGEST_TEXT, False
    for text in texts:
        if not text.strip():
            continue
        if len(text) > left:
            shown.append(text[:left])
            is_cut = True
            break
        shown.append(text)
        left -= len(text)
    return Transcript(
        text="\n\n".join(shown),
        segments=tuple(Segment(text=text) for text in shown),
        engine=engine,
        language=None,
        confidence=None,
        note=" ".join(filter(None, (*notes, CUT if is_cut else ""))),
    )


def cut_where_nobody_reads_on(transcript: Transcript) -> Transcript:
    """The transcript with at most `LONGEST_TEXT` characters, and a note if some are left out."""
    if len(transcript.text) <= LONGEST_TEXT:
        return transcript
    kept, left = [], LONGEST_TEXT
    for segment in transcript.segments:
        if left <= 0:
            break
        kept.append(replace(segment, text=segment.text[:left]) if len(segment.text) > left else segment)
        left -= len(segment.text)
    note = " ".join(filter(None, (transcript.note, CUT)))
    return replace(transcript, text=transcript.text[:LONGEST_TEXT], segments=tuple(kept), note=note)

"""What every reader of documents ends with: its pieces of text as one transcript, cut where nobody would read on."""

from collections.abc import Iterable

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

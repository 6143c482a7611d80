"""Reads tables written as text (CSV), whatever parts their cells."""

import csv
import io
import itertools

from transcription.contract import Transcript
from transcription.documents.plain import decoded, tidied
from transcription.documents.written import written

ENGINE = "rows of the table"
SEPARATORS = ",;\t|"
LOOKED_AT = 65_536
LONGEST_CELL = 1_000_000
MOST_ROWS = 200_000
CUT = f"Only the first {MOST_ROWS:,} rows are shown: see the original."


def read_table(data: bytes) -> Transcript:
    """One line for each row, its cells parted by tabs; rows without words are left out."""
    text = decoded(data)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(
            itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text)), MOST_ROWS + 1)
        )
    except csv.Error:
        return written([tidied(text)], ENGINE)
    lines = ["\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") for row in rows[:MOST_ROWS]]
    return written(["\n".join(filter(None, lines))], ENGINE, CUT if len(rows) > MOST_ROWS else "")


def separator_of(text: str) -> str:
    """The sign that parts the cells: the one that cuts the first lines most evenly; a comma where none does."""
    first_line, _, _ = text.partition("\n")
    if first_line.lower().startswith("sep=") and len(first_line.strip()) == 5:
        return first_line.strip()[4]
    lines = [line for line in text[:LOOKED_AT].splitlines()[:50] if line.strip()]

    def evenness(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) if usual > 1 else 0, usual)

    try:
        best = max(SEPARATORS, key=evenness)
    except csv.Error:
        return ","
    return best if evenness(best)[0] else ","

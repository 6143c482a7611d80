"""The list that goes with a print run: what is in it, by reference; nobody's name or address."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from gateway import saying
from gateway.posting.letters import PostedLetter
from gateway.working_days import in_london

COLUMNS = ("number", "reference", "letter", "pages", "large print", "address", "post by", "posted")


def as_csv(letters: Sequence[PostedLetter]) -> str:
    """In the order they are printed, with a line of headings."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    lines.writerows(map(line_of, letters))
    return out.getvalue()


def line_of(letter: PostedLetter) -> tuple[str, ...]:
    """One letter, a value for each of ``COLUMNS``."""
    return (
        str(letter.place or ""), letter.reference, letter.kind.replace("_", " "), str(letter.pages or ""),
        "yes" if letter.large_print else "no", "in the window" if letter.has_address else "by hand",
        saying.moment(letter.due_at), in_london(letter.posted_at).date().isoformat() if letter.posted_at else "",
    )  # fmt: skip

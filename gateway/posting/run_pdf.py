"""One print run as one PDF: every letter begins on a fresh sheet, whether the printer uses one side or both."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from gateway.core import Core
from gateway.posting.as_letter import as_letter
from gateway.posting.letters import ready
from storage import audit, print_run
from storage.print_run import PrintRun

A4 = (595.276, 841.89)  # points


def run_pdf(core: Core, run: PrintRun, who: str, *, both_sides: bool = True) -> bytes:
    """The letters in their order, the same pages each time; it is put on record who had them with their addresses.

    Raises ``SendFailed`` for a letter that could be printed once and cannot now.
    """
    with core.database.transaction() as session:
        rows = print_run.letters_of(session, run.id)
        made = ready(session, core, rows)
        what = f"Opened print run {run.number} with the addresses of {len(rows)} letters"
        audit.record(session, at=core.clock(), who=who, what=what, is_private=True)
    with pikepdf.new() as whole:
        for each in made:
            with pikepdf.open(BytesIO(as_letter(core, each))) as letter:
                whole.pages.extend(letter.pages)
            if both_sides and len(whole.pages) % 2:
                whole.add_blank_page(page_size=A4)
        out = BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()

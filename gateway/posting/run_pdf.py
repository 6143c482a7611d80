"""One print run as one PDF: every letter begins on a fresh sheet, whether the printer uses one side or both."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from channels.letter.print_folder import take_out
from gateway.core import Core
from gateway.life_cycle import NotAllowed
from gateway.posting.as_letter import as_letter
from gateway.posting.letters import ready
from gateway.posting.marking import held_letter
from storage import audit, print_run
from storage.notice import NoticeState
from storage.print_run import PrintRun

A4 = (595.276, 841.89)  # points


def run_pdf(core: Core, run: PrintRun, who: str, *, both_sides: bool = True) -> bytes:
    """The letters in their order, the same pages each time; it is put on record who had them with their addresses.

    What was learnt since the run was made is heeded: a letter that may not go any more is withheld, as one in no run
    is, and neither that nor one that failed is among them. Raises ``NotAllowed`` where none is left, and
    ``SendFailed`` for a letter that could be printed once and cannot now.
    """
    withhold_from(core, run)
    with core.database.transaction() as session:
        rows = [row for row in print_run.letters_of(session, run.id) if row.state == NoticeState.SENT]
        if not rows:
            raise NotAllowed("no letter of this run may go any more", ())
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


def withhold_from(core: Core, run: PrintRun) -> None:
    """Take out of a run what may not go any more: an address may have proved unsafe since it was made, or printed."""
    for notice_id in _unposted(core, run):
        _withhold(core, notice_id)


def _unposted(core: Core, run: PrintRun) -> list[str]:
    with core.database.reading() as session:
        return [row.id for row in print_run.letters_of(session, run.id) if row.is_to_be_posted]


def _withhold(core: Core, notice_id: str) -> None:
    with core.database.transaction() as session:
        row = held_letter(session, notice_id)
        if row is not None and row.is_to_be_posted and core.delivery.withheld(session, row) and row.provider_id:
            take_out(core.settings.letters_dir, row.provider_id)

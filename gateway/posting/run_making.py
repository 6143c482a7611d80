"""Makes a print run of the letters that wait: those that may still go, in one order, each counted in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from sqlmodel import Session

from channels.contract import Outgoing, SendFailed
from channels.letter.print_folder import take_out
from gateway.core import Core
from gateway.posting.as_letter import as_letter
from gateway.posting.letters import learnt_since, ready, waits_to_be_printed
from gateway.posting.marking import held_letter
from storage import audit, print_run
from storage.notice import Notice
from storage.print_run import PrintRun
from storage.referral import Referral

MOST = 200
"""Letters of one run: what a person carries to the printer and counts."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A letter that could be printed."""

    notice_id: str
    pages: int
    has_address: bool


def make_run(core: Core, who: str, *, most: int = MOST) -> PrintRun | None:
    """The new run, of no more letters than ``most``; None where nothing waits to be printed.

    What was learnt since a letter was written is heeded: it gets the address that was written down meanwhile, and one
    that may no longer go is withheld and its sender told another way. Letters without an address stand at the end,
    for a person writes theirs by hand.
    """
    while True:
        for each in _waiting(core, most):
            with core.database.transaction() as session:
                _as_known_now(session, core, each)
        with core.database.reading() as session:
            made = ready(session, core, print_run.to_print(session, limit=most))
        printed = sorted(_printed(core, made), key=lambda each: not each.has_address)
        with core.database.transaction() as session:
            run = _written(session, core, printed, who)
            if run is not None:
                session.flush()
                session.expunge(run)
        if run is not None or not printed:
            return run


def _waiting(core: Core, most: int) -> list[str]:
    with core.database.reading() as session:
        return [row.id for row in print_run.to_print(session, limit=most)]


def _as_known_now(session: Session, core: Core, notice_id: str) -> None:
    """Held while it is looked at; an address that was written down since stands in the window."""
    row = held_letter(session, notice_id)
    if row is None or not waits_to_be_printed(row):
        return
    if row.identity_id is None:
        about = session.get_one(Referral, row.referral_id)
        found = learnt_since(session, core, row, about)
        row.identity_id = found.id if found is not None else None
        session.add(row)
        session.flush()
    if core.delivery.withheld(session, row) and row.provider_id:
        take_out(core.settings.letters_dir, row.provider_id)


def _printed(core: Core, made: Sequence[Outgoing]) -> list[Printed]:
    """One that cannot be printed keeps no other from being; it goes on waiting where everybody sees it."""
    printed = []
    for each in made:
        try:
            page = as_letter(core, each)
        except SendFailed:
            continue
        with pikepdf.open(BytesIO(page)) as opened:
            printed.append(
                Printed(notice_id=each.notice_id, pages=len(opened.pages), has_address=bool(each.address.value.strip()))
            )
    return printed


def _written(session: Session, core: Core, printed: Sequence[Printed], who: str) -> PrintRun | None:
    """None where somebody else took them meanwhile: two people at once never print one letter twice."""
    held = print_run.held_to_print(session, [each.notice_id for each in printed])
    taken = [each for each in printed if each.notice_id in held]
    if not taken:
        return None
    number = print_run.last_number(session) + 1
    run = PrintRun(number=number, letters=len(taken), made_at=core.clock(), made_by=who)
    session.add(run)
    for place, each in enumerate(taken, start=1):
        row = held[each.notice_id]
        row.run_id, row.run_place, row.run_pages = run.id, place, each.pages
        session.add(row)
        _note(session, core, row, who, f"is number {place} of print run {number}")
    return run


def _note(session: Session, core: Core, row: Notice, who: str, what: str) -> None:
    said = f"The {row.kind.replace('_', ' ')} letter {what}"
    audit.record(session, at=core.clock(), who=who, what=said, referral_id=row.referral_id)

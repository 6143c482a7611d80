"""Gives a part as a searchable PDF to whoever may open the original, and puts on record that they took it."""

from __future__ import annotations

from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.searchable import LARGEST, NotSearchable, searchable
from gateway.staff.file_answers import File
from gateway.staff.part_marks import may_do_harm
from gateway.staff.part_pages import pages_shown
from storage import audit, transcript
from storage.attachment import Attachment
from storage.referral import Referral


def searchable_copy(core: Core, actor: Actor, part_id: str) -> File:
    """A PDF/A of its pages with the words shown behind them, dated like those words.

    Raises ``NotFound`` of a part whose words have no places, that may do harm, or that cannot be drawn. Blocks, about
    half a second and a quarter of one for each page.
    """
    with core.database.reading() as session:
        row = session.get(Attachment, part_id)
        if row is None or row.sha256 is None or (row.size or 0) > LARGEST or may_do_harm(row.virus_state, row.active):
            raise NotFound(part_id)
        pages, shown = pages_shown(session, part_id), transcript.to_be_shown(transcript.of_parts(session, [part_id]))
        reference = session.get_one(Referral, row.referral_id).reference
        content = core.contents.of_part(session, row) if pages else b""
    if not pages or shown is None:
        raise NotFound(part_id)
    title = f"Referral {reference}, part {row.position % 1000 + 1}, searchable copy"
    try:
        made = searchable(
            content, row.media_type, pages, title=title, language=shown.language, made_at=shown.made_at
        )  # fmt: skip
    except NotSearchable:
        raise NotFound(part_id) from None
    what = f"Took a searchable copy of part {row.position % 1000 + 1} of number {row.position // 1000}"
    with core.database.transaction() as session:
        audit.record(
            session, at=core.clock(), who=actor.name, what=what, referral_id=row.referral_id, is_private=True
        )  # fmt: skip
    return File(content=made, name=f"{reference}-{row.position % 1000 + 1}.pdf", media_type="application/pdf")

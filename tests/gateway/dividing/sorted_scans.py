"""A scan in a gateway for tests: a PDF whose pages say which they are, handed in and read, and how it stands."""

from __future__ import annotations

import io

from reportlab.pdfgen.canvas import Canvas
from sqlmodel import select

from gateway.core import Core
from gateway.dividing.arrangement import as_text
from gateway.dividing.as_it_stands import Scan, scan_of
from storage import attachment, referral
from storage.attachment import Attachment
from storage.message import Message
from storage.referral import Referral
from tests.builders import a_message, read_all


def a_pdf(pages: int) -> bytes:
    """Each page with words of its own."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 400), invariant=True)
    for number in range(1, pages + 1):
        canvas.drawString(40, 300, f"This is sheet {number} of what was scanned")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


async def a_scan(core: Core, pages: int = 4, **envelope: str) -> str:
    """One letter of so many pages, read; the id of the message that brought it."""
    raw = a_message(
        a_pdf(pages), channel="letter", media_type="application/pdf", envelope={"name": "post.pdf", **envelope}
    )
    reference = (await core.intake.accept(raw)).reference
    await read_all(core)
    with core.database.reading() as session:
        return session.exec(select(Message).where(Message.reference == reference)).one().id


def stands(core: Core, scan_id: str) -> Scan:
    """As it is now."""
    with core.database.reading() as session:
        scan = scan_of(session, scan_id)
    assert scan is not None
    return scan


def lines(core: Core, scan_id: str) -> str:
    """Its arrangement, letters called by their place in it: a, b, c ..."""
    scan = stands(core, scan_id)
    text = as_text(scan.arrangement)
    for place, letter in enumerate(scan.letters):
        text = text.replace(letter.id, "abcdefgh"[place])
    return text


def named(core: Core, scan_id: str, text: str) -> str:
    """The other way round: a, b, c ... are the letters in their order."""
    words = dict(zip("abcdefgh", (letter.id for letter in stands(core, scan_id).letters), strict=False))
    return "\n".join(
        " ".join((words.get(key, key), *rest)) for key, *rest in (line.split() for line in text.split("\n"))
    )


def referral_of(core: Core, scan_id: str, place: int) -> Referral:
    """That of the letter at a place, from 0."""
    letter = stands(core, scan_id).letters[place]
    with core.database.reading() as session:
        found = referral.by_id(session, letter.referral_id or 0)
    assert found is not None
    return found


def parts_of(core: Core, scan_id: str, place: int) -> list[Attachment]:
    """Those of the letter at a place, the first shown first."""
    with core.database.reading() as session:
        found = attachment.of_message(session, stands(core, scan_id).letters[place].id)
    return sorted(found, key=lambda part: (part.second_to is not None, -part.position))

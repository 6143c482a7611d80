"""Opens the bytes behind a message or a part for somebody who may see them, and puts on record that they did."""

from __future__ import annotations

from itertools import chain

from fastapi import Request, Response
from sqlmodel import Session

from channels.calls.keeping import REFUSED
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.live import on_now
from gateway.staff.file_answers import File, Original, file_answer, original_answer
from gateway.traces import traces
from storage import audit
from storage import message as messages
from storage.attachment import Attachment
from storage.capture import Capture, is_refused
from storage.message import Message

HELD_BYTES = 200 * 1024 * 1024
"""What is larger is never whole in memory."""


def open_message(core: Core, actor: Actor, message_id: str, *, with_trace: bool = False) -> Original:
    """The exact bytes received, with our trace fields above them if those are asked for.

    Raises ``NotFound``, ``BlobMissing`` or ``SealBroken``.
    """
    with core.database.reading() as session:
        row = session.get(Message, message_id)
        if row is None:
            raise NotFound(message_id)
        trace = traces(session, core.seal, [row]).get(row.id, "").encode() if with_trace else b""
        pieces = core.contents.pieces_of_message(session, row)
        begins = trace + next(pieces, b"")
        whole = _whole(session, row)
    number = f"number {row.ledger_no}" if row.ledger_no else "a report of a provider"
    _record(core, actor, f"Opened the original of {number}{whole}", row.referral_id)
    return Original(
        pieces=chain([begins], pieces), size=len(trace) + row.size, name=f"{row.reference}-{row.id[:8]}.bin",
        media_type=row.media_type,
    )  # fmt: skip


def open_part(core: Core, actor: Actor, part_id: str) -> File:
    """A part's bytes; raises ``NotFound`` also while they have not been fetched yet, and for more than is held."""
    with core.database.reading() as session:
        row = session.get(Attachment, part_id)
        if row is None or row.sha256 is None or (row.size or 0) > HELD_BYTES:
            raise NotFound(part_id)
        content = core.contents.of_part(session, row)
    _record_part(core, actor, row)
    return File(content=content, name=row.name, media_type=row.media_type)


def part_answer(
    core: Core, request: Request, actor: Actor, part_id: str, *, is_only_saved: bool = False
) -> Response:  # fmt: skip
    """A part for a browser or program; one larger than is held in memory is sent as it is read, to be saved."""
    with core.database.reading() as session:
        row = session.get(Attachment, part_id)
        if row is None or (row.size or 0) <= HELD_BYTES:
            return file_answer(request, open_part(core, actor, part_id), is_only_saved=is_only_saved)
        pieces = core.contents.pieces_of_part(session, row)
        begins = next(pieces, b"")
    _record_part(core, actor, row)
    large = Original(pieces=chain([begins], pieces), size=row.size or 0, name=row.name, media_type=row.media_type)
    return original_answer(large)


def open_sound_so_far(core: Core, actor: Actor, call_id: str) -> File:
    """What has been said in a call that is on; raises ``NotFound`` also where another host hears it.

    So does that of a caller who refused to be recorded.
    """
    with core.database.reading() as session:
        row = session.get(Capture, call_id)
        if row is None or is_refused(session, row.conversation, noted=REFUSED):
            raise NotFound(call_id)
    try:
        content = on_now.sound_so_far(core.capturing.sounds.root, core.seal, row.id)
    except FileNotFoundError:
        raise NotFound(call_id) from None
    _record(core, actor, f"Listened to the call of {row.began_at:%Y-%m-%d %H:%M:%S} UTC while it was on", None)
    return File(content=content, name="so-far.wav", media_type="audio/wav")


def _record_part(core: Core, actor: Actor, row: Attachment) -> None:
    _record(core, actor, f"Opened part {row.position % 1000 + 1} of number {row.position // 1000}", row.referral_id)


def _whole(session: Session, row: Message) -> str:
    """What is opened with a letter of a scan: that of all its letters, which others may have written."""
    letters = len(messages.of_scans(session, [row.scan_id])) if row.scan_id else 1
    return f", the whole scan of {letters} letters" if letters > 1 else ""


def _record(core: Core, actor: Actor, what: str, referral_id: int | None) -> None:
    with core.database.transaction() as session:
        audit.record(session, at=core.clock(), who=actor.name, what=what, referral_id=referral_id, is_private=True)

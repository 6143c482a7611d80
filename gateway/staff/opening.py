"""Opens the bytes behind a message or a part for somebody who may see them, and puts on record that they did."""

from __future__ import annotations

from itertools import chain

from channels.calls.keeping import REFUSED
from gateway.core import Core
from gateway.deciding import Actor, NotFound
from gateway.live import on_now
from gateway.staff.file_answers import File, Original
from gateway.traces import traces
from storage import audit
from storage.attachment import Attachment
from storage.capture import Capture, is_refused
from storage.message import Message


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
    number = f"number {row.ledger_no}" if row.ledger_no else "a report of a provider"
    _record(core, actor, f"Opened the original of {number}", row.referral_id)
    return Original(
        pieces=chain([begins], pieces), size=len(trace) + row.size, name=f"{row.reference}-{row.id[:8]}.bin",
        media_type=row.media_type,
    )  # fmt: skip


def open_part(core: Core, actor: Actor, part_id: str) -> File:
    """A part's bytes; raises ``NotFound`` also while they have not been fetched yet."""
    with core.database.reading() as session:
        row = session.get(Attachment, part_id)
        if row is None or row.sha256 is None:
            raise NotFound(part_id)
        content = core.contents.of_part(session, row)
    _record(core, actor, f"Opened part {row.position % 1000 + 1} of number {row.position // 1000}", row.referral_id)
    return File(content=content, name=row.name, media_type=row.media_type)


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


def _record(core: Core, actor: Actor, what: str, referral_id: int | None) -> None:
    with core.database.transaction() as session:
        audit.record(session, at=core.clock(), who=actor.name, what=what, referral_id=referral_id, is_private=True)

"""Has parts read again at the operator's word, each as a new version of its words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from gateway.core import Core
from gateway.staff import finding
from storage import attachment, transcript
from storage.attachment import Attachment
from storage.message import Message
from storage.referral import Referral
from transcription.choose import Kind, kind_of
from transcription.contract import CannotRead, EngineFailed
from transcription.worker import TranscriptionWorker, can_read


@dataclass(frozen=True, kw_only=True)
class Again:
    """One part read again: its referral, the new version's number, or why there is none."""

    reference: str
    version: int | None
    fault: str = ""


def parts_of(session: Session, reference: str) -> list[str]:
    """The parts of a referral whose bytes are here and that can be read; raises ``LookupError``."""
    item = finding.find(session, reference)
    if item is None or isinstance(item, Message):
        raise LookupError(reference)
    return [part.id for part in attachment.of_referrals(session, [item.id or 0]) if _is_readable(part)]


def not_heard_by(session: Session, model: str) -> list[str]:
    """The recordings that no version of this model's words exists of, the newest first."""
    name = Path(model).name
    heard = select(transcript.Transcript.attachment_id).where(
        transcript.Transcript.model == name, col(transcript.Transcript.attachment_id) == col(Attachment.id)
    )
    query = select(Attachment).where(col(Attachment.sha256).is_not(None), ~heard.exists())
    found = session.exec(query.order_by(col(Attachment.position).desc()))
    return [part.id for part in found if kind_of(part.media_type, part.name) is Kind.RECORDING]


async def read_again(core: Core, worker: TranscriptionWorker, part_ids: Sequence[str]) -> AsyncIterator[Again]:
    """One after another; raises NoEngine where there is no model."""
    for part_id in part_ids:
        yield await _read_again(core, worker, part_id)


async def _read_again(core: Core, worker: TranscriptionWorker, part_id: str) -> Again:
    with core.database.reading() as session:
        part = session.get_one(Attachment, part_id)
        reference = session.get_one(Referral, part.referral_id).reference
        content = core.contents.of_part(session, part)
    try:
        read = await worker.transcribe(content, part.media_type, part.name)
    except (CannotRead, EngineFailed) as fault:
        return Again(reference=reference, version=None, fault=str(fault))
    values = core.forms.prepare(read)
    made = await core.database.write(
        lambda s: core.forms.add_read(s, part_id, read, at=core.clock(), values=values).version
    )
    return Again(reference=reference, version=made)


def _is_readable(part: Attachment) -> bool:
    return part.sha256 is not None and can_read(part.media_type, part.name)

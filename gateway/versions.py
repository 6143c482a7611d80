"""Adds a version of a part's words, by machine or by a person, and shows the right one on the part."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from gateway import segments
from gateway.reading.parts import clean
from storage import audit, transcript, work
from storage.attachment import Attachment, TextState
from storage.columns import new_id
from storage.referral import Referral
from storage.transcript import MACHINE, Transcript
from transcription.contract import Transcript as Read

SUMMARY = 160
TYPED_NOTE = "Typed by a person who heard or saw the original."


def add_read(session: Session, part_id: str, read: Read, *, at: datetime) -> Transcript:
    """What an engine read is the part's next version, and is shown unless a person vouches for another."""
    version = Transcript(
        attachment_id=part_id, version=0, engine=read.engine, model=read.engine.rpartition(" ")[2],
        language=read.language or "", language_confidence=read.language_confidence, text=clean(read.text),
        segments=segments.written(read.segments), pages=segments.written_pages(read.pages),
        translation=clean(read.translation), confidence=read.confidence,
        note=read.note, seconds=read.seconds, made_at=at, made_by=MACHINE,
    )  # fmt: skip
    return _add(session, version, f"The words of a part were read by machine ({read.engine})")


def add_typed(session: Session, part_id: str, text: str, *, who: str, at: datetime) -> Transcript:
    """What a person typed, who thereby vouches for it."""
    last = transcript.to_be_shown(transcript.of_parts(session, [part_id]))
    version = Transcript(
        attachment_id=part_id, version=0, text=clean(text), note=TYPED_NOTE, made_at=at, made_by=who, checked_by=who,
        checked_at=at, language=last.language if last else "", seconds=last.seconds if last else None,
    )  # fmt: skip
    return _add(session, version, "The words of a part were typed")


def check(session: Session, part_id: str, version: int, *, who: str, at: datetime) -> bool:
    """A person has compared a version with the original and vouches for it; False if there is no such version."""
    part = transcript.held(session, part_id)
    versions = transcript.of_parts(session, [part_id])
    row = next((one for one in versions if one.version == version), None)
    if row is None:
        return False
    row.checked_by, row.checked_at = who, at
    session.add(row)
    _record(session, part, f"Version {version} of the words of a part was checked against the original", who=who, at=at)
    _show(session, part, transcript.to_be_shown(versions))
    return True


def ask_again(session: Session, part_id: str, *, who: str, at: datetime) -> None:
    """Have it read once more by machine, as its next version; while that is due already, nothing is added."""
    part = transcript.held(session, part_id)
    dedupe = f"read again:{part_id}:{transcript.next_version(session, part_id)}"
    state = work.state_of(session, dedupe)
    if state == "open":
        return
    key = f"{dedupe}:{new_id()}" if state else dedupe
    work.enqueue(session, "transcribing", "transcribe", part_id, at=at, dedupe=key)
    _record(session, part, "Asked for a part to be read again by machine", who=who, at=at)


def _add(session: Session, version: Transcript, what: str) -> Transcript:
    part = transcript.held(session, version.attachment_id)
    version.version = transcript.next_version(session, part.id)
    session.add(version)
    session.flush()
    which = f", version {version.version}" if version.version > 1 else ""
    _record(session, part, what + which, who=version.made_by, at=version.made_at)
    _show(session, part, transcript.to_be_shown(transcript.of_parts(session, [part.id])))
    return version


def _show(session: Session, part: Attachment, shown: Transcript | None) -> None:
    if shown is None:
        return
    before = _summary(part.text)
    part.text, part.segments, part.text_state = shown.text, shown.segments, TextState.DONE
    part.confidence, part.engine, part.note = shown.confidence, shown.engine, shown.note
    part.language, part.transcribed_at = shown.language, shown.made_at
    session.add(part)
    row = session.get_one(Referral, part.referral_id)
    if row.summary in ("", before):
        row.summary = _summary(part.text)
        session.add(row)


def _summary(text: str) -> str:
    return " ".join(text.split())[:SUMMARY]


def _record(session: Session, part: Attachment, what: str, *, who: str, at: datetime) -> None:
    audit.record(session, at=at, who=who, what=what, referral_id=part.referral_id)

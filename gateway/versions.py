"""Adds a version of a part's words, by machine or by a person, and shows the right one on the part."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from gateway import segments
from gateway.correcting import Corrections, corrected
from gateway.reading.parts import clean
from storage import audit, searching, transcript, work
from storage.attachment import Attachment, TextState
from storage.columns import new_id
from storage.referral import Referral
from storage.transcript import MACHINE, Transcript
from transcription.contract import Segment, mean_confidence, unclear_note
from transcription.contract import Transcript as Read

SUMMARY = 160
TYPED_NOTE = "Typed by a person who heard or saw the original."


class NewerVersion(Exception):
    """Another version is shown than the one that was put right: nothing was saved. `.shown` is its number."""

    def __init__(self, shown: int) -> None:
        super().__init__(f"version {shown} is shown now")
        self.shown = shown


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


def add_corrected(
    session: Session, part_id: str, corrections: Corrections, *, who: str, at: datetime, based_on: int
) -> Transcript | None:
    """Some lines put right, who thereby vouches for those; every other line and all places stay as they were read.

    Nothing changed: no version. Raises ``NewerVersion`` if not ``based_on`` is the version shown.
    """
    transcript.held(session, part_id)
    last = transcript.to_be_shown(transcript.of_parts(session, [part_id]))
    if last is None or last.version != based_on:
        raise NewerVersion(last.version if last else 0)
    before = segments.read(last.segments)
    made = corrected(last.text, before, corrections)
    if not made.changed:
        return None
    note = " ".join(filter(None, (_without(last.note, before), _typed_note(made.segments))))
    version = Transcript(
        attachment_id=part_id, version=0, engine=last.engine, model=last.model, language=last.language,
        language_confidence=last.language_confidence, text=clean(made.text), segments=segments.written(made.segments),
        pages=last.pages, confidence=mean_confidence(made.segments), note=note, seconds=last.seconds,
        made_at=at, made_by=who, checked_by=who, checked_at=at,
    )  # fmt: skip
    lines = "1 line" if made.changed == 1 else f"{made.changed} lines"
    return _add(session, version, f"Put right {lines} of the words of a part, from version {based_on}")


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


def _typed_note(lines: tuple[Segment, ...]) -> str:
    typed = sum(each.is_typed for each in lines)
    told = "1 line was" if typed == 1 else f"{typed} lines were"
    by_whom = f"{told} typed by a person who saw the original." if typed else ""
    return " ".join(filter(None, (by_whom, unclear_note(lines))))


def _without(note: str, lines: tuple[Segment, ...]) -> str:
    """What a note says beside how sure its lines are."""
    return note.replace(_typed_note(lines), "").strip()


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
    searching.index(session, part.referral_id)
    row = session.get_one(Referral, part.referral_id)
    if row.summary in ("", before):
        row.summary = _summary(part.text)
        session.add(row)


def _summary(text: str) -> str:
    return " ".join(text.split())[:SUMMARY]


def _record(session: Session, part: Attachment, what: str, *, who: str, at: datetime) -> None:
    audit.record(session, at=at, who=who, what=what, referral_id=part.referral_id)

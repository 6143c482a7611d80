"""One call as its page shows it: what is written, what may be seen of who calls, the line, and whom to write for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from channels.note import KEPT_APART
from gateway import saying, working_days
from gateway.calls_taken import fields
from gateway.calls_taken.drafts import Taken
from gateway.calls_taken.fields import Line, Written
from gateway.core import Core
from gateway.live import on_now
from gateway.live.on_now import Call
from gateway.notice_fields import NoticeFields
from gateway.reading import for_worker
from gateway.reading.wished_language import language_in
from gateway.staff.signed_in import Worker
from storage import audit, staff
from storage.draft import Draft, DraftState


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A worker a message may be for; ``away`` says since they are away who has it, empty: they are there."""

    name: str
    away: str


@dataclass(frozen=True, kw_only=True)
class CallView:
    """``who``: whether this reader sees who calls. ``apart`` are the fields that are filled in and not shown to them.

    ``lines`` are the calls that are on, ``line`` the one this is, if it is known. ``theirs``: what somebody else saved.
    """

    row: Draft
    kept: Written
    who: bool
    apart: frozenset[str]
    spoken: str
    read_out: str
    back: tuple[Line, ...]
    lines: Sequence[Call]
    line: Call | None
    colleagues: Sequence[Colleague]
    theirs: tuple[Line, ...] = ()
    theirs_text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether more can be written."""
        return self.row.state == DraftState.OPEN

    @property
    def language(self) -> str:
        """The one the caller wants to be spoken to in, by its code; empty if that is English or nobody asked."""
        return language_in(self.kept.fields.get("interpreter", ""))

    @property
    def notes(self) -> str:
        """The words of the notes."""
        return self.kept.fields.get(fields.TEXT, "")


def may_see_who(row: Draft, worker: Worker) -> bool:
    """Who took the call knows who called, and so do those who may know it anywhere."""
    return worker.may_identify or worker.actor.name == row.taken_by


def view(session: Session, core: Core, worker: Worker, taken: Taken, *, theirs: Taken | None = None) -> CallView:
    """As this worker sees it; ``theirs``: what somebody else saved while ``taken`` was typed."""
    row, now = taken.row, core.clock()
    who = may_see_who(row, worker)
    lines = [call for call in on_now.calls(session, now) if call.is_on or call.id == row.call]
    hidden = frozenset() if who else KEPT_APART & set(taken.kept.fields)
    told = NoticeFields(reference=row.reference, received=row.began_at, read_by=working_days.look_by(row.began_at))
    return CallView(
        row=row, kept=taken.kept, who=who, apart=hidden, spoken=saying.read_out_reference(row.reference),
        read_out=core.words.render("receipt", "note", told).text, back=fields.read_back(taken.kept, who=who),
        lines=lines, line=next((call for call in lines if call.id == row.call), None),
        colleagues=colleagues(session, now),
        theirs=fields.differs(taken.kept, theirs.kept, who=who) if theirs else (),
        theirs_text=theirs.kept.fields.get(fields.TEXT, "") if theirs else "",
    )  # fmt: skip


def colleagues(session: Session, now: datetime) -> list[Colleague]:
    """Everybody a message may be for, and who has it while they are away."""
    return [
        Colleague(name=each.name, away=for_worker.goes_to(session, each.name, now).says if each.is_away(now) else "")
        for each in staff.who_work_here(session, for_worker.WORKERS)
    ]


def record_look(session: Session, core: Core, worker: Worker, taken: Taken) -> None:
    """Whoever did not take the call and sees who called is put on record."""
    is_theirs = worker.actor.name == taken.row.taken_by
    if is_theirs or not may_see_who(taken.row, worker) or not KEPT_APART & set(taken.kept.fields):
        return
    what = f"Looked at who called, in the notes of {taken.row.reference}"
    audit.record(session, at=core.clock(), who=worker.actor.name, what=what, is_private=True)

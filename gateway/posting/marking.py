"""A clerk marks letters posted, or spoilt so that they are printed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from channels.letter.print_folder import take_out
from gateway import checking, notices, saying, working_days
from gateway.core import Core
from gateway.life_cycle import Incomplete, NotAllowed
from gateway.owing import About
from gateway.raising import SAID
from storage import audit, notice, print_run, referral
from storage.notice import Notice, NoticeState
from storage.print_run import PrintRun
from storage.referral import Referral, Severity

POSTED = "it was posted"
NOT_A_DAY = "Give the day it was posted: not before the letter was written, and not after today"


def mark_posted(session: Session, core: Core, row: Notice, who: str, *, on: date | None = None) -> None:
    """Posted ``on`` that day, today if none is given; what had been raised about it falls away.

    Raises ``NotAllowed`` for what is no letter to be posted, and ``Incomplete`` for a day that cannot be.
    """
    if not row.is_to_be_posted:
        raise NotAllowed("this is not a letter that waits to be posted", ())
    row.posted_at, row.posted_by = _moment(core, row, on), who
    session.add(row)
    what = f"The {row.kind.replace('_', ' ')} letter was posted on {saying.day_and_year(row.posted_at)}"
    audit.record(session, at=core.clock(), who=who, what=what, referral_id=row.referral_id)
    session.flush()
    leave_the_post(session, core, row, why=POSTED)


def leave_the_post(session: Session, core: Core, row: Notice, *, why: str) -> None:
    """It lies in the print folder no longer, nobody is asked to post it, and its run waits for it no more."""
    if row.provider_id:
        take_out(core.settings.letters_dir, row.provider_id)
    if not _another_waits(session, row, core.clock()):
        notice.withdraw_tasks(session, row.referral_id, given=checking.not_posted_in_words(row.kind), why=why)
    if row.run_id:
        _settle_run(session, core, row.run_id)


def mark_run_posted(session: Session, core: Core, run: PrintRun, who: str, *, on: date | None = None) -> int:
    """Every letter of it that is not marked yet and has not failed meanwhile; returns how many."""
    rows = [row for row in held_letters(session, run.id) if row.is_to_be_posted]
    for row in rows:
        mark_posted(session, core, row, who, on=on)
    return len(rows)


def print_again(session: Session, core: Core, row: Notice, who: str) -> None:
    """It was spoilt, or never went: it waits to be printed and posted as if it had been in no run."""
    if row.state != NoticeState.SENT or row.run_id is None:
        raise NotAllowed("this letter is in no print run", ())
    run, was_posted = session.get_one(PrintRun, row.run_id), row.posted_at is not None
    row.run_id, row.run_place, row.run_pages, row.posted_at, row.posted_by = None, 0, 0, None, ""
    session.add(row)
    what = f"The {row.kind.replace('_', ' ')} letter was spoilt: it leaves print run {run.number} and is printed again"
    audit.record(session, at=core.clock(), who=who, what=what, referral_id=row.referral_id)
    session.flush()
    _settle_run(session, core, run.id)
    if was_posted and row.due_at < core.clock():
        _raise_again(session, core, row)


def held_letters(session: Session, run_id: str) -> list[Notice]:
    """The letters of a run, their referrals held before them, as everywhere."""
    rows = print_run.letters_of(session, run_id)
    return [held for row in rows if (held := held_letter(session, row.id)) is not None]


def held_letter(session: Session, notice_id: str) -> Notice | None:
    """One notice and its referral, held until the transaction ends."""
    row = notice.by_id(session, notice_id)
    if row is not None:
        referral.by_id(session, row.referral_id, lock=True)
        row = notice.by_id(session, notice_id, lock=True)
    return row


def _moment(core: Core, row: Notice, on: date | None) -> datetime:
    """Now, for today; of an earlier day its close, for nobody knows the hour."""
    now, written = core.clock(), working_days.in_london(row.created_at).date()
    today = working_days.in_london(now).date()
    if on is None or on == today:
        return now
    if not written <= on < today:
        raise Incomplete("on", NOT_A_DAY)
    return max(working_days.close_of(on), row.created_at)


def _another_waits(session: Session, row: Notice, now: datetime) -> bool:
    """Whether the same task stands for another letter of this referral too."""
    return any(
        each.id != row.id and each.kind == row.kind and each.is_to_be_posted and each.due_at < now
        for each in notice.of_referrals(session, [row.referral_id])
    )  # fmt: skip


def _raise_again(session: Session, core: Core, row: Notice) -> None:
    """The task that it is late fell away with the mark that it was posted, and is not raised twice of one time."""
    what, about = checking.not_posted_in_words(row.kind), session.get_one(Referral, row.referral_id)
    if any(task.reason == what for task in notice.open_tasks(session, [row.referral_id])):
        return
    is_red = about.severity == Severity.RED
    core.owing.write(session, about, notices.task(what, core.clock(), is_red=is_red), About())
    audit.record(session, at=core.clock(), who="frontdoor", what=SAID + what, referral_id=row.referral_id)


def _settle_run(session: Session, core: Core, run_id: str) -> None:
    """A run is posted with the last of its letters."""
    left: Sequence[Notice] = [row for row in print_run.letters_of(session, run_id) if row.state == NoticeState.SENT]
    run = session.get_one(PrintRun, run_id)
    run.posted_at = None if any(row.posted_at is None for row in left) else run.posted_at or core.clock()
    session.add(run)

"""Finds referrals by what somebody typed: a reference first, then whose address it is, then what is still open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from gateway import working_days
from gateway.addresses import found_by, home_key
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import SOCIAL_WORK
from gateway.searching.found import Asked, Found, Only, Result
from gateway.searching.passages import passage
from gateway.searching.typed import Meant, meant
from gateway.staff import finding
from gateway.view import waiting_view
from storage import audit, referral, searching_people, searching_said
from storage.message import Message
from storage.referral import Referral
from storage.searching_asked import CLOSED, OPEN, Between, Term, Wanted, ids_of, is_common
from storage.searching_days import Kept
from storage.searching_words import BY

MOST_AT_ONCE = 100
FOR_SOCIAL_WORKERS = (
    "Only what was said was searched. Who told us, by their number or mail address, is for social workers to search."
)
ON_RECORD = "Who told us was searched too. That you looked is on record."
PAST = re.compile(r"s-([0-9]{1,4})")
MARK = re.compile(r"(o|c)([12])-([0-9]{1,9})")
BY_REFERENCE, BY_SENDER = "Its reference", "Number or address of who told us, or of the child's home"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One of the lists that are gone through in turn: the open ones first, and of those what fits exactly."""

    table: str
    is_exact: bool
    wanted: Wanted

    @property
    def mark(self) -> str:
        """What names it in a page's address."""
        return f"{'o' if self.table == OPEN else 'c'}{1 if self.is_exact else 2}"


def search(core: Core, actor: Actor, asked: Asked) -> Found:
    """One page of results. A look by who told us is on record before anybody sees what it found."""
    what = meant(asked.typed)
    may_identify = actor.role in SOCIAL_WORK
    with core.database.reading() as session:
        found = _look(session, core, replace(asked, limit=min(asked.limit, MOST_AT_ONCE)), what, may_identify)
    if not what.addresses:
        return found
    if not may_identify:
        return replace(found, notes=(*found.notes, FOR_SOCIAL_WORKERS))
    with core.database.transaction() as session:
        audit.record(session, at=core.clock(), who=actor.name, what=_told(found.senders), is_private=True)
    return replace(found, notes=(*found.notes, ON_RECORD))


def _look(session: Session, core: Core, asked: Asked, what: Meant, may_identify: bool) -> Found:
    if what.reference is None and not what.exactly.all_of:
        return Found(said_nothing=True)
    item = finding.find(session, what.reference) if what.reference else None
    its_id = item.id if isinstance(item, Referral) else None
    theirs = [row for row in _of_sender(session, core, asked, what) if row.id != its_id] if may_identify else []
    found = _page(session, asked, what, item, theirs)
    return replace(found, senders=tuple(row.ledger_no for row in theirs))


def _page(
    session: Session, asked: Asked, what: Meant, item: Referral | Message | None, theirs: Sequence[Referral]
) -> Found:  # fmt: skip
    """First what is found by its reference, then by whose address it is, then by what was said."""
    place = PAST.fullmatch(asked.after)
    past = int(place[1]) if place else len(theirs) if MARK.fullmatch(asked.after) else 0
    shown = [_of_item(session, item, what)] if item is not None and not asked.after else []
    some = [row.id or 0 for row in theirs[past : past + asked.limit - len(shown)]]
    shown += [replace(each, why=BY_SENDER) for each in _results(session, some, what)]
    if past + len(some) < len(theirs):
        return Found(results=tuple(shown), after=f"s-{past + len(some)}")
    known = {row.id or 0 for row in theirs} | ({item.id or 0} if isinstance(item, Referral) else set())
    ids, after = _by_words(session, asked, what, known, asked.limit - len(shown))
    return Found(results=(*shown, *_results(session, ids, what)), after=after)


def _of_sender(session: Session, core: Core, asked: Asked, what: Meant) -> list[Referral]:
    """What is open first, then the newest."""
    hashes = [core.seal.blind(found_by(each)) for each in what.addresses]
    homes = [core.seal.blind(home_key(each)) for each in what.addresses]
    ids = searching_people.referrals_of(session, found_by=hashes, homes=homes)
    rows = [row for row in referral.every_one(session, references=(), ids=ids) if _fits(row, asked)]
    return sorted(rows, key=lambda row: (row.state == "closed", -(row.id or 0)))


def _fits(row: Referral, asked: Asked) -> bool:
    is_state = asked.only is Only.ALL or (row.state == "closed") == (asked.only is Only.CLOSED)
    on = working_days.in_london(row.captured_at).date()
    is_day = (asked.since is None or on >= asked.since) and (asked.until is None or on <= asked.until)
    return is_state and is_day and asked.channel in ("", row.channel)


def _stages(what: Meant, asked: Asked) -> list[Stage]:
    tables = {Only.ALL: (OPEN, CLOSED), Only.OPEN: (OPEN,), Only.CLOSED: (CLOSED,)}[asked.only]
    by = ((Term(words=(f"{BY}{''.join(filter(str.isalnum, asked.channel))}",)),),) if asked.channel else ()
    forms = [(True, what.exactly)] + ([(False, what.wider)] if what.wider else [])
    return [
        Stage(table=table, is_exact=exact, wanted=replace(wanted, all_of=(*wanted.all_of, *by)))
        for table in tables for exact, wanted in forms
    ]  # fmt: skip


def _by_words(session: Session, asked: Asked, what: Meant, known: set[int], limit: int) -> tuple[list[int], str]:
    """The ids of one page, and where the next begins."""
    if not what.exactly.all_of:
        return [], ""
    kept = _kept(asked)
    whole = kept.between(session)
    place = MARK.fullmatch(asked.after)
    stages = _stages(what, asked)
    marks = [stage.mark for stage in stages]
    number = marks.index(place[1] + place[2]) if place and place[1] + place[2] in marks else 0
    between = replace(whole, below=min(whole.below, int(place[3]))) if place else whole
    found: list[int] = []
    for stage in stages[number:]:
        room = limit - len(found)
        wanted = stage.wanted if stage.is_exact or stage.table == OPEN else _narrowed(session, stage.wanted)
        new = _new(session, replace(stage, wanted=wanted), kept, between, known, most=room + 1)
        if len(new) > room:
            last = new[room - 1] if room else new[0] + 1
            return found + new[:room], f"{stage.mark}-{last}"
        found += new
        between = whole
    return found, ""


def _narrowed(session: Session, wanted: Wanted) -> Wanted:
    """Words that everybody uses are not also beginnings: to gather a million rows takes longer than anybody waits."""
    return replace(wanted, all_of=tuple(_common_as_it_is(session, group) for group in wanted.all_of))


def _common_as_it_is(session: Session, group: tuple[Term, ...]) -> tuple[Term, ...]:
    whole = tuple(replace(term, begins=False) if term.stands_alone else term for term in group)
    return whole if whole != group and any(is_common(session, term) for term in whole) else group


def _new(
    session: Session, stage: Stage, kept: Kept, between: Between, known: set[int], *, most: int
) -> list[int]:  # fmt: skip
    """The newest of a stage that were kept on the days asked for and are not known, ``most`` of them if there are."""
    found: list[int] = []
    while True:
        limit = most + len(known)
        ids = ids_of(session, stage.table, stage.wanted, between=between, limit=limit)
        found += [each for each in kept.those_of(session, ids) if each not in known]
        if len(found) >= most or len(ids) < limit:
            return found[:most]
        between = replace(between, below=ids[-1])


def _kept(asked: Asked) -> Kept:
    has_end = asked.until is not None and asked.until < date.max
    return Kept(
        since=_begin(asked.since) if asked.since else None,
        until=_begin(asked.until + timedelta(days=1)) if asked.until and has_end else None,
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=working_days.LONDON)


def _results(session: Session, ids: Sequence[int], what: Meant) -> list[Result]:
    if not ids:
        return []
    rows = {row.id or 0: row for row in referral.every_one(session, references=(), ids=ids)}
    said = searching_said.texts_of(session, list(rows))
    return [_result(rows[each], said.get(each, ()), what) for each in ids if each in rows]


def _result(row: Referral, said: Sequence[str], what: Meant) -> Result:
    shown = passage(said, what.words) or passage((row.summary,), what.words)
    return Result(
        id=row.id, reference=row.reference, ledger_no=row.ledger_no, channel=row.channel, kind=row.kind,
        state=row.state, severity=row.severity, received_at=row.received_at, due_at=row.due_at, owner=row.owner,
        child_known=row.child_known, passage=shown, queue=row.queue,
    )  # fmt: skip


def _of_item(session: Session, item: Referral | Message, what: Meant) -> Result:
    if isinstance(item, Referral):
        return replace(_results(session, [item.id or 0], what)[0], why=BY_REFERENCE)
    seen = waiting_view(item)
    return Result(
        id=None, reference=seen.reference, ledger_no=seen.ledger_no, channel=seen.channel, kind=seen.kind,
        state=seen.state, severity=seen.severity, received_at=seen.received_at, due_at=seen.due_at, owner=None,
        child_known=False, why=BY_REFERENCE,
    )  # fmt: skip


def _told(ledger_numbers: Sequence[int]) -> str:
    """What the record says: never the number or address that was typed."""
    numbers = ", ".join(map(str, sorted(ledger_numbers)))
    found = f"{len(ledger_numbers)} referrals, ledger numbers {numbers}" if numbers else "none"
    return f"Searched who told us by a number or mail address: found {found}"

"""Keeps what was suggested with its words, raises the floor, and puts what is perhaps red before a person at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from gateway import ladder, notices
from gateway.clock import Clock
from gateway.guards import rank
from gateway.ladder import Told
from gateway.owing import About as NoticeAbout
from gateway.owing import Owing
from gateway.proposing.contract import Kind, Said
from gateway.proposing.places import Places
from gateway.suggesting.gate import Found, Gate
from storage import audit, notice, referral, suggestion
from storage.referral import Referral, Severity, State
from storage.suggestion import About, Suggestion, SuggestionState
from transcription.contract import Segment

LOOK_FIRST = "look at this first: a machine found words that may be red"
MOST_OPEN = 300


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where the words stand: the message, and the part of it where they are not its own."""

    referral_id: int
    message_id: str
    attachment_id: str | None = None
    within: str = ""


class Suggesting:
    """Looks before a transaction is open, and keeps in it. It raises; it never lowers, closes or merges.

    ``puts_first``: what is perhaps red is put before a person at once.
    """

    def __init__(self, *, gate: Gate, owing: Owing, clock: Clock, puts_first: bool = True) -> None:
        self._gate, self._owing, self._clock, self._puts_first = gate, owing, clock, puts_first

    def quietly(self) -> Suggesting:
        """The same for what people have looked at long ago: kept and shown, and nobody is given a task."""
        return Suggesting(gate=self._gate, owing=self._owing, clock=self._clock, puts_first=False)

    def found_in(self, said: Said) -> tuple[Found, ...]:
        """What is suggested from some words."""
        return self._gate.found_in(said)

    def found_in_words(self, text: str, on: date) -> tuple[Found, ...]:
        """The same of words of which no more is known."""
        return self._gate.found_in(Said(text=text, kind=Kind.DOCUMENT, on=on))

    def keep(
        self, session: Session, where: Where, text: str, found: Sequence[Found], segments: Sequence[Segment] = ()
    ) -> int:
        """How many are new. Of a part, what an earlier version said and this does not is superseded."""
        places = Places(text, segments, within=where.within)
        placed = [(one, places.place(one.suggested.start, one.suggested.end)) for one in found]
        return self.keep_placed(session, where, placed)

    def keep_placed(
        self, session: Session, where: Where, placed: Sequence[tuple[Found, dict[str, object]]]
    ) -> int:  # fmt: skip
        """The same of what stands at places of its own kind, such as the fields of a form."""
        known = suggestion.of_referrals(session, [where.referral_id]) if placed or where.attachment_id else []
        stale = {each.id: each for each in known if _is_unsettled_of(each, where)}
        added: list[Suggestion] = []
        for one, place in placed:
            same = next((each for each in known if _is_same(each, one, where)), None)
            if same is not None:
                stale.pop(same.id, None)
            elif len(known) + len(added) < MOST_OPEN:
                added.append(_row(where, one, place, self._clock()))
        for each in stale.values():
            each.state = SuggestionState.SUPERSEDED
            session.add(each)
        session.add_all(added)
        session.flush()
        self._raise(session, where.referral_id, added)
        return len(added)

    def _raise(self, session: Session, referral_id: int, added: Sequence[Suggestion]) -> None:
        graver = [each for each in added if each.about == About.SEVERITY]
        if not graver:
            return
        row = referral.by_id(session, referral_id, lock=True)
        if row is None:
            return
        gravest = max(graver, key=lambda each: rank(each.value))
        before = row.severity_floor
        if rank(gravest.value) > rank(before):
            row.severity_floor = gravest.value
        session.add(row)
        self._note(session, row, gravest, before)
        if self._puts_first and gravest.value == Severity.RED and row.severity != Severity.RED:
            self._put_first(session, row)

    def _note(self, session: Session, row: Referral, gravest: Suggestion, before: str) -> None:
        """History never quotes: the words stand with the suggestion."""
        rated = f", rated {row.severity} by a person" if row.severity != Severity.UNRATED else ""
        was = f"again, the floor stays {before}" if row.severity_floor == before else f"floor was {before}"
        what = f"Perhaps {gravest.value}, by machine from the words: {gravest.says} ({was}{rated})"
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)

    def _put_first(self, session: Session, row: Referral) -> None:
        """The clock that red would have, and the duty manager's task to look: one, however often it comes up."""
        now = self._clock()
        if row.state not in (State.CLOSED, State.DECIDED, State.AWAITING_INFORMATION):
            ladder.hasten(row, _red_due(row, now))
            session.add(row)
        session.flush()
        for task in notice.open_tasks(session, [row.id or 0]):
            if task.reason == LOOK_FIRST:
                task.times += 1
                session.add(task)
                return
        owed = notices.task(LOOK_FIRST, now, is_red=True)
        task = self._owing.write(session, row, owed, NoticeAbout())
        task.for_role = Told.DUTY_MANAGER
        session.add(task)


def _red_due(row: Referral, now: datetime) -> datetime:
    """As red would be due, but nothing is late at the moment it is found."""
    since = row.clock_from if row.state == State.REOPENED and row.clock_from else row.received_at
    return max(since + ladder.RATED_WITHIN[Severity.RED], now + notices.RED_TASK_WITHIN)


def _row(where: Where, one: Found, place: dict[str, object], at: datetime) -> Suggestion:
    each = one.suggested
    return Suggestion(
        referral_id=where.referral_id, message_id=where.message_id, attachment_id=where.attachment_id,
        about=each.about, value=each.value, rule=each.rule, says=each.says, words=each.words,
        place=json.dumps(place), extractor=one.extractor, made_at=at,
    )  # fmt: skip


def _is_same(row: Suggestion, one: Found, where: Where) -> bool:
    """The same words of the same part or message, found by the same rule."""
    each = one.suggested
    of = (row.message_id, row.attachment_id, row.about, row.value, row.rule, row.words)
    return of == (where.message_id, where.attachment_id, each.about, each.value, each.rule, each.words)


def _is_unsettled_of(row: Suggestion, where: Where) -> bool:
    is_of_it = where.attachment_id is not None and row.attachment_id == where.attachment_id
    return is_of_it and row.state == SuggestionState.OPEN

"""Tells the sender what a step of staff means to them: N2 to N6, worded by who they are, by a safe way or a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from gateway import notices, outcome
from gateway.agreed_by import is_a_managers
from gateway.clock import Clock
from gateway.guards import MANAGERS, Attempt
from gateway.notices import Owed
from gateway.owing import About, Owing
from gateway.reaching import Reaching
from storage import message
from storage.identity import Identity
from storage.notice import NoticeKind, NoticeState
from storage.referral import Referral

AT_ONCE = frozenset({NoticeKind.NEED_MORE, NoticeKind.WORKER_MESSAGE})
BY_HAND = "find a way to ask the sender, who left no address"
ASKED_BY_HAND = frozenset({"note"})
"""Whoever took the note may know the sender."""
ASKED_THERE = frozenset({"web_form"})
"""A sender without an address sees on the tracking page that there is a question."""


class TellingSenders:
    """All of it in the transaction it is given. ``levels``: how much each class of sender is told of a decision."""

    def __init__(self, *, owing: Owing, reaching: Reaching, clock: Clock, levels: Mapping[str, int]) -> None:
        self._owing, self._reaching, self._clock, self._levels = owing, reaching, clock, levels

    def can_be_asked(self, session: Session, row: Referral) -> bool:
        """Whether a question can be put to the sender at all, by a machine or by a person."""
        owed, _ = self._way(session, row, NoticeKind.NEED_MORE)
        return owed.state != NoticeState.CANCELLED or row.channel in ASKED_BY_HAND | ASKED_THERE

    def ask(self, session: Session, row: Referral, question: str, answer_by: datetime) -> bool:
        """N3, or a person's task that holds the question; whether it is the task."""
        owed, to = self._way(session, row, NoticeKind.NEED_MORE)
        if owed.state == NoticeState.CANCELLED and row.channel in ASKED_BY_HAND:
            owed = notices.task(BY_HAND, self._clock())
        is_by_hand = owed.kind == NoticeKind.STAFF_TASK
        extra = {"question": question, "answer_by": answer_by}
        written = self._owing.write(session, row, owed, About(identity=to, extra=extra))
        if is_by_hand:
            written.text = f"The question: {question}"
            session.add(written)
        return is_by_hand

    def decided(self, session: Session, attempt: Attempt, *, answer_by: datetime, again: bool) -> None:
        """N2, or N6 where the decision is to give a message to a worker."""
        row = attempt.row
        if row.decision_code == "worker_message":
            worker = self._as_the_sender_said(session, row, attempt.said("worker"))
            extra = {"answer_by": answer_by} | ({"worker": worker} if worker else {})
            self._tell(session, row, NoticeKind.WORKER_MESSAGE, extra)
            return
        said = outcome.outcome(
            row, self._level(row), reasons=attempt.said("reasons_for_sender"),
            checked_by=self._checked_by(session, attempt), again=again,
        )  # fmt: skip
        self._tell(session, row, NoticeKind.LOOKED_AT, said)

    def closed(self, session: Session, attempt: Attempt) -> None:
        """N4, or N5 where another council has it now."""
        row = attempt.row
        checked_by = self._checked_by(session, attempt)
        extra: dict[str, Any] = {"agreed_by": checked_by} if checked_by else {}
        extra["told_outcome"] = outcome.hears_outcome(row, self._level(row))
        if row.decision_code != "passed_on":
            self._tell(session, row, NoticeKind.CLOSED, extra)
            return
        if attempt.yes("address_from_sender"):
            council, _, phone = row.handed_to.partition("\n")
            named = {"other_council": council, "other_phone": phone, "other_reference": attempt.said("their_reference")}
            extra |= {"passed": attempt.moment("passed_at") or attempt.now}
            extra |= {name: value for name, value in named.items() if value}
        self._tell(session, row, NoticeKind.PASSED_ON, extra)

    def _level(self, row: Referral) -> int:
        return self._levels.get(row.told_as, outcome.LOOKED_AT_ONLY)

    def _tell(self, session: Session, row: Referral, kind: NoticeKind, extra: Mapping[str, Any]) -> None:
        owed, to = self._way(session, row, kind)
        self._owing.write(session, row, owed, About(identity=to, extra=extra))

    def _way(self, session: Session, row: Referral, kind: NoticeKind) -> tuple[Owed, Identity | None]:
        """Questions and messages for a worker are answered at once, the others by the end of the working day."""
        who = session.get(Identity, row.identity_id) if row.identity_id else None
        owed, to = self._reaching.to_sender(session, row, kind, who)
        if kind in AT_ONCE and owed.channel in ("sms", "email"):
            owed = replace(owed, due_at=self._clock() + notices.RECEIPT_WITHIN)
        return owed, to

    def _checked_by(self, session: Session, attempt: Attempt) -> str:
        """The manager who agreed, or nobody: a second person who is none is not said to be one."""
        name = attempt.row.agreed_by or ""
        return name if attempt.agreed_role in MANAGERS or is_a_managers(session, name) else ""

    def _as_the_sender_said(self, session: Session, row: Referral, worker: str) -> str:
        """A worker is named to a sender only if the sender named them: else it would show that a child is known."""
        said = " ".join(m.text for m in message.of_referrals(session, [row.id or 0])).casefold()
        return worker if worker and worker.casefold() in said else ""

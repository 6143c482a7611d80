"""One page of the queue: what is overdue first, whatever was chosen, then what was chosen of the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway import working_days
from gateway.calls_taken.drafts import LEFT_AFTER
from gateway.staff import finding
from gateway.staff.finding import Item, due_at
from gateway.staff.queue_filters import Filters, day_end
from gateway.staff.queue_rows import Row, rows_of
from storage import capture, draft, message, notice, queue_order
from storage.draft import Draft
from storage.message import Message
from storage.queue_choice import Choice
from storage.queue_order import COUNTED_TO, FEW, FEWEST, Counts
from storage.referral import Referral

PAGE = 50
UNREAD_LOOKED_AT = 500
EVERY_ONE = 2**31


@dataclass(frozen=True, kw_only=True)
class View:
    """What somebody looks at. ``me`` is empty unless the filters ask for their own: then everybody's is the same."""

    filters: Filters
    page: int = 1
    me: str = ""


@dataclass(frozen=True, kw_only=True)
class BeingTaken:
    """A call somebody takes now; ``reference`` is empty while nothing of it is kept."""

    reference: str
    by: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every view of one moment shares. ``unread_count`` counts what is kept and not read yet, which is open too.

    ``highest`` is the last ledger number of what stands in the queue or stood there.
    """

    now: datetime
    counts: Counts
    owned: dict[str, str]
    unread: tuple[Message, ...]
    unread_count: int
    tasks_overdue: int
    highest: int
    calls_on: int
    being_taken: tuple[BeingTaken, ...]

    @property
    def unread_overdue(self) -> int:
        """How many of those are overdue."""
        return sum(due_at(each) < self.now for each in self.unread)

    def numbers(self) -> dict[str, str]:
        """Each count in words; one that was not counted to its end says so."""
        counts, unread = self.counts, self.unread_count
        return {
            "open": said(counts.open + unread, COUNTED_TO), "overdue": said(self.overdue, COUNTED_TO),
            "tasks": said(self.tasks_overdue, FEW), "nobodys": said(counts.nobodys + unread, FEW),
            "unrated": said(counts.unrated + unread, FEW), "red": said(counts.red, FEW),
            "today": said(counts.still_today + self._unread_today(), FEW), "waiting": said(counts.waiting, FEW),
            "spam": said(counts.perhaps_spam, FEW),
        }  # fmt: skip

    @property
    def overdue(self) -> int:
        """Everything that has run out of time, counted to ``COUNTED_TO``."""
        return self.counts.overdue + self.unread_overdue

    def _unread_today(self) -> int:
        ends = today_ends(self.now)
        return sum(self.now <= due_at(each) < ends for each in self.unread)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One page. ``overdue_chosen`` of all that is overdue would also be chosen; ``chosen`` of the rest are."""

    overdue: tuple[Row, ...]
    rest: tuple[Row, ...]
    has_more: bool
    overdue_chosen: str
    chosen: str

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them as they stand."""
        return (*self.overdue, *self.rest)


def ground(session: Session, now: datetime) -> Ground:
    """What stands above the list, asked once for all who look."""
    unread = message.waiting_to_be_read(session, UNREAD_LOOKED_AT)
    is_all = len(unread) < UNREAD_LOOKED_AT
    return Ground(
        now=now, counts=queue_order.counts(session, now, day_ends=today_ends(now)),
        owned={name: said(count, FEWEST) for name, count in queue_order.owned(session).items()}, unread=tuple(unread),
        unread_count=len(unread) if is_all else queue_order.unread_up_to(session, COUNTED_TO + 1),
        tasks_overdue=notice.tasks_up_to(session, FEW + 1, due_before=now),
        highest=max([queue_order.highest(session), *(each.ledger_no or 0 for each in unread)]),
        calls_on=len(capture.running(session, now)), being_taken=tuple(
            map(_being_taken, draft.open_drafts(session, unwritten_since=now - LEFT_AFTER))
        ),
    )  # fmt: skip


def listed(session: Session, on: Ground, view: View) -> Listed:
    """The page ``view.page`` (from 1); every page of what is overdue comes before the first of the rest."""
    now, offset, choice = on.now, (view.page - 1) * PAGE, view.filters.choice(view.me, on.now)
    late = [each for each in on.unread if due_at(each) < now]
    chosen = [each for each in on.unread if due_at(each) >= now and _takes(choice, each)]
    overdue = _stretch(lambda n, at: queue_order.overdue(session, now, limit=n, offset=at), late, PAGE + 1, offset)
    before = 0 if overdue else offset - _overdue_in_all(session, on, offset)
    rest = _stretch(
        lambda n, at: queue_order.in_time(session, choice, now, limit=n, offset=at), chosen,
        PAGE + 1 - len(overdue), max(0, before),
    )  # fmt: skip
    rows = rows_of(session, [*overdue, *rest][:PAGE], now)
    in_all = both = 0
    if not view.filters.is_everything:
        in_all = queue_order.in_time_up_to(session, choice, now, FEW + 1) + len(chosen)
    if overdue and not view.filters.is_everything:
        both = queue_order.overdue_up_to(session, now, FEW + 1, choice=choice) + sum(
            _takes(choice, each) for each in late
        )
    return Listed(
        overdue=tuple(rows[: len(overdue)]), rest=tuple(rows[len(overdue) :]),
        has_more=len(overdue) + len(rest) > PAGE, overdue_chosen=said(both, FEW), chosen=said(in_all, FEW),
    )  # fmt: skip


def today_ends(now: datetime) -> datetime:
    """When this day ends in London."""
    return day_end(working_days.in_london(now).date())


def said(number: int, counted_to: int) -> str:
    """The number, or that it is more than was counted."""
    return f"more than {counted_to:,}" if number > counted_to else f"{number:,}"


def _overdue_in_all(session: Session, on: Ground, offset: int) -> int:
    """To the last one: where the rest begins must not be a guess."""
    if offset == 0:
        return 0
    is_exact = on.counts.overdue <= COUNTED_TO
    return on.unread_overdue + (
        on.counts.overdue if is_exact else queue_order.overdue_up_to(session, on.now, EVERY_ONE)
    )


def _stretch(
    fetch: Callable[[int, int], list[Referral]], unread: list[Message], limit: int, offset: int
) -> list[Item]:  # fmt: skip
    """Referrals and what is unread, in one order.

    Of the referrals as many before the stretch are fetched as there are unread messages that may stand before it.
    """
    if limit <= 0:
        return []
    start = max(0, offset - len(unread))
    rows = fetch(offset + limit - start, start)
    known = {row.ledger_no for row in rows}
    merged: list[Item] = sorted([*rows, *(one for one in unread if one.ledger_no not in known)], key=finding.place)
    return merged[offset - start :][:limit] if rows or not start else []


def _takes(choice: Choice, one: Message) -> bool:
    return choice.takes_unread(channel=one.channel, due_at=due_at(one))


def _being_taken(row: Draft) -> BeingTaken:
    return BeingTaken(reference=row.reference if row.version else "", by=row.taken_by, since=row.began_at)

"""Letters as the post room sees them: their reference and what they are, never a name, an address or a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from channels.contract import Outgoing
from gateway.another_way import answers_another
from gateway.core import Core
from gateway.ready_to_send import outgoing
from storage import notice
from storage.identity import Identity
from storage.notice import Notice, NoticeState
from storage.referral import Referral


@dataclass(frozen=True, kw_only=True)
class PostedLetter:
    """One letter. ``reference`` is the one printed on it, ``about`` that of the referral it belongs to.

    Without ``has_address`` a person addresses it from the original. ``place`` and ``pages`` are those in its print
    run, nought before it is in one; ``due_at`` is by when it has to be posted.
    """

    notice_id: str
    reference: str
    about: str
    kind: str
    state: str
    due_at: datetime
    has_address: bool
    large_print: bool
    place: int
    pages: int
    posted_at: datetime | None
    posted_by: str


def seen(session: Session, core: Core, rows: Sequence[Notice]) -> list[PostedLetter]:
    """The same letters in the same order; one that waits to be printed as it would be printed now."""
    return [_seen(session, core, row) for row in rows]


def ready(session: Session, core: Core, rows: Sequence[Notice]) -> list[Outgoing]:
    """What is printed of each, with its address as it is now."""
    now = core.clock()
    return [outgoing(core.seal, row, notice.addressed(session, row), now) for row in rows]


def waits_to_be_printed(row: Notice) -> bool:
    """Whether the next print run takes it, unless it may no longer go."""
    return row.state == NoticeState.SENT and row.posted_at is None and row.run_id is None


def learnt_since(session: Session, core: Core, row: Notice, about: Referral) -> Identity | None:
    """The address that was written down since a letter without one was written.

    What is written down of the sender says nothing of who wrote another letter that joined their report.
    """
    if about.channel != "letter" or answers_another(session, row, about):
        return None
    return core.reaching.address_for(session, about)


def _seen(session: Session, core: Core, row: Notice) -> PostedLetter:
    to = notice.addressed(session, row)
    if to.who is None and waits_to_be_printed(row):
        to = replace(to, who=learnt_since(session, core, row, to.referral))
    made = outgoing(core.seal, row, to, core.clock())
    return PostedLetter(
        notice_id=row.id, reference=made.reference, about=to.referral.reference, kind=row.kind, state=row.state,
        due_at=row.due_at, has_address=bool(made.address.value.strip()), large_print=made.large_print,
        place=row.run_place, pages=row.run_pages, posted_at=row.posted_at, posted_by=row.posted_by,
    )  # fmt: skip

"""What we owe the sender and what became of it; the tasks a person owes stand here too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, and_, bindparam, or_, text, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage import direct
from storage.columns import UtcDateTime, locked, new_id
from storage.identity import Identity
from storage.referral import Referral, State

LIMITED = text("limit_at IS NOT NULL")
STAFF = "staff"  # the channel of a task; an alert about one goes out by another
ANSWERS = text("kind = 'receipt' AND channel IN ('sms', 'email')")
INSTEAD = text("substitute_for IS NOT NULL")
ACKNOWLEDGES = text(
    "notice.kind = 'receipt' AND notice.state <> 'failed' OR notice.kind = 'staff_task' AND notice.for_role IS NULL"
)
TO_POST = text(
    "notice.channel = 'letter' AND notice.state = 'sent' AND notice.posted_at IS NULL "
    "AND replace(notice.provider_id, '.pdf', '') <> notice.provider_id"
)
"""Printed here, for the print folder calls a letter by a file's name: what others print and post is not among them."""
TO_SEND, TASKS = text("state = 'owed' AND channel <> 'staff'"), text("state = 'owed' AND channel = 'staff'")
_UNPOSTED = text(TO_POST.text.replace("notice.", ""))
_SETTLED = text(ACKNOWLEDGES.text.replace("notice.", ""))


class NoticeKind(StrEnum):
    """The notices of domain.md 2.8: N1 to N8."""

    RECEIPT = "receipt"
    LOOKED_AT = "looked_at"
    NEED_MORE = "need_more"
    CLOSED = "closed"
    PASSED_ON = "passed_on"
    WORKER_MESSAGE = "worker_message"
    LATE = "late"
    STAFF_TASK = "staff_task"


class NoticeState(StrEnum):
    """``owed`` until handed over; ``cancelled`` always carries its reason."""

    OWED = "owed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Notice(SQLModel, table=True):
    """One notice. The address is only a key into the identity table; the text repeats nothing of the concern.

    ``limit_at`` is when another way is tried if this one is not known to have worked by then; null once it is settled.
    ``for_role`` is whose task it is where a rung of the ladder gave it to somebody; ``times``: how often it came up.
    ``filled_in``: sealed, what the words were filled in with, so that they can be said in another medium.
    ``run_id``: of a letter, the print run it is in, ``run_place`` its number there and ``run_pages`` its pages;
    ``posted_at`` and ``posted_by``: when it was posted, and who marked it so.
    """

    __table_args__ = (
        Index("notice_owed", "due_at", sqlite_where=text("state = 'owed'"), postgresql_where=text("state = 'owed'")),
        Index("notice_to_send", "due_at", sqlite_where=TO_SEND, postgresql_where=TO_SEND),
        Index("notice_task", "due_at", sqlite_where=TASKS, postgresql_where=TASKS),
        Index("notice_limit", "limit_at", sqlite_where=LIMITED, postgresql_where=LIMITED),
        Index("notice_instead_of", "substitute_for", sqlite_where=INSTEAD, postgresql_where=INSTEAD),
        Index("notice_to", "identity_id", "created_at"),
        Index("notice_acknowledges", "referral_id", sqlite_where=_SETTLED, postgresql_where=_SETTLED),
        Index("notice_to_post", "due_at", sqlite_where=_UNPOSTED, postgresql_where=_UNPOSTED),
        Index("notice_answers", "created_at", sqlite_where=ANSWERS, postgresql_where=ANSWERS),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    referral_id: int = Field(index=True)
    message_id: str | None = None
    kind: str
    channel: str
    state: str = NoticeState.OWED
    identity_id: str | None = None
    subject: str = ""
    text: str = ""
    html: str = ""
    reason: str | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sending_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    provider_id: str | None = Field(default=None, index=True)
    substitute_for: str | None = None
    limit_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    for_role: str | None = None
    times: int = 1
    reply_handle: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    filled_in: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    run_id: str | None = Field(default=None, index=True)
    run_place: int = 0
    run_pages: int = 0
    posted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    posted_by: str = ""

    @property
    def is_to_be_posted(self) -> bool:
        """Whether it is a letter that lies printed here and that nobody has marked posted; as ``TO_POST`` asks it."""
        is_printed = self.channel == "letter" and (self.provider_id or "").endswith(".pdf")
        return is_printed and self.state == NoticeState.SENT and self.posted_at is None


def of_referrals(session: Session, referral_ids: Sequence[int]) -> list[Notice]:
    """The notices of some referrals, oldest first."""
    query = select(Notice).where(col(Notice.referral_id).in_(referral_ids))
    return list(session.exec(query.order_by(col(Notice.created_at), col(Notice.id))))


_ITS_OWN = select(Notice).where(Notice.id == bindparam("notice_id"))
_ITS_OWN_LOCKED = locked(_ITS_OWN)
_OF_PROVIDER = select(Notice).where(col(Notice.provider_id).in_(bindparam("theirs", expanding=True))).limit(1)
_OF_PROVIDER_LOCKED = locked(_OF_PROVIDER)
_WITHDRAW = (
    "UPDATE notice SET state = 'cancelled', reason = ? "
    "WHERE referral_id = ? AND kind = 'staff_task' AND channel = 'staff' AND state = 'owed' AND reason = ?"
)
_ADDRESSED = (
    select(Referral, Identity)
    .join(Identity, col(Identity.id) == bindparam("identity_id"), isouter=True)
    .where(Referral.id == bindparam("referral_id"))
)
_TEXTS = (
    "SELECT count(*) FROM notice WHERE identity_id = ? AND created_at >= ? AND channel = 'sms' "
    "AND kind <> 'staff_task' AND state <> 'cancelled'"
)


def by_provider_id(session: Session, provider_ids: Sequence[str], *, lock: bool = False) -> Notice | None:
    """The notice a provider's id belongs to."""
    if not provider_ids:
        return None
    query = _OF_PROVIDER_LOCKED if lock else _OF_PROVIDER
    return session.exec(query, params={"theirs": list(provider_ids)}).first()


def by_id(session: Session, notice_id: str, *, lock: bool = False) -> Notice | None:
    """One notice."""
    return session.exec(_ITS_OWN_LOCKED if lock else _ITS_OWN, params={"notice_id": notice_id}).first()


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """What a notice is about, and the address it goes to."""

    referral: Referral
    who: Identity | None


def addressed(session: Session, row: Notice) -> Addressed:
    """Both as they are now, in one question."""
    asked = {"referral_id": row.referral_id, "identity_id": row.identity_id}
    about, who = session.exec(_ADDRESSED, params=asked).one()
    return Addressed(referral=about, who=who)


def acknowledged(session: Session) -> int:
    """How many referrals have their acknowledgement, or somebody who owes it."""
    query = f"SELECT count(*) FROM (SELECT referral_id FROM notice WHERE {ACKNOWLEDGES} GROUP BY referral_id) AS those"  # noqa: S608
    ((count,),) = direct.ask(session, query)
    return int(count)


def withdraw_tasks(session: Session, referral_id: int, *, given: str, why: str) -> None:
    """The tasks that people owe on this referral for the reason ``given`` fall away."""
    direct.change(session, _WITHDRAW, (why, referral_id, given))


def within_limit(session: Session, referral_id: int) -> list[Notice]:
    """The notices of one referral that are not yet known to have arrived, in the order in which rows are locked."""
    query = select(Notice).where(Notice.referral_id == referral_id, LIMITED).order_by(col(Notice.id))
    return list(session.exec(locked(query)))


def past_limit(session: Session, now: datetime) -> list[str]:
    """Ids of the notices that are not known to have arrived by their limit, what has waited longest first."""
    return list(
        session.exec(select(Notice.id).where(LIMITED, col(Notice.limit_at) <= now).order_by(col(Notice.limit_at)))
    )


def bring_limits_back(session: Session, latest: datetime) -> int:
    """No limit lies beyond ``latest``: one that does was written by a clock that was ahead. How many those were."""
    query = update(Notice).where(LIMITED, col(Notice.limit_at) > latest).values(limit_at=latest)
    return session.connection().execute(query).rowcount


def has_come_back_unaddressed(session: Session, referral_id: int) -> bool:
    """Whether a letter that a person addressed from the original has failed: the next would go to the same place."""
    query = select(Notice.id).where(
        Notice.referral_id == referral_id, Notice.channel == "letter", Notice.state == NoticeState.FAILED,
        col(Notice.identity_id).is_(None), col(Notice.sent_at).is_not(None),
    )  # fmt: skip
    return session.exec(query.limit(1)).first() is not None


def instead_of(session: Session, notice_id: str) -> Notice | None:
    """The notice or task that was written because this one failed."""
    return session.exec(select(Notice).where(Notice.substitute_for == notice_id).limit(1)).first()


def open_tasks(session: Session, referral_ids: Sequence[int]) -> list[Notice]:
    """The tasks people still owe on these referrals."""
    query = select(Notice).where(
        col(Notice.referral_id).in_(referral_ids),
        Notice.kind == NoticeKind.STAFF_TASK,
        Notice.channel == STAFF,
        Notice.state == NoticeState.OWED,
    )
    return list(session.exec(query.order_by(col(Notice.due_at))))


def tasks_first_due(session: Session, *, limit: int, offset: int = 0) -> list[Notice]:
    """The tasks people owe on any referral, the most urgent first."""
    query = select(Notice).where(text("state = 'owed'"), Notice.kind == NoticeKind.STAFF_TASK, Notice.channel == STAFF)
    return list(session.exec(query.order_by(col(Notice.due_at), col(Notice.id)).limit(limit).offset(offset)))


def tasks_of_roles(session: Session, *, limit: int, offset: int = 0) -> list[tuple[Notice, Referral]]:
    """The tasks that the ladder or a rule gave to a role, the most urgent first, with what each is about."""
    query = select(Notice, Referral).join(Referral, col(Referral.id) == col(Notice.referral_id))
    query = query.where(text("notice.state = 'owed'"), Notice.channel == STAFF, col(Notice.for_role).is_not(None))
    return list(session.exec(query.order_by(col(Notice.due_at), col(Notice.id)).limit(limit).offset(offset)))


def tasks_up_to(session: Session, most: int, *, due_before: datetime) -> int:
    """How many tasks are past due, counted no further than ``most``."""
    query = select(Notice.id).where(text("state = 'owed'"), Notice.kind == NoticeKind.STAFF_TASK)
    query = query.where(Notice.channel == STAFF, col(Notice.due_at) < due_before).limit(most)
    return session.exec(select(func.count()).select_from(query.subquery())).one()


def texts_to(session: Session, identity_id: str, *, since: datetime, before: Notice | None = None) -> int:
    """How many texts were owed or went to this address since a time; with ``before``, only those older than that one.

    What was withheld does not count, and neither does an alert to staff.
    """
    session.flush()
    older, of = (" AND (created_at, id) < (?, ?)", (before.created_at, before.id)) if before is not None else ("", ())
    ((count,),) = direct.ask(session, _TEXTS + older, (identity_id, since, *of))
    return int(count)


def last_text_to(session: Session, identity_id: str, *, since: datetime) -> Notice | None:
    """The newest text of ours to this address since a time; one whose question is still open counts for ever."""
    waits = and_(col(Notice.kind) == NoticeKind.NEED_MORE, col(Referral.state) == State.AWAITING_INFORMATION)
    query = select(Notice).join(Referral, col(Referral.id) == col(Notice.referral_id)).where(
        Notice.identity_id == identity_id, Notice.channel == "sms", Notice.kind != NoticeKind.STAFF_TASK,
        col(Notice.state).in_((NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED)),
        or_(col(Notice.created_at) >= since, waits),
    )  # fmt: skip
    return session.exec(query.order_by(col(Notice.created_at).desc(), col(Notice.id)).limit(1)).first()

"""Writes an owed notice down: its words, its address key, its due time and the work that sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from channels.contract import Inbound
from gateway import filling, notices, reference, saying, working_days
from gateway.arrival import clock_start
from gateway.clock import Clock
from gateway.in_thread import close_handle, continued
from gateway.machine_part import AboutUs, machine_part
from gateway.notices import Owed
from gateway.outcome import wording_of
from gateway.time_limit import limit_of
from gateway.words import NoticeFields, WordingFault, Words
from storage import direct, work
from storage.identity import Identity
from storage.message import Message
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral, Severity
from storage.sealing import Seal

THINGS = {"email": "email", "sms": "text", "letter": "letter", "voicemail": "message", "phone": "call"}
FOR_STAFF = "staff"
"""The medium of a task's words. A task about a notice that failed says which, why, and what may be tried."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a notice is about beside its referral; ``extra`` are wording fields of its kind.

    A task whose ``extra`` says what is ``undelivered`` (and ``what_failed``, ``ways_left``) is worded as N8.
    """

    identity: Identity | None = None
    message: Message | None = None
    inbound: Inbound | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


class Owing:
    """The one place where a notice row is made."""

    def __init__(self, *, words: Words, seal: Seal, clock: Clock, web: str = "") -> None:
        self._words, self._clock = words, clock
        self._us = AboutUs(
            organisation=words.organisation, phone=words.about_us["phone"], complain=words.about_us["complaint_url"],
            web=web,
        )  # fmt: skip
        self._seal = seal
        self._code_key = seal.key_for("track code")

    def code(self, told: str) -> str:
        """The four digits that go with a reference."""
        return reference.code(told, self._code_key)

    def write(
        self, session: Session, row: Referral, owed: Owed, about: About, *, instead_of: str | None = None
    ) -> Notice:
        """The row and, when something must be sent, its work; in the transaction that makes it due."""
        now = self._clock()
        notice = Notice(
            referral_id=row.id or 0, kind=owed.kind, channel=owed.channel, state=owed.state, reason=owed.reason,
            due_at=owed.due_at, created_at=now, substitute_for=instead_of,
            identity_id=about.identity.id if about.identity else None,
            message_id=about.message.id if about.message else None,
        )  # fmt: skip
        notice.reply_handle = self._sealed(session, notice, about)
        if words := owed.words or (FOR_STAFF if "undelivered" in about.extra else ""):
            fields = self.fields(row, about, owed.due_at)
            kept = filling.as_bytes(about.extra, fields, data=self._data(notice, fields, words))
            notice.filled_in = self._seal.close(kept, f"filled in:{notice.id}")
            try:
                rendered = self._words.render(wording_of(owed.kind, words, fields), words, fields)
            except WordingFault as fault:
                whom = "colleague" if owed.kind == NoticeKind.STAFF_TASK else "sender"
                what = owed.kind.replace("_", " ")
                why = f"the wording {fault.file} cannot be used: tell the {whom} by hand ({what})"
                by_hand = replace(owed, words="") if owed.channel == FOR_STAFF else notices.task(why, now)
                return self.write(session, row, by_hand, replace(about, extra={}), instead_of=instead_of)
            notice.text, notice.subject, notice.html = rendered.text, rendered.subject or "", rendered.html or ""
        if owed.state == NoticeState.SENT:
            notice.sent_at, notice.attempts = about.message.captured_at if about.message else now, 1
            notice.provider_id = about.message.conversation if about.message else None
        must_be_sent = owed.state == NoticeState.OWED and owed.channel != "staff"
        if must_be_sent:
            notice.limit_at = limit_of(now, is_red=row.severity == Severity.RED)
        direct.add(session, notice)
        if must_be_sent:
            work.enqueue(session, "notifying", "send", notice.id, at=now, tries=notices.SEND_TRIES)
        return notice

    def filled_in(self, notice: Notice) -> Mapping[str, Any]:
        """What the words of an earlier notice were filled in with, for another that says the same elsewhere."""
        if notice.filled_in is None:
            return {}
        return filling.from_bytes(self._seal.open(notice.filled_in, f"filled in:{notice.id}"))

    def _data(self, notice: Notice, fields: NoticeFields, words: str) -> Mapping[str, str]:
        """For programs, in a mail only."""
        if notice.channel != "email":
            return {}
        is_discreet = words.endswith("-discreet")
        return machine_part(
            NoticeKind(notice.kind), fields, self._us, written_at=notice.created_at, is_discreet=is_discreet
        )

    def _sealed(self, session: Session, notice: Notice, about: About) -> bytes | None:
        if notice.channel == "email" and notice.identity_id and about.inbound is None:
            handle = continued(session, self._seal, notice)
        else:
            handle = about.inbound.reply_handle if about.inbound else {}
        return close_handle(self._seal, notice.id, handle) if handle else None

    def fields(self, row: Referral, about: About, due_at: datetime | None = None) -> NoticeFields:
        """Every fact a wording may use; none of them is of the concern, and no time is promised that has passed.

        What the door said, it said with the message's own reference, also where the message joined an older report.
        """
        received = clock_start(about.message) if about.message else row.received_at
        look_by = working_days.look_by(received) if about.message else row.look_by
        look_by = look_by if look_by > (now := self._clock()) else working_days.look_by(now)
        at_the_door = about.message if about.inbound and about.inbound.answered_by_door else None
        told = about.extra.get("reference") or (at_the_door.reference if at_the_door else row.reference)
        fields = NoticeFields(
            reference=told,
            received=received,
            read_by=look_by,
            next_notice_by=notices.next_notice_by(look_by),
            what_we_got=_what_we_got(row, about),
            code=self.code(told),
            due=due_at,
        )
        return replace(fields, **about.extra)


def _what_we_got(row: Referral, about: About) -> str:
    channel = about.message.channel if about.message else row.channel
    things = [(1, THINGS.get(channel, "message"))]
    if about.inbound and channel in ("email", "sms"):
        kinds = [e.media_type.split("/")[0] for e in about.inbound.enclosures]
        photos = kinds.count("image")
        things += [(photos, "photo"), (len(kinds) - photos, "file")]
    return saying.counted(things)

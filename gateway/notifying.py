"""Step 4, notify: an owed notice is handed to its channel; failures are tried again, then put before a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from channels.contract import Finder, Outgoing, Sender, SendFailed, SendUnknown
from gateway import notices
from gateway.addresses import address_of
from gateway.clock import Clock
from gateway.delivery import Delivery
from storage import work
from storage.database import Database
from storage.identity import Identity
from storage.notice import Notice, NoticeState
from storage.referral import Referral
from storage.sealing import Seal
from storage.work import Claim

LOOK_UP_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try; ``may_be_sent``: an earlier one was begun and its outcome is not known."""

    notice: Outgoing
    channel: str
    may_be_sent: bool


class Notifying:
    """Step ``send`` of the notifying queue. The intent commits before the provider is called."""

    def __init__(
        self, *, database: Database, seal: Seal, clock: Clock, senders: Mapping[str, Sender], delivery: Delivery
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._senders, self._delivery = senders, delivery

    async def step(self, held: Claim) -> None:
        """Send one notice, or settle why it cannot be sent."""
        attempt = await self._database.write(lambda s: self._intend(s, held))
        if attempt is None:
            return
        sender = self._senders.get(attempt.channel)
        if sender is None:
            why = SendFailed(permanent=True, reason=f"no way to send by {attempt.channel} is set up")
            await self._failed(held, why)
            return
        try:
            provider_id = await self._send(sender, attempt)
        except SendFailed as error:
            await self._failed(held, error)
        except (SendUnknown, ConnectionError):
            await self._database.write(lambda s: self._unknown(s, held))
        else:
            await self._database.write(lambda s: self._sent(s, held, provider_id))

    async def _send(self, sender: Sender, attempt: Attempt) -> str:
        """After a lost answer the provider is asked first; a channel without such a list sends under the same id."""
        if attempt.may_be_sent and isinstance(sender, Finder):
            found = await sender.find(attempt.notice)
            if found is not None:
                return found
        return await sender.send(attempt.notice)

    def _intend(self, session: Session, held: Claim) -> Attempt | None:
        row = session.get_one(Notice, held.subject)
        if row.state != NoticeState.OWED:
            work.done(session, held)
            return None
        who = session.get(Identity, row.identity_id) if row.identity_id else None
        if row.channel == "sms" and who is not None and who.texts_stopped_at is not None:
            work.done(session, held)
            self._delivery.failed(session, row, "texts were stopped")
            return None
        work.beat(session, held, now=self._clock(), lease=timedelta(seconds=60))
        may_be_sent = row.sending_at is not None
        row.sending_at, row.attempts = self._clock(), row.attempts + 1
        session.add(row)
        about = session.get_one(Referral, row.referral_id)
        address = address_of(self._seal, who)
        data = {
            "kind": row.kind, "reference": about.reference, "received_at": _iso(about.received_at.isoformat()),
            "look_by": _iso(about.look_by.isoformat()),
        }  # fmt: skip
        notice = Outgoing(
            notice_id=row.id, reference=about.reference, kind=row.kind, address=address, text=row.text,
            subject=row.subject, html=row.html, reply_handle=self._reply_handle(row), data=data,
            written_at=row.created_at,
        )  # fmt: skip
        return Attempt(notice=notice, channel=row.channel, may_be_sent=may_be_sent)

    def _reply_handle(self, row: Notice) -> dict[str, str]:
        if row.reply_handle is None:
            return {}
        return dict(json.loads(self._seal.open(row.reply_handle, f"reply:{row.id}")))

    def _sent(self, session: Session, held: Claim, provider_id: str) -> None:
        work.done(session, held)
        row = session.get_one(Notice, held.subject)
        row.provider_id, row.sending_at = provider_id, None
        if row.state == NoticeState.OWED:
            row.state, row.sent_at = NoticeState.SENT, self._clock()
        session.add(row)

    async def _failed(self, held: Claim, error: SendFailed) -> None:
        def settle(session: Session) -> None:
            row = session.get_one(Notice, held.subject)
            if error.permanent or held.is_last_try:
                work.done(session, held)
                self._delivery.failed(session, row, error.reason)
                return
            row.sending_at, row.reason = None, error.reason
            session.add(row)
            work.again(session, held, at=self._clock() + _wait(held), error=type(error).__name__)

        await self._database.write(settle)

    def _unknown(self, session: Session, held: Claim) -> None:
        """The provider may have taken it: looked up a little later, and put before a person if that fails too."""
        if held.is_last_try:
            work.done(session, held)
            row = session.get_one(Notice, held.subject)
            self._delivery.failed(session, row, "the provider's answer was lost; it may have been delivered")
            return
        work.again(session, held, at=self._clock() + max(LOOK_UP_AFTER, _wait(held)), error="answer lost")

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """The step itself failed each time: a person owes the notice."""
        row = session.get_one(Notice, held.subject)
        if row.state == NoticeState.OWED:
            self._delivery.failed(session, row, f"sending failed each time ({error})")


def _wait(held: Claim) -> timedelta:
    return notices.BACK_OFF[min(held.attempts, len(notices.BACK_OFF)) - 1]


def _iso(text: str) -> str:
    return text.replace("+00:00", "Z")

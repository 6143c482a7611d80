"""Step 4, notify: an owed notice is handed to its channel; failures are tried again, then put before a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import Session

from channels.contract import Outgoing, Sender, SendFailed, SendUnknown
from gateway import notices
from gateway.clock import Clock
from gateway.delivery import Delivery
from gateway.reading.recording import address_of
from storage import work
from storage.database import Database
from storage.identity import Identity
from storage.notice import Notice, NoticeState
from storage.referral import Referral
from storage.sealing import Seal
from storage.work import Claim


class Notifying:
    """Step ``send`` of the notifying queue. The intent commits before the provider is called."""

    def __init__(
        self, *, database: Database, seal: Seal, clock: Clock, senders: Mapping[str, Sender], delivery: Delivery
    ) -> None:
        self._database, self._seal, self._clock = database, seal, clock
        self._senders, self._delivery = senders, delivery

    async def step(self, held: Claim) -> None:
        """Send one notice, or settle why it cannot be sent."""
        outgoing, channel = await self._database.write(lambda s: self._intend(s, held)) or (None, "")
        if outgoing is None:
            return
        sender = self._senders.get(channel)
        if sender is None:
            await self._failed(held, SendFailed(permanent=True, reason=f"no way to send by {channel} is set up"))
            return
        try:
            provider_id = await sender.send(outgoing)
        except SendFailed as error:
            await self._failed(held, error)
        except SendUnknown:
            await self._database.write(lambda s: self._unknown(s, held))
        else:
            await self._database.write(lambda s: self._sent(s, held, provider_id))

    def _intend(self, session: Session, held: Claim) -> tuple[Outgoing, str] | None:
        row = session.get_one(Notice, held.subject)
        if row.state != NoticeState.OWED:
            work.done(session, held)
            return None
        work.beat(session, held, now=self._clock(), lease=timedelta(seconds=60))
        row.sending_at, row.attempts = self._clock(), row.attempts + 1
        session.add(row)
        about = session.get_one(Referral, row.referral_id)
        who = session.get(Identity, row.identity_id) if row.identity_id else None
        address = address_of(self._seal, who)
        data = {
            "kind": row.kind, "reference": about.reference, "received_at": _iso(about.received_at.isoformat()),
            "look_by": _iso(about.look_by.isoformat()),
        }  # fmt: skip
        return Outgoing(
            notice_id=row.id, reference=about.reference, kind=row.kind, address=address, text=row.text,
            subject=row.subject, html=row.html, reply_handle=json.loads(row.reply_handle), data=data,
            written_at=row.created_at,
        ), row.channel  # fmt: skip

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
            wait = notices.BACK_OFF[min(held.attempts, len(notices.BACK_OFF)) - 1]
            work.again(session, held, at=self._clock() + wait, error=type(error).__name__)

        await self._database.write(settle)

    def _unknown(self, session: Session, held: Claim) -> None:
        """The provider may have taken it: a person is asked rather than the sender told twice."""
        work.done(session, held)
        row = session.get_one(Notice, held.subject)
        self._delivery.failed(session, row, "the provider's answer was lost; it may have been delivered")

    def give_up(self, session: Session, held: Claim, error: str) -> None:
        """The step itself failed each time: a person owes the notice."""
        row = session.get_one(Notice, held.subject)
        if row.state == NoticeState.OWED:
            self._delivery.failed(session, row, f"sending failed each time ({error})")


def _iso(text: str) -> str:
    return text.replace("+00:00", "Z")

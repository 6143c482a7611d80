"""A call's settled notes become one message, by the door every message takes, whoever is killed on the way."""

from __future__ import annotations

from typing import Protocol

from sqlmodel import Session

from channels.contract import RawMessage, Receipt
from gateway.calls_taken import drafts
from gateway.calls_taken.drafts import Taken
from gateway.calls_taken.fields import payload
from gateway.clock import Clock
from storage import draft
from storage.database import Database
from storage.sealing import Seal


class Door(Protocol):
    """The intake, as far as calls use it."""

    async def accept(self, raw: RawMessage, *, told: str | None = None) -> Receipt:
        """Keep it durably under the reference that was told; raises ``NotKept``."""


class HandingIn:
    """Settle, keep, mark: each its own commit, and each may be done again.

    A message's key is its call's, and the words of a call cannot change once they are settled: it is kept once.
    """

    def __init__(self, *, database: Database, intake: Door, seal: Seal, clock: Clock) -> None:
        self._database, self._intake, self._seal, self._clock = database, intake, seal, clock

    async def hand_in(self, call_id: str, *, by: str) -> Receipt:
        """The call is over. Raises ``NoSuchCall``, and ``NotKept``: the words stay with the call, to be kept later."""
        now = self._clock()
        return await self.keep(
            await self._database.write(lambda s: drafts.settle(s, self._seal, call_id, by=by, now=now))
        )

    async def keep(self, taken: Taken) -> Receipt:
        """The message of settled notes; whoever was told the reference during the call is not told another."""
        receipt = await self._intake.accept(_whole(taken), told=taken.row.reference)
        if taken.row.is_sent:
            await self._intake.accept(_at_the_end(taken))
        await self._database.write(lambda session: drafts.handed_in(session, taken.row.id))
        return receipt

    async def keep_so_far(self, call_id: str) -> Receipt:
        """What is written down becomes a message while the call goes on, once; the whole of it follows at the end."""
        taken = await self._database.write(lambda session: _marked_sent(session, self._seal, call_id))
        return await self._intake.accept(_whole(taken), told=taken.row.reference)


def _marked_sent(session: Session, seal: Seal, call_id: str) -> Taken:
    taken = drafts.read(session, seal, call_id, lock=True)
    taken.row.is_sent = taken.row.is_sent or taken.row.state == draft.DraftState.OPEN
    session.add(taken.row)
    return taken


def _whole(taken: Taken) -> RawMessage:
    """The clock starts when the call began."""
    return _message(taken, f"call:{taken.row.id}", payload(taken.kept, **_ended_by_nobody(taken)))


def _at_the_end(taken: Taken) -> RawMessage:
    words = payload(taken.kept, continues=taken.row.reference, **_ended_by_nobody(taken))
    return _message(taken, f"call:{taken.row.id}:end", words)


def _ended_by_nobody(taken: Taken) -> dict[str, str]:
    return {} if taken.row.handed_by or taken.row.state == draft.DraftState.OPEN else {"unfinished": "yes"}


def _message(taken: Taken, key: str, body: bytes) -> RawMessage:
    return RawMessage(
        channel="note", source_key=key, body=body, media_type="application/json",
        envelope={"taken_by": taken.row.taken_by}, received_at=taken.row.began_at,
    )  # fmt: skip

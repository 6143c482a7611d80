"""Step 1, accept: keep the raw message once, give it a reference; only then may anybody say "received"."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from channels.contract import NotKept, Purpose, RawMessage, Receipt
from gateway import reference, working_days
from gateway.clock import Clock
from storage import keeping, work
from storage.blobs import Blobs
from storage.columns import new_id
from storage.database import Database
from storage.message import link_hash, received_text
from storage.sealing import Seal

INLINE_BYTES = 64 * 1024
AT_ONCE = 200
TRIES = {Purpose.MESSAGE: 3, Purpose.REPORT: 8}  # a report may have to wait for the notice it tells of
log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Waiting:
    """One accept that waits for the next commit, with what was computed for it beforehand."""

    raw: RawMessage
    captured_at: datetime
    future: asyncio.Future[Receipt]
    sha256: str
    in_file: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes a second one a repeat."""
        return self.raw.channel, self.raw.source_key

    @property
    def received_at(self) -> datetime:
        """When it reached us; a time in the future is not believed."""
        return min(self.raw.received_at or self.captured_at, self.captured_at)


class Intake:
    """Commits in groups: accepts that arrive while one commit is under way share the next one and its fsync."""

    def __init__(self, *, database: Database, blobs: Blobs, seal: Seal, clock: Clock) -> None:
        self._database, self._blobs, self._seal, self._clock = database, blobs, seal, clock
        self._waiting: deque[Waiting] = deque()
        self._committing: asyncio.Task[None] | None = None

    async def accept(self, raw: RawMessage) -> Receipt:
        """Keep it durably. A repeat gets the receipt of the first. Raises ``NotKept``; survives its caller."""
        loop = asyncio.get_running_loop()
        digest = hashlib.sha256(raw.body).hexdigest()
        item = Waiting(raw=raw, captured_at=self._clock(), future=loop.create_future(), sha256=digest)
        if len(raw.body) > INLINE_BYTES:
            try:
                await asyncio.shield(loop.run_in_executor(None, self._blobs.put, raw.body))
            except OSError as error:
                raise NotKept(type(error).__name__) from error
            item.in_file = True
        self._waiting.append(item)
        if self._committing is None or self._committing.done():
            self._committing = loop.create_task(self._commit_waiting())
        return await asyncio.shield(item.future)

    async def _commit_waiting(self) -> None:
        while self._waiting:
            group: list[Waiting] = []
            if await self._commit(group):
                continue
            for item in group if len(group) > 1 else ():
                await self._commit([item])
            for item in group or self._taken():
                if not item.future.done():
                    item.future.set_exception(NotKept("the database did not keep it"))
                    item.future.exception()

    async def _commit(self, group: list[Waiting]) -> bool:
        try:
            receipts = await self._database.write(lambda session: self._keep(session, group))
        except Exception as error:  # whatever it was, nobody may be left waiting for an answer
            log.error("intake could not commit %d messages: %s", len(group), type(error).__name__)
            return False
        for item, receipt in zip(group, receipts, strict=True):
            if not item.future.done():
                item.future.set_result(receipt)
        return True

    def _taken(self) -> list[Waiting]:
        """The next ones to be committed together; in the writer thread, while others are being added."""
        return [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]

    def _keep(self, session: Session, group: list[Waiting]) -> list[Receipt]:
        """One transaction for the group or, if it is empty, for whatever waits once the ledger's head is ours."""
        number, chain = keeping.locked_head(session)
        batch = group or self._taken()
        group[:] = batch
        names = [item.raw.conversation for item in batch if item.raw.conversation]
        drawn = {reference.draw() for _ in batch}
        known = keeping.look_up(session, keys=[item.key for item in batch], talks=names, drawn=drawn)
        events, talks, free = dict(known.events), dict(known.talks), self._free(session, drawn - known.taken)
        messages, contents, due = [], [], []
        receipts = []
        for item in batch:
            raw, repeat = item.raw, events.get(item.key)
            if repeat is None:
                given = talks.get(raw.conversation or "") or next(free)
                opens = raw.purpose is Purpose.MESSAGE or (raw.conversation or "") not in talks
                row = self._row(item, given, opens=opens and not _is_loose_report(raw))
                if row["purpose"] == Purpose.MESSAGE:
                    number, row["prev_hash"] = number + 1, chain
                    row["ledger_no"] = number
                    chain = link_hash(chain, number, raw.channel, received_text(item.received_at), item.sha256)
                    row["chain_hash"] = chain
                if raw.conversation:
                    talks[raw.conversation] = given
                messages.append(row)
                contents.append(self._content(item, str(row["id"])))
                due.append(_to_read(row, item.captured_at))
                events[item.key] = given, item.received_at
            told, at = events[item.key]
            look_by = working_days.look_by(at)
            receipts.append(Receipt(reference=told, received_at=at, look_by=look_by, repeated=repeat is not None))
        if messages:
            keeping.insert(session, "message", messages)
            keeping.insert(session, "content", contents)
            work.enqueue_many(session, due)
            keeping.move_head(session, number, chain)
        return receipts

    def _free(self, session: Session, drawn: Collection[str]) -> Iterator[str]:
        """References nobody has been given, each once; more are drawn where some were taken."""
        given = set(drawn)
        yield from drawn
        while True:
            another = reference.draw()
            if another in given or keeping.look_up(session, keys=(), talks=(), drawn=(another,)).taken:
                continue
            given.add(another)
            yield another

    def _row(self, item: Waiting, given: str, *, opens: bool) -> dict[str, object]:
        raw = item.raw
        return {
            "id": new_id(), "ledger_no": None, "prev_hash": "", "chain_hash": "", "channel": raw.channel,
            "source_key": raw.source_key, "conversation": raw.conversation, "reference": given,
            "purpose": Purpose.MESSAGE if opens else Purpose.REPORT, "media_type": raw.media_type,
            "sha256": item.sha256, "size": len(raw.body), "received_at": item.received_at,
            "captured_at": item.captured_at, "text": "", "unreadable": "",
        }  # fmt: skip

    def _content(self, item: Waiting, message_id: str) -> dict[str, object]:
        envelope = json.dumps(dict(item.raw.envelope)).encode()
        body = None if item.in_file else self._seal.close(item.raw.body, f"body:{message_id}")
        return {
            "message_id": message_id,
            "envelope": self._seal.close(envelope, f"envelope:{message_id}"),
            "body": body,
        }


def _to_read(row: Mapping[str, object], at: datetime) -> dict[str, object]:
    tries = TRIES[Purpose(str(row["purpose"]))]
    return {"queue": "reading", "kind": "read", "subject": row["id"], "visible_at": at, "max_attempts": tries}


def _is_loose_report(raw: RawMessage) -> bool:
    """A report that names no conversation (a text's delivery) is never a message of its own."""
    return raw.purpose is Purpose.REPORT and raw.conversation is None

"""The one commit that keeps messages: numbered without gaps, chained, each event once, its reading owed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from channels.contract import Purpose, RawMessage, Receipt
from gateway import reference
from gateway.waiting import Waiting, receipt
from storage import direct, keeping, reserve, work
from storage.columns import new_id
from storage.message import link_hash, received_text
from storage.sealing import Seal

INLINE_BYTES = 64 * 1024
TRIES = {Purpose.MESSAGE: 3, Purpose.REPORT: 8}  # a report may have to wait for the notice it tells of

Key = tuple[str, str]


class Entering:
    """Writes a group of messages in the transaction it is given, whose first act was to lock the ledger's head."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def enter(self, session: Session, batch: Sequence[Waiting], head: tuple[int, str]) -> list[Receipt]:
        """One receipt each, in order; a repeat gets that of the first. ``head`` is the last number and its hash."""
        number, chain = head
        names = [item.raw.conversation for item in batch if item.raw.conversation]
        drawn = {reference.draw() for item in batch if not item.is_bound}
        known = keeping.look_up(session, keys=[item.key for item in batch], talks=names, drawn=drawn)
        events, talks, free = dict(known.events), dict(known.talks), self._free(session, drawn - known.taken)
        opened = set(known.opened)
        messages, contents, due = [], [], []
        receipts, elsewhere = [], dict[Key, str]()
        for item in batch:
            raw, repeat = item.raw, events.get(item.key)
            if repeat is None:
                earlier = talks.get(raw.conversation or "")
                given = item.told if item.is_bound and item.told else item.offered(earlier or next(free))
                row = self._row(item, given, opens=_opens(raw, opened))
                if row["purpose"] == Purpose.MESSAGE:
                    opened.add(raw.conversation or "")
                    number, row["prev_hash"] = number + 1, chain
                    row["ledger_no"] = number
                    chain = link_hash(chain, number, raw.channel, received_text(item.received_at), item.sha256)
                    row["chain_hash"] = chain
                if raw.conversation and talks.setdefault(raw.conversation, given) != given:
                    elsewhere[item.key] = talks[raw.conversation]
                messages.append(row)
                contents.append(self._content(item, str(row["id"])))
                due.append(_to_read(row, item.captured_at))
                events[item.key] = given, item.received_at
            told, at = events[item.key]
            receipts.append(receipt(item.offered(told), at, repeated=repeat is not None))
        if messages:
            direct.insert(session, "message", messages)
            direct.insert(session, "content", contents)
            work.enqueue_many(session, due)
            keeping.move_head(session, number, chain)
        self._keep_what_was_told(session, batch, {**{item.key: events[item.key][0] for item in batch}, **elsewhere})
        return receipts

    def _keep_what_was_told(self, session: Session, batch: Sequence[Waiting], kept: Mapping[Key, str]) -> None:
        """References told beforehand are used up; one told for what had another finds it all the same."""
        bound = {item.told: kept[item.key] for item in batch if item.is_bound and item.told}
        if not bound:
            return
        reserve.give(session, [told for told, given in bound.items() if told == given])
        other = {told: given for told, given in bound.items() if told != given}
        if other:
            reserve.let_stand_for(session, other, at=batch[0].captured_at)

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
            "sha256": item.sha256, "size": item.size, "received_at": item.received_at,
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


def _opens(raw: RawMessage, opened: Collection[str]) -> bool:
    """Whether it is a message of its own: news is one only if nothing of its conversation is, and never if it is loose.

    A report that names no conversation (a text's delivery) is loose.
    """
    if raw.purpose is Purpose.REPORT:
        return raw.conversation is not None and raw.conversation not in opened
    return raw.purpose is Purpose.MESSAGE

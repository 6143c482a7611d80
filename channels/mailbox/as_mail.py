"""A mail fetched from a mailbox, as the mail channel would have had it from the wire."""

from __future__ import annotations

import email.parser
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message

from channels.contract import InFile, Purpose, RawMessage, Shelf
from channels.email.door import Sort, kept_as
from channels.email.fields import raw_field, raw_fields, written_address
from channels.email.mail_key import LONGEST_HEADER, MailKey, source_key
from channels.email.own import Own

_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """How a mail came: the ``address`` of its mailbox, by which means, when, and what that time rests on."""

    address: str
    peer: str
    received_at: datetime | None
    basis: str


@dataclass(frozen=True, kw_only=True)
class AsMail:
    """``own`` are our addresses; ``sort`` gives what a machine mailed to its own channel.

    A large mail is laid on the ``shelf`` while it comes; without one it is held in memory.
    """

    own: Own
    sort: Sort | None = None
    shelf: Shelf | None = None

    async def of(self, blocks: AsyncIterator[bytes], arrival: Arrival) -> RawMessage:
        """The same source key as by SMTP, so that a mail that came both ways is one. Raises ``NotKept``.

        No envelope is known: the recipients are those of our own addresses that the last server wrote down, else the
        mailbox's; the sender is for whoever reads the mail to find.
        """
        taken = bytearray()
        async for block in blocks:
            taken += block
            if self.shelf is not None and len(taken) > LONGEST_HEADER:
                return await self._laid(self.shelf, bytes(taken), blocks, arrival)
        body = bytes(taken)
        return self._raw(body[:LONGEST_HEADER], body, source_key(body), None, arrival)

    async def _laid(self, shelf: Shelf, begun: bytes, blocks: AsyncIterator[bytes], arrival: Arrival) -> RawMessage:
        head, key = begun[:LONGEST_HEADER], MailKey(begun)
        laying = await shelf.begin(key.hear)
        try:
            await laying.write(begun)
            async for block in blocks:
                await laying.write(block)
            lies = await laying.finish()
        except BaseException:
            laying.abandon()
            raise
        if isinstance(lies, InFile):
            return self._raw(head, b"", key.told(), lies, arrival)
        return self._raw(head, lies, key.told(), None, arrival)

    def _raw(self, head: bytes, body: bytes, key: str, in_file: InFile | None, arrival: Arrival) -> RawMessage:
        header = email.parser.BytesHeaderParser().parsebytes(head)
        recipients = self._recipients(header, arrival.address)
        raw = RawMessage(
            channel="email", source_key=key, body=head if in_file else body, media_type="message/rfc822",
            envelope={"rcpt_to": "\n".join(recipients), "peer": arrival.peer, "received_by": arrival.basis},
            received_at=arrival.received_at, purpose=self._purpose(header, recipients),
        )  # fmt: skip
        raw = kept_as(raw, self.sort)
        return replace(raw, body=b"", in_file=in_file) if in_file else raw

    def _recipients(self, header: Message, address: str) -> tuple[str, ...]:
        written = (written_address(each) for name in _DELIVERED_TO for each in raw_fields(header, name))
        ours = dict.fromkeys(each for each in written if each and self.own.is_recipient(each))
        return tuple(ours) or (address,)

    def _purpose(self, header: Message, recipients: tuple[str, ...]) -> Purpose:
        """As at the mail door: a report to a bounce address is news of a notice, all else may be somebody speaking."""
        is_null = raw_field(header, "Return-Path").strip() == "<>"
        to_bounces = all(self.own.token_of_bounce(each) for each in recipients)
        is_report = header.get_content_type() == "multipart/report"
        return Purpose.REPORT if is_null and to_bounces and is_report else Purpose.MESSAGE

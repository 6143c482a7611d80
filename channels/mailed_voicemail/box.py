"""Which mails are voicemail of a telephone system, and when the message was left."""

from __future__ import annotations

import email.parser
import email.utils
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message

from channels.calls.keeping import VOICEMAIL
from channels.contract import Purpose, RawMessage
from channels.email.fields import mailboxes, raw_field
from channels.email.own import without_tag

STEP = "mailed"
LONGEST_ON_THE_WAY = timedelta(days=14)
LONGEST_HEADER = 256 * 1024
FAST_CLOCK = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class VoicemailBox:
    """``mailbox`` is the address a telephone system mails to, or empty; ``senders`` are addresses it mails from.

    A sender such as ``@pbx.example.org`` stands for every address there. With neither, no mail is voicemail.
    """

    clock: Callable[[], datetime]
    mailbox: str = ""
    senders: tuple[str, ...] = ()

    def sorted(self, raw: RawMessage) -> RawMessage:
        """A mail as the door keeps it, or the same bytes as voicemail that was left when its system says it was."""
        if raw.purpose is not Purpose.MESSAGE:
            return raw
        is_to_us = self._is_to_us(raw.envelope)
        if not is_to_us and not self.senders:
            return raw
        header = email.parser.BytesHeaderParser().parsebytes(raw.body[:LONGEST_HEADER])
        if not (is_to_us or self.is_known(raw.envelope, header)):
            return raw
        envelope = {**raw.envelope, "step": STEP}
        return replace(raw, channel=VOICEMAIL, envelope=envelope, received_at=self._left_at(header))

    def is_known(self, envelope: Mapping[str, str], header: Message) -> bool:
        """Whether it says that it comes from the telephone system, on the envelope or in its header."""
        said = [envelope.get("mail_from", ""), *(box.address for box in mailboxes(header, "From"))]
        ours = {each.lower() for each in self.senders}
        return any(each.lower() in ours or f"@{each.lower().rpartition('@')[2]}" in ours for each in said if each)

    def may_be_answered(self, envelope: Mapping[str, str], header: Message) -> bool:
        """Whether its caller may be texted by machine: only if we know our system and it says that it is from it.

        Anybody may write to a mailbox, and nobody is to have somebody texted by it.
        """
        return self.is_known(envelope, header)

    def _is_to_us(self, envelope: Mapping[str, str]) -> bool:
        to = {without_tag(each) for each in envelope.get("rcpt_to", "").split("\n")}
        return bool(self.mailbox) and self.mailbox.lower() in to

    def _left_at(self, header: Message) -> datetime | None:
        """When it was left, never in the future; None, which is now, where it does not say or cannot be right."""
        now = self.clock()
        try:
            said = email.utils.parsedate_to_datetime(raw_field(header, "Date"))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        at = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
        return min(at, now) if now - LONGEST_ON_THE_WAY <= at <= now + FAST_CLOCK else None

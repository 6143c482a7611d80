"""What a mail shows about who wrote it, gathered once so that the rules on answering can be read as rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

from channels.email.fields import Mailbox, field, mailboxes, message_ids, raw_fields, written_address
from channels.email.own import LOOP_HEADER, Own

NULL_SENDER = "<>"
_REPORTS = frozenset({
    "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "message/global-delivery-status", "message/global-disposition-notification",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Traits:
    """``envelope_from`` is None when nobody told us (a mail handed in as a file), ``<>`` for the null sender."""

    message: Message
    own: Own
    envelope_from: str | None
    recipients: tuple[str, ...]
    authors: tuple[Mailbox, ...]
    subject: str
    text: str

    @property
    def null_sender(self) -> bool:
        """A report or an automatic answer (RFC 5321 4.5.5); the library writes it as a string that is not empty."""
        return self.envelope_from is not None and is_null_sender(self.envelope_from)

    @property
    def bounced_tokens(self) -> tuple[str, ...]:
        """Tokens of the notices whose bounce address this mail was sent to."""
        found = (self.own.token_of_bounce(each) for each in self.recipients)
        return tuple(token for token in found if token)

    @property
    def own_loop_token(self) -> str | None:
        """The token of a loop mark of ours in this mail's own header."""
        found = (self.own.token_of_loop_mark(value) for value in raw_fields(self.message, LOOP_HEADER))
        return next((token for token in found if token), None)

    @property
    def part_types(self) -> frozenset[str]:
        """The media types of all parts that are not inside an attached mail."""
        return frozenset(part.get_content_type() for part in _parts(self.message))

    @property
    def calendar_methods(self) -> frozenset[str]:
        """What its calendar asks or answers (RFC 6047: ``request``, ``reply`` …), but for an attached file's."""
        calendars = [part for part in _parts(self.message) if part.get_content_type() == "text/calendar"]
        methods = [part.get_param("method") for part in calendars if part.get_content_disposition() != "attachment"]
        return frozenset(method.strip().lower() for method in methods if isinstance(method, str))

    @property
    def is_report(self) -> bool:
        """Whether it is in the form of a report on another mail (RFC 3462, 3464, 8098, 5965)."""
        return bool(self.part_types & _REPORTS) or self.message.get_content_type() == "multipart/report"

    @property
    def message_id(self) -> str:
        """Its own Message-ID without brackets; empty when it has none."""
        return next(iter(message_ids(self.message, "Message-ID")), "")

    @property
    def author(self) -> Mailbox | None:
        """The one author; None when there is none, or more than one, or one that cannot be written to."""
        return self.authors[0] if len(self.authors) == 1 and self.authors[0].address else None

    def first_words(self, name: str) -> list[str]:
        """The first token of every instance of a field, lower case, without parameters or comments."""
        values = (re.split(r"[\s;(,]", value.strip(), maxsplit=1)[0] for value in raw_fields(self.message, name))
        return [value.lower() for value in values if value]


def traits_of(message: Message, *, own: Own, envelope: Mapping[str, str], text: str) -> Traits:
    """Gather them; the envelope is ``mail_from`` and ``rcpt_to`` (one a line), as the door keeps it."""
    return Traits(
        message=message, own=own, envelope_from=_envelope_from(message, envelope),
        recipients=tuple(each for each in envelope.get("rcpt_to", "").split("\n") if each),
        authors=mailboxes(message, "From"), subject=field(message, "Subject"), text=text,
    )  # fmt: skip


def is_null_sender(path: str) -> bool:
    """Whether the envelope names nobody, as that of a report does; a pulled mail has no envelope to ask."""
    return path.strip() in {"", NULL_SENDER}


def local_part(address: str) -> str:
    """What stands before the ``@``, lower case."""
    return address.rpartition("@")[0].lower()


def _envelope_from(message: Message, envelope: Mapping[str, str]) -> str | None:
    if "mail_from" in envelope:
        return envelope["mail_from"].strip() or NULL_SENDER
    path = next(iter(raw_fields(message, "Return-Path")), None)
    if path is None:
        return None
    return NULL_SENDER if path.strip() in {"", NULL_SENDER} else written_address(path.strip(" <>")) or None


def _parts(message: Message, depth: int = 0) -> list[Message]:
    kind, payload = message.get_content_type(), message.get_payload()
    if not isinstance(payload, list) or kind in {"message/rfc822", "message/global"} or depth > 20:
        return [message]
    inner = [found for part in payload if isinstance(part, Message) for found in _parts(part, depth + 1)]
    return [message, *inner]

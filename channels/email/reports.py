"""Reads what mail servers say became of a notice of ours: delivered, delayed, or failed and why."""

from __future__ import annotations

import email
import re
from email.message import Message

from channels.contract import DeliveryReport, DeliveryState
from channels.email.answerable import looks_like_an_absence
from channels.email.fields import message_ids, raw_field
from channels.email.own import LOOP_HEADER
from channels.email.traits import Traits

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ACTION = re.compile(r"(failed|delayed|delivered|relayed|expanded)", re.IGNORECASE)
_ID_IN_TEXT = re.compile(r"(?i)message-id:\s*<([^<>\s]{3,250})>")
_ORDER = ("failed", "delayed", "relayed", "expanded", "delivered")


def delivery_report(traits: Traits) -> DeliveryReport | None:
    """The news of a notice in this mail; None when it is no report or not about a notice of ours."""
    token = _token(traits)
    if token is None:
        return None
    provider_id = traits.own.message_id_from_token(token)
    fields = _delivery_fields(traits.message)
    if fields:
        return _from_status(provider_id, fields)
    if _was_opened(traits.message):
        return DeliveryReport(provider_id=provider_id, state=DeliveryState.DELIVERED, reason="receipt from the reader")
    if _is_plain_bounce(traits):
        return _failed(provider_id, _status_in(traits.text))
    return None


def _token(traits: Traits) -> str | None:
    """Which notice it is about: by the address it came to, else by what the returned mail carries of ours."""
    if traits.bounced_tokens:
        return traits.bounced_tokens[0]
    if not (traits.is_report or traits.null_sender):
        return None
    returned = _returned_header(traits.message)
    marked = traits.own.token_of_loop_mark(raw_field(returned, LOOP_HEADER))
    ids = [
        *message_ids(returned, "Message-ID"),
        *(found for part in traits.message.walk() for found in message_ids(part, "Original-Message-ID")),
        *message_ids(traits.message, "In-Reply-To", "References"),
        *_ID_IN_TEXT.findall(traits.text),
    ]
    return marked or next((token for each in ids if (token := traits.own.token_of_message_id(each))), None)


def _returned_header(message: Message) -> Message:
    """The header of the mail that came back, whole or as a header only (RFC 3462); empty when neither is there."""
    for part in message.walk():
        payload = part.get_payload()
        if part.get_content_type() in {"message/rfc822", "message/global"} and isinstance(payload, list):
            return next((child for child in payload if isinstance(child, Message)), Message())
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            return email.message_from_bytes(content) if isinstance(content, bytes) else Message()
    return Message()


def _delivery_fields(message: Message) -> list[tuple[str, str]]:
    """Action and status of every recipient in the report (RFC 3464 2.3.3 and 2.3.4)."""
    found: list[tuple[str, str]] = []
    for part in message.walk():
        action = _ACTION.match(raw_field(part, "Action"))
        if action and any(name in part for name in ("Final-Recipient", "Original-Recipient", "Status")):
            found.append((action[1].lower(), _status_in(raw_field(part, "Status"))))
    return found


def _from_status(provider_id: str, fields: list[tuple[str, str]]) -> DeliveryReport:
    action, status = min(fields, key=lambda pair: _ORDER.index(pair[0]))
    if action == "failed":
        return _failed(provider_id, status)
    if action == "delivered":
        return DeliveryReport(provider_id=provider_id, state=DeliveryState.DELIVERED, reason=status)
    reason = f"{action} {status}".strip()
    return DeliveryReport(provider_id=provider_id, state=DeliveryState.SENT, reason=reason, permanent=False)


def _failed(provider_id: str, status: str) -> DeliveryReport:
    return DeliveryReport(
        provider_id=provider_id, state=DeliveryState.FAILED, reason=f"returned {status}".strip(),
        permanent=not status.startswith("4"),
    )  # fmt: skip


def _was_opened(message: Message) -> bool:
    """A reader's receipt (RFC 8098): whatever was done with the mail, it had arrived."""
    return any(raw_field(part, "Disposition") for part in message.walk())


def _is_plain_bounce(traits: Traits) -> bool:
    """A returned mail without a machine-readable part, and not somebody's automatic answer to our envelope address."""
    if traits.is_report or raw_field(traits.message, "X-Failed-Recipients"):
        return True
    away = looks_like_an_absence(traits.subject) or "auto-replied" in traits.first_words("Auto-Submitted")
    return traits.null_sender and not away


def _status_in(text: str) -> str:
    found = _STATUS.search(text)
    return found[1] if found else ""

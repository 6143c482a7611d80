"""Reads what mail servers say became of a notice of ours: delivered, delayed, or failed and why."""

from __future__ import annotations

import email
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message

from channels.contract import DeliveryReport, DeliveryState, SendError
from channels.email.answerable import looks_like_a_report
from channels.email.fields import message_ids, raw_field
from channels.email.own import LOOP_HEADER
from channels.email.refusals import meaning_of_status
from channels.email.returned import Told, from_mail_system, read_returned, status_in
from channels.email.traits import Traits

_ACTION = re.compile(r"(failed|delayed|delivered|relayed|expanded)", re.IGNORECASE)
_ID_IN_TEXT = re.compile(r"(?i)message-id:\s*<([^<>\s]{3,250})>")
_MARK_IN_TEXT = re.compile(rf"(?i){LOOP_HEADER}:\s*([a-z0-9-]{{10,80}})")
_ORDER = ("delivered", "failed", "delayed", "relayed", "expanded")
"""One notice has one recipient; where an alias of theirs makes it several, it has arrived if it reached one of them."""
_ACTION_OF_CLASS = {"2": "relayed", "4": "delayed", "5": "failed"}
_SAYS_LITTLE = re.compile(r"[45]\.0\.0|")


@dataclass(frozen=True, kw_only=True)
class About:
    """The notice a mail is about, by the token in its marks; ``has_copy``: the mail brings back something of ours."""

    token: str
    has_copy: bool


def delivery_report(traits: Traits) -> DeliveryReport | None:
    """The news of a notice in this mail; None when it is no report or not about a notice of ours."""
    about = _about(traits)
    if about is None:
        return None
    provider_id = traits.own.message_id_from_token(about.token)
    fields = _delivery_fields(traits.message)
    if fields:
        return _from_status(provider_id, fields)
    if _was_opened(traits.message):
        return DeliveryReport(provider_id=provider_id, state=DeliveryState.DELIVERED, reason="receipt from the reader")
    return _from_words(provider_id, traits, about)


def _about(traits: Traits) -> About | None:
    """By the address it came to, else by what the returned mail carries of ours: all of it is signed by us."""
    copied = _token_in_copy(traits)
    if traits.bounced_tokens:
        return About(token=traits.bounced_tokens[0], has_copy=copied is not None)
    if not (traits.is_report or from_mail_system(traits) or looks_like_a_report(traits.subject)):
        return None
    token = copied or _first_token(traits, message_ids(traits.message, "In-Reply-To", "References"))
    return About(token=token, has_copy=copied is not None) if token else None


def _token_in_copy(traits: Traits) -> str | None:
    """Of what comes back; what a mail merely answers is not in it."""
    message, returned = traits.message, _returned_header(traits.message)
    marks = [
        raw_field(returned, LOOP_HEADER),
        *(raw_field(part, "Original-Envelope-Id") for part in message.walk()),
        *_MARK_IN_TEXT.findall(traits.text),
    ]
    marked = next((token for each in marks if (token := traits.own.token_of_loop_mark(each))), None)
    ids = [
        *message_ids(returned, "Message-ID"),
        *(found for part in message.walk() for found in message_ids(part, "Original-Message-ID")),
        *_ID_IN_TEXT.findall(traits.text),
    ]
    return marked or _first_token(traits, ids)


def _first_token(traits: Traits, ids: Iterable[str]) -> str | None:
    return next((token for each in ids if (token := traits.own.token_of_message_id(each))), None)


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
    found = []
    for part in message.walk():
        if any(name in part for name in ("Final-Recipient", "Original-Recipient", "Status")):
            status = _status_of(part)
            action = _ACTION.match(raw_field(part, "Action").strip())
            known = action[1].lower() if action else _ACTION_OF_CLASS.get(status[:1])
            found += [(known, status)] if known else []
    return found


def _status_of(part: Message) -> str:
    """As the report has it; where that says next to nothing, as the server it quotes had it (Exchange)."""
    status, quoted = status_in(raw_field(part, "Status")), status_in(raw_field(part, "Diagnostic-Code"))
    return quoted or status if _SAYS_LITTLE.fullmatch(status) else status


def _from_status(provider_id: str, fields: list[tuple[str, str]]) -> DeliveryReport:
    action, status = min(fields, key=lambda pair: _ORDER.index(pair[0]))
    if action == "failed":
        return _failed(provider_id, status, meaning_of_status(status))
    if action == "delivered":
        return DeliveryReport(provider_id=provider_id, state=DeliveryState.DELIVERED, reason=status)
    return _on_its_way(provider_id, action, status)


def _from_words(provider_id: str, traits: Traits, about: About) -> DeliveryReport | None:
    news = read_returned(traits, has_copy=about.has_copy)
    if news.told is Told.RETURNED:
        return _failed(provider_id, news.status, news.error)
    if news.told is Told.HELD_UP:
        return _on_its_way(provider_id, "delayed", news.status)
    if traits.is_report:
        return DeliveryReport(provider_id=provider_id, state=DeliveryState.SENT, permanent=False)
    return None


def _on_its_way(provider_id: str, action: str, status: str) -> DeliveryReport:
    """What was handed to a system that tells nothing more is as far as we can follow it."""
    return DeliveryReport(
        provider_id=provider_id, state=DeliveryState.SENT, reason=f"{action} {status}".strip(), permanent=False,
        is_delayed=action == "delayed", is_final=action != "delayed",
    )  # fmt: skip


def _failed(provider_id: str, status: str, error: SendError | None) -> DeliveryReport:
    return DeliveryReport(
        provider_id=provider_id, state=DeliveryState.FAILED, reason=f"returned {status}".strip(), error=error,
        permanent=not status.startswith("4"), came_back=True,
    )  # fmt: skip


def _was_opened(message: Message) -> bool:
    """A reader's receipt (RFC 8098): whatever was done with the mail, it had arrived."""
    return any(raw_field(part, "Disposition") for part in message.walk())

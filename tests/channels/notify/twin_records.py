"""What the twin of GOV.UK Notify remembers: templates and notifications, written as its API writes them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

PERMANENT = {"+447700900002", "perm-fail@simulator.notify"}
TEMPORARY = {"+447700900003", "temp-fail@simulator.notify"}
SMOKE = {"+447700900000", "+447700900111", "+447700900222"} | {
    f"simulate-delivered{number}@notifications.service.gov.uk" for number in ("", "-2", "-3")
}
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
FINAL = {"delivered", "permanent-failure", "temporary-failure", "technical-failure"}


@dataclass(kw_only=True)
class Template:
    """One template of the account."""

    medium: str
    name: str
    body: str
    subject: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def resource(self) -> dict[str, Any]:
        """As ``/v2/templates`` lists it."""
        return {
            "id": self.id, "name": self.name, "type": self.medium, "body": self.body, "subject": self.subject,
            "version": 1, "created_at": written(datetime.now(UTC)), "updated_at": None, "created_by": "a@example.org",
        }  # fmt: skip


@dataclass(kw_only=True)
class Notification:
    """One text, mail or letter it was asked to send. ``to`` is E.164, an address, or empty for a letter."""

    medium: str
    to: str
    reference: str | None
    body: str = ""
    subject: str = ""
    page: bytes = b""
    status: str = "created"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    completed_at: datetime | None = None

    def resource(self) -> dict[str, Any]:
        """As ``/v2/notifications`` shows it."""
        return {
            "id": self.id, "reference": self.reference, "type": self.medium, "status": self.status,
            "phone_number": self.to if self.medium == "sms" else None,
            "email_address": self.to if self.medium == "email" else None,
            "body": self.body, "subject": self.subject, "created_at": written(self.created_at),
            "sent_at": written(self.created_at), "completed_at": written(self.completed_at),
        }  # fmt: skip

    def receipt(self) -> dict[str, Any]:
        """As a delivery receipt calls it back."""
        return {
            "id": self.id, "reference": self.reference, "to": self.to, "status": self.status,
            "created_at": written(self.created_at), "completed_at": written(self.completed_at),
            "sent_at": written(self.created_at), "notification_type": self.medium,
            "template_id": TEMPLATE, "template_version": 1,
        }  # fmt: skip

    def returned(self) -> dict[str, Any]:
        """As a returned letter is called back."""
        return {
            "notification_id": self.id, "reference": self.reference, "date_sent": written(self.created_at),
            "sent_by": "API", "template_name": None, "template_id": "None", "template_version": None,
            "spreadsheet_file_name": None, "spreadsheet_row_number": None, "upload_letter_file_name": None,
        }  # fmt: skip


@dataclass(kw_only=True)
class Received:
    """One text somebody sent to the account's number."""

    sender: str
    words: str
    received_at: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def resource(self) -> dict[str, Any]:
        """As ``/v2/received-text-messages`` lists it."""
        return {
            "id": self.id, "user_number": self.sender, "notify_number": "07700900999", "content": self.words,
            "created_at": written(self.received_at), "service_id": TEMPLATE,
        }  # fmt: skip

    def posted(self) -> dict[str, Any]:
        """As it is called back."""
        return {
            "id": self.id, "source_number": self.sender, "destination_number": "07700900999", "message": self.words,
            "date_received": written(self.received_at),
        }  # fmt: skip


def written(at: datetime | None) -> str | None:
    """A time as the service writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def outcome_of(to: str) -> str:
    """What becomes of something sent to it, as a test key has it."""
    if to in PERMANENT:
        return "permanent-failure"
    return "temporary-failure" if to in TEMPORARY else "delivered"

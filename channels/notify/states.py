"""What the states of a notification at GOV.UK Notify mean for our notice.

Source: the service's documentation of message statuses, https://docs.notifications.service.gov.uk/python.html.
A letter is never "delivered": nobody knows, and weeks later it may come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.contract import DeliveryReport, DeliveryState, SendError, Unreadable


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a state says of a notice; ``is_final``: no further state tells more, though it may still fail."""

    state: DeliveryState
    is_final: bool = False
    error: SendError | None = None
    reason: str = ""


UNDER_WAY = Meaning(state=DeliveryState.SENT)
NO_MORE_NEWS = Meaning(state=DeliveryState.SENT, is_final=True)


def _failed(error: SendError, reason: str) -> Meaning:
    return Meaning(state=DeliveryState.FAILED, error=error, reason=f"{reason} (GOV.UK Notify)")


RETURNED = _failed(SendError.BAD_ADDRESS, "the letter came back")
MEANINGS = {
    "created": UNDER_WAY,
    "sending": UNDER_WAY,
    "pending": UNDER_WAY,
    "pending-virus-check": UNDER_WAY,
    "sent": NO_MORE_NEWS,
    "accepted": NO_MORE_NEWS,
    "received": NO_MORE_NEWS,
    "delivered": Meaning(state=DeliveryState.DELIVERED),
    "permanent-failure": _failed(SendError.BAD_ADDRESS, "there is no such number or mailbox"),
    "temporary-failure": _failed(
        SendError.UNREACHABLE, "the phone was off or the mailbox full for as long as it was tried"
    ),
    "technical-failure": _failed(SendError.UNNAMED, "it failed between the service and its provider"),
    "cancelled": _failed(SendError.NOT_TAKEN, "it was cancelled in the account"),
    "validation-failed": _failed(SendError.NOT_TAKEN, "the letter does not fit the printer's page or has no address"),
    "virus-scan-failed": _failed(SendError.NOT_TAKEN, "the letter was held for a virus"),
    "returned-letter": RETURNED,
}
UNPRINTABLE = _failed(SendError.NOT_TAKEN, "the letter cannot be printed")
FAILURES = tuple(status for status, meant in MEANINGS.items() if meant.state is DeliveryState.FAILED)


def report_of(notification: Mapping[str, Any]) -> DeliveryReport:
    """What became of a notice, from a notification or a delivery receipt; a state nobody knows is still under way."""
    status = str(notification.get("status"))
    if status == "permanent-failure" and notification.get("type") == "letter":
        return _report(notification, UNPRINTABLE, "id")
    return _report(notification, MEANINGS.get(status, UNDER_WAY), "id")


def receipt_of(posted: Mapping[str, Any]) -> DeliveryReport:
    """The same from what was called back; raises ``Unreadable`` for what is no receipt."""
    if posted.get("status") not in MEANINGS or not posted.get("id"):
        raise Unreadable("not a delivery receipt that we know")
    return report_of(posted)


def return_of(posted: Mapping[str, Any]) -> DeliveryReport:
    """A letter that came back; raises ``Unreadable`` for what does not name one."""
    if not posted.get("notification_id"):
        raise Unreadable("not a returned letter that we know")
    return _report(posted, RETURNED, "notification_id")


def _report(told: Mapping[str, Any], meant: Meaning, id_field: str) -> DeliveryReport:
    return DeliveryReport(
        provider_id=str(told[id_field]),
        notice_id=str(told["reference"]) if told.get("reference") else None,
        state=meant.state,
        error=meant.error,
        reason=meant.reason,
        permanent=meant.error in (SendError.BAD_ADDRESS, SendError.NOT_TAKEN),
        is_final=meant.is_final,
        at=moment(told.get("sent_at" if meant.state is DeliveryState.SENT else "completed_at")),
    )


def moment(written: object) -> datetime | None:
    """An aware time; the service writes UTC, with and without saying so."""
    try:
        at = datetime.fromisoformat(str(written).replace("Z", "+00:00"))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)

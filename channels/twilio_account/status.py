"""What became of a text of ours, from the words and codes in which the telephony provider says it."""

from __future__ import annotations

from channels.contract import DeliveryReport, DeliveryState
from channels.twilio_account.errors import refusal

TELLING = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
"""The states that say something; those before "sent" say only that the provider has the text."""


def news_of(sid: str, status: str, code: str | None, *, notice_id: str | None = None) -> DeliveryReport:
    """A status and its error code as a report."""
    state = TELLING.get(status, DeliveryState.SENT)
    if state is not DeliveryState.FAILED:
        return DeliveryReport(provider_id=sid, state=state, notice_id=notice_id)
    meaning = refusal(code)
    return DeliveryReport(
        provider_id=sid, state=state, notice_id=notice_id, error=meaning.error, reason=meaning.reason,
        permanent=meaning.permanent,
    )  # fmt: skip

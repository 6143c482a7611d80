"""What GOV.UK Notify's errors mean for a notice of ours.

Source: the service's REST API documentation, https://docs.notifications.service.gov.uk/rest-api.html#error-messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from notifications_python_client.errors import APIError, HTTPError
from urllib3.exceptions import NewConnectionError

from channels.contract import SendError, SendFailed, SendUnknown

TOMORROW = 3600.0  # seconds; the daily limit ends at midnight, so it is asked again every hour
NOT_OURS = "GOV.UK Notify does not accept our key, or this machine's clock is wrong"
NOT_READY = "the account or template at GOV.UK Notify is not set up for this"
BY_STATUS = {
    401: (SendError.NOT_SET_UP, NOT_OURS),
    403: (SendError.NOT_SET_UP, NOT_OURS),
    404: (SendError.NOT_SET_UP, "GOV.UK Notify is not at the address that is set, or has no such template"),
    413: (SendError.NOT_TAKEN, "the notice is larger than GOV.UK Notify takes"),
    503: (SendError.AWAY, "GOV.UK Notify is out of order"),
}
WRONG_FOR_US = re.compile(
    r"template|personalisation|trial.mode|team.only|api.key|not allowed|permission|sender_id|reply_to", re.IGNORECASE
)
WRONG_ADDRESS = re.compile(r"(phone_number|email_address)\b")
NO_ADDRESS = frozenset({"InvalidPhoneError", "InvalidEmailError"})


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One error of an answer: its type, which does not change, and its words, which may."""

    kind: str
    words: str


@contextmanager
def one_request() -> Iterator[None]:
    """Around one request that has a notice sent.

    Raises ``SendFailed`` when it was refused or never arrived, ``SendUnknown`` when it may have been taken.
    The service's own words may quote what was sent, so they are not passed on.
    """
    try:
        yield
    except HTTPError as error:
        raise meaning(error) from None
    except (APIError, requests.RequestException, TimeoutError, LookupError, TypeError, ValueError) as error:
        raise SendUnknown(f"the answer of GOV.UK Notify was lost: {type(error).__name__}") from None


@contextmanager
def one_question() -> Iterator[None]:
    """Around a request that changes nothing; raises ConnectionError when there is no answer to it."""
    try:
        yield
    except HTTPError as error:
        raise ConnectionError(f"GOV.UK Notify could not be asked: status {error.status_code}") from None
    except (APIError, requests.RequestException, TimeoutError, LookupError, TypeError, ValueError) as error:
        raise ConnectionError(f"GOV.UK Notify could not be asked: {type(error).__name__}") from None


def meaning(error: HTTPError) -> SendFailed | SendUnknown:
    """What to raise for a request that was answered with an error, or not at all."""
    if error.response is None:
        return _unanswered(error.__cause__)
    status, complaint = error.status_code, _complaint(error.response)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _throttled(complaint, error.response)
    if status == HTTPStatus.BAD_REQUEST:
        return _failed(*_refused(complaint), status)
    if status in BY_STATUS:
        return _failed(*BY_STATUS[status], status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not complaint.kind:
        return SendUnknown(f"the answer of GOV.UK Notify was lost: status {status}")
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _failed(SendError.AWAY, "GOV.UK Notify could not deal with it now", status)
    return _failed(SendError.UNNAMED, "GOV.UK Notify gave an answer that is not known here", status)


def _unanswered(cause: BaseException | None) -> SendFailed | SendUnknown:
    """Nothing was sent where no connection came about; else it may have been taken."""
    reason = getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None
    never_arrived = isinstance(reason, NewConnectionError) or isinstance(
        cause, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError
    )
    name = type(cause).__name__
    if never_arrived:
        return SendFailed(error=SendError.AWAY, reason=f"GOV.UK Notify was not reached: {name}")
    return SendUnknown(f"the answer of GOV.UK Notify was lost: {name}")


def _refused(complaint: Complaint) -> tuple[SendError, str]:
    """A 400. Where its words are none we know, this notice is not taken: another way or a person follows at once."""
    if complaint.kind in NO_ADDRESS or WRONG_ADDRESS.match(complaint.words):
        return SendError.BAD_ADDRESS, "GOV.UK Notify says that nothing can be sent to this address"
    if "international" in complaint.words:
        return SendError.BLOCKED, "the account at GOV.UK Notify does not send abroad"
    if WRONG_FOR_US.search(complaint.words):
        return SendError.NOT_SET_UP, NOT_READY
    return SendError.NOT_TAKEN, "GOV.UK Notify does not take this notice"


def _throttled(complaint: Complaint, response: Any) -> SendFailed:
    """Too many a minute (``RateLimitError``) or a day (``TooManyRequestsError``)."""
    asked = str(response.headers.get("Retry-After", ""))
    wait = float(asked) if asked.isdecimal() else (TOMORROW if complaint.kind == "TooManyRequestsError" else None)
    why = "GOV.UK Notify takes no more from us for the moment (status 429)"
    return SendFailed(error=SendError.THROTTLED, reason=why, retry_after=wait)


def _failed(error: SendError, reason: str, status: int) -> SendFailed:
    return SendFailed(error=error, reason=f"{reason} (status {status})")


def _complaint(response: Any) -> Complaint:
    """The first error of an answer; empty where something between us and the service answered in its stead."""
    try:
        first = response.json()["errors"][0]
        return Complaint(kind=str(first["error"]), words=str(first["message"]))
    except (ValueError, LookupError, TypeError):
        return Complaint(kind="", words="")

"""What the telephony provider's error codes mean for a notice of ours.

Source: the provider's error and warning dictionary, https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from channels.contract import FOR_GOOD, SendError, SendFailed, SendUnknown

NOT_A_NUMBER = (SendError.BAD_ADDRESS, "this is not a telephone number that can be reached")
LANDLINE = (SendError.BAD_ADDRESS, "this number cannot receive texts: a landline or not a mobile")
OPTED_OUT = (SendError.OPTED_OUT, "the recipient has opted out of texts from us")
BLOCKED = (SendError.BLOCKED, "the network does not let our texts through to this number")
TOO_LONG = (SendError.NOT_TAKEN, "the text is longer than the provider takes")
MALFORMED = (SendError.NOT_TAKEN, "the provider does not accept this text")
UNREACHABLE = (SendError.UNREACHABLE, "the phone could not be reached: it may be switched off")
NO_REASON = (SendError.UNREACHABLE, "the network gave no reason")
EXPIRED = (SendError.UNREACHABLE, "the text was not delivered in the time it was good for")
QUEUE_FULL = (SendError.THROTTLED, "the provider's queue for our number is full")
TOO_MANY = (SendError.THROTTLED, "the provider takes no more from us for the moment")
AWAY = (SendError.AWAY, "the provider is out of order")
CREDENTIALS = (SendError.NOT_SET_UP, "the provider does not accept our credentials")
SUSPENDED = (SendError.NOT_SET_UP, "our account with the provider is suspended")
OUR_NUMBER = (SendError.NOT_SET_UP, "the provider does not accept our own number as sender")
CALLBACK = (SendError.NOT_SET_UP, "the provider does not accept our public address for reports")
UNNAMED = (SendError.UNNAMED, "the provider could not deliver it")

MEANINGS = {
    13224: NOT_A_NUMBER, 21211: NOT_A_NUMBER, 21214: NOT_A_NUMBER, 21217: NOT_A_NUMBER, 21268: NOT_A_NUMBER,
    21421: NOT_A_NUMBER, 21604: NOT_A_NUMBER, 30005: NOT_A_NUMBER,
    21614: LANDLINE, 21635: LANDLINE, 30006: LANDLINE,
    21610: OPTED_OUT,
    21215: BLOCKED, 21408: BLOCKED, 21608: BLOCKED, 21612: BLOCKED, 30004: BLOCKED, 30007: BLOCKED,
    21602: MALFORMED, 21605: TOO_LONG, 21617: TOO_LONG, 21619: MALFORMED, 30019: TOO_LONG,
    30003: UNREACHABLE, 30008: NO_REASON, 30017: NO_REASON, 30036: EXPIRED,
    20429: TOO_MANY, 21611: QUEUE_FULL, 30001: QUEUE_FULL, 30022: TOO_MANY,
    20500: AWAY, 20503: AWAY, 20504: AWAY, 21730: AWAY,
    20003: CREDENTIALS, 20006: CREDENTIALS, 20008: CREDENTIALS, 20403: CREDENTIALS, 20404: CREDENTIALS,
    10001: SUSPENDED, 20005: SUSPENDED, 30002: SUSPENDED,
    21212: OUR_NUMBER, 21603: OUR_NUMBER, 21606: OUR_NUMBER, 21659: OUR_NUMBER, 21660: OUR_NUMBER,
    21609: CALLBACK,
}  # fmt: skip
LOST_BEHIND_A_GATEWAY = (408, 502, 504)  # statuses given when an answer was lost, so the request may have been taken


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a notice did not get through; ``permanent``: this address will not work. ``reason`` names no number."""

    error: SendError
    reason: str

    @property
    def permanent(self) -> bool:
        """Whether trying again at this address is of no use."""
        return self.error in FOR_GOOD


class Throttled(TwilioException):  # type: ignore[misc]  # the SDK has no types
    """The provider answered 429; ``retry_after`` are the seconds it asked for, where it did."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("too many requests")
        self.retry_after = retry_after


def refusal(code: int | str | None, *, status: int | None = None) -> Refusal:
    """The meaning of one error code, of a refused request (with its HTTP status) or a delivery report."""
    number = int(code) if code is not None and str(code).isdecimal() else 0
    error, words = MEANINGS.get(number) or _of_status(status)
    return Refusal(error=error, reason=f"{words} (provider code {number})" if number else words)


def seconds_asked_for(header: str | None, *, date: str | None) -> float | None:
    """``Retry-After`` in seconds, given as such or as a time after ``Date``; None where it makes no sense."""
    if header is None:
        return None
    try:
        if header.strip().isdecimal():
            return float(header)
        if date is None:
            return None
        return max(0.0, (parsedate_to_datetime(header) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return None


@contextmanager
def one_request() -> Iterator[None]:
    """Around one request that changes something at the provider, for example sending a text.

    Raises ``SendFailed`` when the provider said no or was never reached, and ``SendUnknown`` when it may have said yes.
    The provider's own words quote telephone numbers, so they are not passed on.
    """
    try:
        yield
    except Throttled as error:
        raise SendFailed(error=SendError.THROTTLED, reason=TOO_MANY[1], retry_after=error.retry_after) from None
    except (TwilioRestException, TwilioServiceException) as error:
        raise _answer(error) from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        why = f"the provider was not reached: {type(error).__name__}"
        raise SendFailed(error=SendError.AWAY, reason=why) from None
    except (httpx.HTTPError, TwilioException, ValueError, KeyError) as error:
        raise SendUnknown(f"the provider's answer was lost: {type(error).__name__}") from None


def _answer(error: TwilioRestException | TwilioServiceException) -> SendFailed | SendUnknown:
    """What to raise for a request that the provider answered with an error."""
    if error.status in LOST_BEHIND_A_GATEWAY:
        return SendUnknown(f"the provider's answer was lost: status {error.status}")
    meaning = refusal(error.code, status=error.status)
    return SendFailed(error=meaning.error, reason=meaning.reason)


def _of_status(status: int | None) -> tuple[SendError, str]:
    """The meaning of an answer without a code that we know."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return CREDENTIALS
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TOO_MANY
    if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return AWAY
    return UNNAMED

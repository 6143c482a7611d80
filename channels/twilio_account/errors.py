"""What the telephony provider's error codes mean for a notice of ours.

Source: the provider's error and warning dictionary, https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from channels.contract import SendFailed, SendUnknown

NOT_A_NUMBER = "this is not a telephone number that can be reached"
OPTED_OUT = "the recipient has opted out of texts from us"
LANDLINE = "this number cannot receive texts: a landline or not a mobile"
TOO_LONG = "the text is longer than the provider takes"
BLOCKED = "the network does not let our texts through to this number"

PERMANENT = {
    13224: NOT_A_NUMBER, 21211: NOT_A_NUMBER, 21214: NOT_A_NUMBER, 21217: NOT_A_NUMBER, 21421: NOT_A_NUMBER,
    21604: NOT_A_NUMBER, 30005: NOT_A_NUMBER,
    21610: OPTED_OUT,
    21614: LANDLINE, 21635: LANDLINE, 30006: LANDLINE,
    21605: TOO_LONG, 21617: TOO_LONG,
    21215: BLOCKED, 21408: BLOCKED, 21612: BLOCKED, 30004: BLOCKED, 30007: BLOCKED,
}  # fmt: skip
TEMPORARY = {
    20003: "the provider does not accept our credentials",
    20429: "the provider takes no more from us for the moment",
    21606: "the provider does not accept our own number as sender",
    21611: "the provider's queue for our number is full",
    30001: "the provider's queue for our number is full",
    30002: "our account with the provider is suspended",
    30003: "the phone could not be reached: it may be switched off",
    30008: "the network gave no reason",
    30036: "the text was not delivered in the time it was good for",
}
LOST_BEHIND_A_GATEWAY = (408, 502, 504)  # statuses given when an answer was lost, so the request may have been taken


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a notice did not get through; ``permanent``: this address will not work. ``reason`` names no number."""

    permanent: bool
    reason: str


def refusal(code: int | str | None) -> Refusal:
    """The meaning of one error code, of a refused request or a delivery report. Unknown codes count as temporary."""
    number = int(code) if code is not None and str(code).isdecimal() else 0
    words = PERMANENT.get(number) or TEMPORARY.get(number) or "the provider could not deliver it"
    return Refusal(permanent=number in PERMANENT, reason=f"{words} (provider code {number})" if number else words)


@contextmanager
def one_request() -> Iterator[None]:
    """Around one request that changes something at the provider, for example sending a text.

    Raises ``SendFailed`` when the provider said no or was never reached, and ``SendUnknown`` when it may have said yes.
    The provider's own words quote telephone numbers, so they are not passed on.
    """
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise _answer(error) from None
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise SendFailed(permanent=False, reason=f"the provider was not reached: {type(error).__name__}") from None
    except (httpx.HTTPError, TwilioException, ValueError, KeyError) as error:
        raise SendUnknown(f"the provider's answer was lost: {type(error).__name__}") from None


def _answer(error: TwilioRestException | TwilioServiceException) -> SendFailed | SendUnknown:
    """What to raise for a request that the provider answered with an error."""
    if error.status in LOST_BEHIND_A_GATEWAY:
        return SendUnknown(f"the provider's answer was lost: status {error.status}")
    meaning = refusal(error.code)
    return SendFailed(permanent=meaning.permanent, reason=meaning.reason)

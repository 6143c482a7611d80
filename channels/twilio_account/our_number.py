"""Our telephone number as the provider has it set up: asked for, and changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Any

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException

from channels.twilio_account.client import TwilioClient
from channels.twilio_account.errors import refusal
from channels.twilio_account.finding import Change

MOST_ALIKE = 20  # numbers looked through: the provider finds a number by a part of it, too


class NotTold(Exception):
    """The provider did not answer what it was asked; ``credentials``: because it does not accept ours."""

    def __init__(self, why: str, *, credentials: bool = False) -> None:
        super().__init__(why)
        self.credentials = credentials


@dataclass(frozen=True, kw_only=True)
class OurNumber:
    """The settings that decide what a call or text to our number does, named as in the provider's API; blank: not set.

    ``voice_application_sid``, ``sms_application_sid`` and ``trunk_sid`` take the place of the addresses.
    """

    sid: str
    phone_number: str
    voice_url: str = ""
    voice_method: str = ""
    voice_fallback_url: str = ""
    voice_fallback_method: str = ""
    status_callback: str = ""
    status_callback_method: str = ""
    sms_url: str = ""
    sms_method: str = ""
    sms_fallback_url: str = ""
    sms_fallback_method: str = ""
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    trunk_sid: str = ""
    voice_receive_mode: str = ""
    emergency_status: str = ""
    emergency_address_status: str = ""
    carries_voice: bool = True
    carries_sms: bool = True

    def value(self, name: str) -> str:
        """One setting by its name."""
        return str(getattr(self, name))


async def find(client: TwilioClient) -> OurNumber | None:
    """The number as it stands with the provider, None where the account has no such number; raises ``NotTold``."""
    with asking():
        had = await client.rest.incoming_phone_numbers.list_async(phone_number=client.account.number, limit=MOST_ALIKE)
        return next((_ours(one) for one in had if one.phone_number == client.account.number), None)


async def change(client: TwilioClient, sid: str, changes: Sequence[Change]) -> OurNumber:
    """Set these and nothing else, in one request; how the number stands then. Raises ``NotTold``."""
    with asking():
        wanted = {one.name: one.after for one in changes}
        return _ours(await client.rest.incoming_phone_numbers(sid).update_async(**wanted))


@contextmanager
def asking() -> Iterator[None]:
    """Around a question about our set-up; the provider's own words quote telephone numbers and are not passed on."""
    try:
        yield
    except TwilioRestException as error:
        raise _refused(error.status, error.code) from None
    except TwilioException as error:
        status = getattr(error.args[-1], "status_code", None) if error.args else None  # as the SDK's lists put it
        raise _refused(status, None) from None
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise NotTold(f"the provider was not asked: {type(error).__name__}") from None


def _refused(status: int | None, code: int | None) -> NotTold:
    closed = status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    return NotTold(refusal(code, status=status).reason, credentials=closed)


def _ours(one: Any) -> OurNumber:
    carries = one.capabilities or {"voice": True, "sms": True}  # where it is not said, calls and texts will tell
    known = {each.name for each in fields(OurNumber)} - {"carries_voice", "carries_sms"}
    said = {name: str(getattr(one, name) or "") for name in known}
    return OurNumber(**said, carries_voice=bool(carries.get("voice")), carries_sms=bool(carries.get("sms")))

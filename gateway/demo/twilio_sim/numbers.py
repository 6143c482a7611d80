"""The telephone numbers of the pretend account, and what each of them does when it is rung or written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from gateway.demo.twilio_sim.records import API_VERSION, Resource, account_path, new_sid

METHODS = ("voice_method", "voice_fallback_method", "status_callback_method", "sms_method", "sms_fallback_method")
ADDRESSES = ("voice_url", "voice_fallback_url", "status_callback", "sms_url", "sms_fallback_url")
ELSEWHERE = ("voice_application_sid", "sms_application_sid", "trunk_sid")


@dataclass(kw_only=True)
class OwnNumber:
    """One number: the addresses the provider asks when it is rung or written to, their methods, and their spares.

    With ``voice_application_sid``, ``sms_application_sid`` or ``trunk_sid`` those addresses are not asked.
    """

    number: str
    account: str
    sid: str = field(default_factory=lambda: new_sid("PN"))
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    trunk_sid: str = ""
    voice_receive_mode: str = "voice"
    emergency_status: str = "Inactive"
    emergency_address_status: str = "unregistered"
    carries: tuple[str, ...] = ("voice", "sms")
    changed_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def change(self, form: Mapping[str, str]) -> str:
        """Take what a form says of it, as the provider names it; returns what is wrong with that, or nothing."""
        named = {_form_name(name): name for name in (*METHODS, *ADDRESSES, *ELSEWHERE, "voice_receive_mode")}
        for given, value in form.items():
            name = named.get(given)
            if name in METHODS and value not in ("GET", "POST"):
                return f"{given} is not valid"
            if name in ADDRESSES and value and not value.startswith(("http://", "https://")):
                return f"{given} is not a valid URL"
        for given, value in form.items():
            if given in named:
                setattr(self, named[given], value)
        self.changed_at = datetime.now(UTC)
        return ""

    @property
    def rings(self) -> str:
        """What is asked first when it is rung; nothing where that is not for its own addresses to say."""
        return "" if self.voice_application_sid or self.trunk_sid else self.voice_url

    @property
    def takes_texts(self) -> str:
        """What is asked when it is written to; nothing where that is not for its own addresses to say."""
        return "" if self.sms_application_sid else self.sms_url

    def resource(self) -> Resource:
        """The IncomingPhoneNumber resource."""
        unknown = ("address_sid", "identity_sid", "bundle_sid", "emergency_address_sid")
        shown = (*METHODS, *ADDRESSES, "voice_receive_mode", "emergency_status", "emergency_address_status")
        return dict.fromkeys(unknown) | {name: getattr(self, name) for name in shown} | {
            **{name: getattr(self, name) or None for name in ELSEWHERE},
            "sid": self.sid,
            "account_sid": self.account,
            "api_version": API_VERSION,
            "uri": f"{account_path(self.account)}/IncomingPhoneNumbers/{self.sid}.json",
            "phone_number": self.number,
            "friendly_name": self.number,
            "capabilities": {kind: kind in self.carries for kind in ("voice", "sms", "mms", "fax")},
            "address_requirements": "none",
            "beta": False,
            "origin": "twilio",
            "status": "in-use",
            "type": "local",
            "voice_caller_id_lookup": False,
            "date_created": format_datetime(self.changed_at),
            "date_updated": format_datetime(self.changed_at),
        }  # fmt: skip


def _form_name(name: str) -> str:
    """``voice_url`` as forms name it, VoiceUrl."""
    return "".join(part.capitalize() for part in name.split("_"))

"""What our number has to be set to, and where it differs: pure, from what the provider said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag

from channels.twilio_account.account import TwilioAccount
from channels.twilio_account.finding import Change, Finding, well, wrong
from channels.twilio_account.our_number import OurNumber
from channels.twilio_account.overrides import tried_alike

SET_IT = "set it with frontdoor doctor --set"
TAKE_IT_OFF = "take it off the number in the provider's console: its API describes no way to"


@dataclass(frozen=True, kw_only=True)
class OurAddress:
    """One address the provider is to ask: the names of its setting and method, our path, and what it is for."""

    name: str
    method: str
    path: str
    part: str


ADDRESSES = (
    OurAddress(name="voice_url", method="voice_method", path="/twilio/voice", part="calls"),
    OurAddress(
        name="status_callback", method="status_callback_method", path="/twilio/call-status", part="the end of a call"
    ),
    OurAddress(name="sms_url", method="sms_method", path="/twilio/sms", part="texts"),
    OurAddress(
        name="sms_fallback_url", method="sms_fallback_method", path="/twilio/sms", part="texts, asked once more"
    ),
)
INSTEAD = (
    ("voice_application_sid", "calls go to an application, and the addresses for calls are not asked"),
    ("trunk_sid", "calls go to a SIP trunk, and the addresses for calls are not asked"),
    ("sms_application_sid", "texts go to an application, and the addresses for texts are not asked"),
)


def differences(account: TwilioAccount, number: OurNumber) -> Sequence[Finding]:
    """Everything but the fallback document, which has to be looked at: addresses, methods, what it carries."""
    addresses = [_of_address(number, one, account.address(one.path)) for one in ADDRESSES]
    return (*addresses, *_instead(number), _carries(number), _emergencies(number))


def needed(number: OurNumber, wanted: Sequence[tuple[str, str]]) -> tuple[Change, ...]:
    """The changes that give these settings these values."""
    return tuple(
        Change(name=name, before=number.value(name), after=value)
        for name, value in wanted
        if number.value(name) != value
    )


def _of_address(number: OurNumber, one: OurAddress, wanted: str) -> Finding:
    had, method = number.value(one.name), number.value(one.method)
    is_ours = urldefrag(had).url == urldefrag(wanted).url
    fits = is_ours and tried_alike(had, wanted)
    changes = needed(number, ((one.name, had if fits else wanted), (one.method, "POST")))
    if not had:
        return wrong(one.part, "no address is set", SET_IT, *changes)
    if not is_ours:
        return wrong(one.part, f"{urldefrag(had).url} is asked, which is not ours", SET_IT, *changes)
    if method != "POST":
        what = f"our address is asked by {method or 'no method'}, not by POST"
        return wrong(one.part, what, SET_IT, *changes)
    if not fits:
        what = f"our address is asked, but not tried as it has to be (#{urldefrag(wanted).fragment})"
        return wrong(one.part, what, SET_IT, *changes)
    return well(one.part, "our address is asked, and tried again when it fails")


def _instead(number: OurNumber) -> Iterator[Finding]:
    for name, what in INSTEAD:
        if number.value(name):
            yield wrong("number", what, TAKE_IT_OFF)
    if number.voice_receive_mode == "fax":
        yield wrong(
            "number", "it receives faxes, not calls", SET_IT, *needed(number, (("voice_receive_mode", "voice"),))
        )


def _carries(number: OurNumber) -> Finding:
    missing = [kind for kind, has in (("calls", number.carries_voice), ("texts", number.carries_sms)) if not has]
    if not missing:
        return well("number", "it carries calls and texts")
    what = f"it does not carry {' or '.join(missing)}"
    return wrong("number", what, "take a number with both from the provider, and set FRONTDOOR_TWILIO_NUMBER to it")


def _emergencies(number: OurNumber) -> Finding:
    """Nothing of ours dials 999: the provider would send help to the number's registered address, not to the child."""
    part = "emergency address"
    if number.emergency_status != "Active":
        return well(part, "none is needed: nothing of ours dials 999, callers are told to do so themselves")
    if number.emergency_address_status == "registered":
        return well(part, "registered; nothing of ours dials 999, callers are told to do so themselves")
    what = "emergency calls are allowed from this number, but no address is registered for them"
    return wrong(part, what, "register the office's address in the provider's console, or turn emergency calls off")

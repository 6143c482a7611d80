"""What somebody said of reaching them safely, kept with the address it was said of (domain.md 1.6 and 2.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.addresses import SAFE_FOR
from gateway.notices import OkWords
from storage.identity import Identity
from storage.sealing import Seal

BY_SENDER = "sender"
CHANNELS = ("sms", "email", "letter", "voice", "voicemail")
ALSO_CALLED = {"post": "letter", "text": "sms", "phone": "voice", "call": "voice"}
HINTS = ("who_else_can_see", "hours", "code_word", "in_words")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of one address; what was not said is empty and leaves what is known as it is.

    ``large_print``: whether they want letters in it; None: they were not asked.
    """

    ok_for: Mapping[str, bool] = field(default_factory=dict)
    words: OkWords | None = None
    who_else_can_see: str = ""
    hours: str = ""
    code_word: str = ""
    in_words: str = ""
    large_print: bool | None = None


def keep(seal: Seal, who: Identity, said: Said, *, by: str, at: datetime, was_asked: bool = False) -> None:
    """Add it to what is known of this address.

    A sender's yes never undoes a no, whoever said the no: they may have been made to say it. ``was_asked``: a member
    of staff asked the person. That answer stands, and only a no is added to it by what anybody sends later; an address
    whose notices came back may be tried again.
    """
    known, old = _answers(who), hints_of(seal, who)
    staff_asked = who.asked_by not in (None, BY_SENDER)
    if was_asked or not staff_asked:
        new = {name: is_safe for name, is_safe in said.ok_for.items() if was_asked or known.get(name) is not False}
        who.ok_words = said.words or who.ok_words
        who.asked_by, who.asked_at, who.expires_at = by, at, at + SAFE_FOR
    else:
        new = {name: is_safe for name, is_safe in said.ok_for.items() if not is_safe}
    who.ok_for = json.dumps(known | new, sort_keys=True)
    if said.large_print is not None:
        who.large_print = said.large_print
    if was_asked and any(said.ok_for.values()):
        who.blocked_until, who.blocked_reason = None, None
    hints = {name: value for name in HINTS if (value := getattr(said, name))}
    hints = old | hints if was_asked or not staff_asked else hints | old
    if hints:
        who.sealed_safety = seal.close(json.dumps(hints).encode(), f"safety:{who.id}")


def _answers(who: Identity) -> dict[str, bool]:
    return {str(name): bool(is_safe) for name, is_safe in json.loads(who.ok_for).items()}


def hints_of(seal: Seal, who: Identity) -> dict[str, str]:
    """How to reach them safely, in the clear: whoever asks for a person records the read."""
    if who.sealed_safety is None:
        return {}
    return {
        str(name): str(value) for name, value in json.loads(seal.open(who.sealed_safety, f"safety:{who.id}")).items()
    }


def channels_of(given: Mapping[str, bool]) -> dict[str, bool]:
    """The answers by our names of the channels; raises KeyError with a name that is none."""
    named = {ALSO_CALLED.get(name, name): is_safe for name, is_safe in given.items()}
    for name in named:
        if name not in CHANNELS:
            raise KeyError(name)
    return named


__all__ = ["BY_SENDER", "CHANNELS", "HINTS", "Said", "channels_of", "hints_of", "keep"]

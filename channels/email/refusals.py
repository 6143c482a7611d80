"""What a relay's refusal of a mail means: for this address, for this mail, for a while, or for our own set-up.

Sources: RFC 5321 4.2 (reply codes), RFC 3463 and the IANA registry of enhanced status codes, RFC 6647 (greylisting).
Only the numbers are told on: the words of a relay often repeat the address.
"""

from __future__ import annotations

import re
from enum import StrEnum

import aiosmtplib

from channels.contract import SendError, SendFailed

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NO_RELAYING = re.compile(
    r"relay(ing)?( access)? (is )?(denied|prohibited|not)|(unable|not \w+|cannot) (to )?relay", re.I
)
_FIRST_PERMANENT = 500
_CLOSING = 421
_ITS_OWN_TROUBLE = frozenset({451, 452})
_NOT_UNDERSTOOD = frozenset({500, 501, 502, 503, 504, 521})
_NO_MAILBOX = frozenset({550, 551, 553, 556})
_NO_ROOM = 552
_PARAMETERS = 555


class Said(StrEnum):
    """To which of our commands the relay said no."""

    HELLO = "hello"  # connecting, greeting, signing in
    SENDER = "sender"
    RECIPIENT = "recipient"
    MAIL = "mail"


OURS = frozenset({523, 524, 530, 534, 535, 538})
"""Reply codes about how we sign in, to whichever command."""
DETAILS = {
    "1.7": SendError.NOT_SET_UP, "1.8": SendError.NOT_SET_UP,  # our sender's address
    "2.1": SendError.BAD_ADDRESS, "2.2": SendError.UNREACHABLE, "2.3": SendError.NOT_TAKEN,
    "3.4": SendError.NOT_TAKEN, "6.7": SendError.NOT_TAKEN,
    "4.1": SendError.UNREACHABLE, "4.4": SendError.UNREACHABLE, "4.7": SendError.UNREACHABLE,
    "7.8": SendError.NOT_SET_UP, "7.9": SendError.NOT_SET_UP, "7.11": SendError.NOT_SET_UP,
    "7.13": SendError.NOT_SET_UP, "7.0": SendError.BLOCKED,
    "7.28": SendError.THROTTLED,
}  # fmt: skip
"""By subject and detail of the enhanced code, where they say more than the subject alone."""
SUBJECTS = {
    "1": SendError.BAD_ADDRESS,
    "2": SendError.BAD_ADDRESS,
    "3": SendError.AWAY,
    "4": SendError.UNREACHABLE,
    "5": SendError.NOT_TAKEN,
    "6": SendError.NOT_TAKEN,
    "7": SendError.BLOCKED,
}
FOR_NOW = {
    SendError.BAD_ADDRESS: SendError.UNREACHABLE,
    SendError.BLOCKED: SendError.UNREACHABLE,  # greylisting, mostly
    SendError.NOT_TAKEN: SendError.UNREACHABLE,
}
"""What is for good with 5 at its front passes with 4."""
BUSY = frozenset({"3.2", "4.5", "5.3"})
"""The relay's own congestion: too much at once from us or from everybody."""


def refused(error: aiosmtplib.SMTPResponseException, said: Said) -> SendFailed:
    """The failure a refusal stands for."""
    found = _ENHANCED.search(str(error.message))
    if said is Said.RECIPIENT and _NO_RELAYING.search(str(error.message)):
        said = Said.SENDER
    reason = f"the relay answered {error.code} {found[1] if found else ''}".strip()
    return SendFailed(error=_meaning(error.code, found[1] if found else "", said), reason=reason)


def meaning_of_status(status: str) -> SendError:
    """What the enhanced status code of a returned mail says (RFC 3463); without one the address counts as blocked."""
    is_for_good = not status.startswith("4")
    return _meaning(550 if is_for_good else 450, status, Said.MAIL)


def meaning_of_code(code: int) -> SendError:
    """The same of a plain reply code that a returned mail quotes."""
    return _meaning(code, "", Said.RECIPIENT)


def _meaning(code: int, enhanced: str, said: Said) -> SendError:
    is_for_good = code >= _FIRST_PERMANENT
    detail = enhanced.partition(".")[2]
    if code in OURS:
        return SendError.NOT_SET_UP
    if said in (Said.HELLO, Said.SENDER):
        return _of_us(is_for_good=is_for_good, detail=detail)
    if not is_for_good:
        return _for_now(code, detail, said)
    if detail:
        return DETAILS.get(detail) or SUBJECTS.get(detail.partition(".")[0], SendError.BLOCKED)
    return _without_detail(code, said)


def _of_us(*, is_for_good: bool, detail: str) -> SendError:
    """The relay speaks of our connection or our sender's address, not of the recipient."""
    if not is_for_good:
        return SendError.THROTTLED if detail in BUSY or detail.startswith("7.") else SendError.AWAY
    return SendError.NOT_TAKEN if detail == "3.4" else SendError.NOT_SET_UP


def _for_now(code: int, detail: str, said: Said) -> SendError:
    is_its_own_trouble = code in _ITS_OWN_TROUBLE and said is Said.MAIL and not detail
    if code == _CLOSING or is_its_own_trouble:
        return SendError.AWAY
    if detail in BUSY:
        return SendError.THROTTLED
    told = DETAILS.get(detail) or SUBJECTS.get(detail.partition(".")[0])
    if told is None:
        return SendError.UNREACHABLE
    return FOR_NOW.get(told, told)


def _without_detail(code: int, said: Said) -> SendError:
    if code in _NOT_UNDERSTOOD:  # or it takes no mail at all
        return SendError.NOT_SET_UP
    if code == _NO_ROOM:
        return SendError.UNREACHABLE if said is Said.RECIPIENT else SendError.NOT_TAKEN
    if code in _NO_MAILBOX and said is Said.RECIPIENT:
        return SendError.BAD_ADDRESS
    return SendError.NOT_TAKEN if code == _PARAMETERS else SendError.BLOCKED

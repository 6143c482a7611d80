"""Reads news of a mail of ours that is told in words only: it came back, it is held up, or it is nothing of the kind.

Sources: the texts qmail, Exim, Postfix, sendmail, Exchange, Gmail, Yahoo and Outlook.com return, as they publish them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from channels.contract import SendError
from channels.email.answerable import looks_like_a_report, looks_like_an_absence
from channels.email.fields import raw_field
from channels.email.refusals import meaning_of_code, meaning_of_status
from channels.email.traits import Traits, local_part

STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w.]*\d)")
_CODE = re.compile(r"(?:^|[\s:<(\"])([45]\d\d)[ \-](?=\S)", re.MULTILINE)
_MAIL_SYSTEM = re.compile(r"(?:.*[._-])?(?:mailer-?daemon|mail-?daemon|mdaemon|mmdf|post-?master|microsoftexchange.*)")
_NOT_ARRIVED = re.compile(
    r"(?:could|can|was|were|has)(?:\s?not|n't)(?: be| been| able to be)? (?:deliver|sen[dt]\b|reach)|undeliver|"
    r"deliver\w{0,10}(?: to [^.\n]{0,200})? (?:has |have )?fail|fail\w{0,10} (?:to deliver|permanent)|"
    r"permanent(?:ly)? (?:fatal )?(?:error|fail)|unable to (?:deliver|relay)|(?:was|were)n't able to deliver|"
    r"return\w{0,10} to sender|unknown (?:user|recipient|address)|user unknown|"
    r"no such (?:user|address|mailbox|recipient|person)|"
    r"(?:address|mailbox|recipient|account|user)[^.\n]{0,60} (?:not found|does(?: not|n't) exist|couldn't be found|"
    r"rejected|unavailable|disabled|is full)|(?:message|mail) (?:was |has been |is )?(?:rejected|returned|blocked)|"
    r"did(?: not|n't) reach|not accept\w{0,10} (?:mail|messages)|over ?quota|quota exceeded|unzustellbar|"
    r"konnte nicht zugestellt|n'a pas pu être (?:remis|distribu)|no se (?:ha podido|pudo) entregar",
    re.IGNORECASE,
)
_HELD_UP = re.compile(
    r"not yet been delivered|has(?: not|n't) been delivered yet|"
    r"(?:delivery|message|mail)\w{0,10} (?:is |has been |was )?delayed|"
    r"will (?:continue|keep|retry|be retried|be tried|try)|is still (?:being tried|trying|in the queue)|"
    r"(?:do not|don't) need to (?:re-?send|do anything)|no action is required|this is (?:just )?a warning|"
    r"warning: (?:could not send|message)|delivery incomplete|\(delay\)",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"g[ia]ven? up|giving up|will not (?:be re|try|retry)|permanent(?:ly)? (?:error|fail)", re.IGNORECASE
)
_AWAY = re.compile(
    r"out of (?:the )?office|on (?:annual |maternity |sick |parental )?leave\b|on (?:holiday|vacation)|"
    r"(?:i'm|i am|currently|be) away|away (?:from|until)|back (?:in the office )?on|no longer (?:work|employ|with)|"
    r"automatic (?:reply|response)|auto-?reply|received your (?:e-?mail|message|request)|thank you for",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"(?:confirm|verify|prove)\w{0,10} (?:that )?you\b|(?:confirm|verify) your (?:e-?mail|message|address|identity)|"
    r"sender verification|approved senders?|add(?:ed)? to [^.\n]{0,30}(?:white|allow|safe)|white-?list|"
    r"(?:release|deliver) your message[^.\n]{0,80}(?:click|link|reply)|(?:click|reply)[^.\n]{0,80}(?:release|deliver)",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(r"(?:abuse|spam|fraud) (?:report|complaint)|complaint about", re.IGNORECASE)
_WITHOUT_MAILBOX = re.compile(r"no such (?:user|address|mailbox|person)|user unknown|unknown user|n[o']t exist", re.I)
_FULL = re.compile(r"over ?quota|quota exceeded|mailbox (?:is )?full", re.IGNORECASE)
_READ = 20_000


class Told(StrEnum):
    """What a mail without a part for programs says of ours."""

    RETURNED = "returned"
    HELD_UP = "held up"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Returned:
    """The news, the enhanced status code it quotes (empty without one), and what that says of the address."""

    told: Told
    status: str = ""
    error: SendError | None = None


def from_mail_system(traits: Traits) -> bool:
    """Whether it comes from what carries mail, not from somebody who writes it: a null sender or a postmaster."""
    writers = [*(box.address for box in traits.authors), traits.envelope_from or ""]
    return traits.null_sender or any(_MAIL_SYSTEM.fullmatch(local_part(each.strip("<> "))) for each in writers)


def read_returned(traits: Traits, *, has_copy: bool) -> Returned:
    """The news in this mail; ``has_copy``: it brings back the header or the id of a mail of ours.

    What answers in its owner's name (an absence, a demand to prove that one is a person) is no news of the mail, unless
    a mail system says so as well.
    """
    said = f"{traits.subject}\n{traits.text[:_READ]}"
    if traits.is_report and (looks_like_an_absence(traits.subject) or "message/feedback-report" in traits.part_types):
        return Returned(told=Told.NOTHING)
    if not _is_news(traits, said, has_copy=has_copy):
        return Returned(told=Told.NOTHING)
    status = status_in(said)
    if _HELD_UP.search(said) and not _GIVEN_UP.search(said):
        return Returned(told=Told.HELD_UP, status=status)
    if traits.is_report and not _NOT_ARRIVED.search(said) and not status.startswith("5"):
        return Returned(told=Told.HELD_UP, status=status)
    return Returned(told=Told.RETURNED, status=status, error=_error(said, status))


def status_in(text: str) -> str:
    """The first enhanced status code that says more than success; empty without one."""
    found = STATUS.findall(text)
    return next((each for each in found if not each.startswith("2")), found[0] if found else "")


def _is_news(traits: Traits, said: str, *, has_copy: bool) -> bool:
    if traits.is_report or raw_field(traits.message, "X-Failed-Recipients"):
        return True
    has_name = looks_like_a_report(traits.subject)
    speaks_of_it = bool(_NOT_ARRIVED.search(said) or _HELD_UP.search(said) or status_in(said).startswith("5"))
    if _CHALLENGE.search(said) or _COMPLAINT.search(traits.subject):
        return False
    if not from_mail_system(traits):
        return speaks_of_it and has_name
    is_certain = bool(_NOT_ARRIVED.search(said)) and status_in(said).startswith("5")
    if looks_like_an_absence(traits.subject) or (_AWAY.search(said) and not (is_certain or _has_daemon(traits))):
        return is_certain
    return speaks_of_it or has_name or has_copy


def _has_daemon(traits: Traits) -> bool:
    return any(_MAIL_SYSTEM.fullmatch(local_part(box.address)) for box in traits.authors if box.address)


def _error(said: str, status: str) -> SendError:
    if status:
        return meaning_of_status(status)
    if _FULL.search(said):
        return SendError.UNREACHABLE
    if _WITHOUT_MAILBOX.search(said):
        return SendError.BAD_ADDRESS
    code = _CODE.search(said)
    return meaning_of_code(int(code[1])) if code else SendError.BLOCKED

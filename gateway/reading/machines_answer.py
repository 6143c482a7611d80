"""Whether a mail that comes soon after an answer of ours reads like a machine's answer to it, though nothing marks it.

After RFC 3834 section 2 and what vacation responders, ticket systems and contact centres send (findings on mail, B4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from channels.contract import Inbound
from channels.email.quote_marks import FORWARDED, ORIGINAL
from gateway.budgets import Given

SOON = timedelta(hours=1)
"""Responders that fetch their mail every few minutes answer as late as that."""
_READ = 1500
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_OF_A_DESK = re.compile(
    r"thank(?:s| you) (?:very much )?for (?:your (?:e-?mail|message|enquiry|inquiry|request|contact)|contacting us|"
    r"e-?mailing|writing to us|getting in touch)|we(?: have|'ve)? (?:received|logged|registered|got) your|"
    r"we have your message(?! - [a-z]{3}-\d{4}-)|"
    r"your (?:e-?mail|message|request|enquiry|inquiry|ticket)(?: \S{1,20})? (?:has been|was|is) "
    r"(?:received|logged|registered|forwarded|important)|\b(?:ticket|request) (?:id|no|number|#)|"
    r"\[[a-z ]{0,10}#\w{1,20}\]|(?:automat(?:ic|ed)|auto) ?-?(?:repl|respon|answer|acknowledg)|"
    r"automatische antwort|r[ée]ponse automatique|respuesta autom",
    re.IGNORECASE,
)
_OF_WHO_IS_AWAY = re.compile(
    r"out of (?:the )?office|(?:i am|i'm|i will be|i shall be)(?: \w+)? (?:away|absent|on (?:\w+ )?leave|on holiday|"
    r"on vacation|out of)|i no longer work|no longer works? (?:here|for us)|mailbox is (?:no longer|not) |"
    r"i(?: have|'ve)? (?:received|got) your|"
    r"(?:we|i)(?: will|'ll| aim to| shall) (?:try to )?(?:respond|reply|get back|be in touch|answer)|"
    r"ich bin (?:\w+ ){0,4}(?:abwesend|im urlaub|nicht im b[üu]ro)|je suis (?:\w+ )?(?:absent|en vacances)|"
    r"estoy (?:\w+ )?(?:de vacaciones|fuera de la oficina)|sono (?:\w+ )?in ferie|ik ben (?:\w+ )?afwezig",
    re.IGNORECASE,
)
"""All of them speak of the answer or of who wrote it: "keep him away" and "incident 4711" are people's words."""


def sounds_like_a_desk(inbound: Inbound) -> bool:
    """Whether it reads like the acknowledgement of a ticket system or a contact centre."""
    return bool(_OF_A_DESK.search(_own_words(inbound)))


def answers_soon(inbound: Inbound, given: Sequence[Given], at: datetime) -> bool:
    """Whether this mail, come at this time, follows an answer of ours and reads like an automatic one.

    ``given``: our automatic answers to this address. Who merely writes twice says something else.
    """
    if not any(timedelta(0) <= at - each.at <= SOON for each in given):
        return False
    return sounds_like_a_desk(inbound) or bool(_OF_WHO_IS_AWAY.search(_own_words(inbound)))


def _own_words(inbound: Inbound) -> str:
    """Without what is quoted or forwarded: that may be a notice of ours, which reads like a desk's answer itself."""
    lines = _QUOTED.sub("", inbound.new_words[:_READ]).split("\n")
    own = takewhile(lambda line: not (FORWARDED.match(line) or ORIGINAL.fullmatch(line)), lines)
    return "\n".join([inbound.subject, *own])

"""The language a caller wants to be spoken to in, where a call taker wrote it down in words."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from sqlmodel import Session

from channels.contract import Inbound
from gateway import languages
from gateway.reading.of_a_call import READ_IT
from gateway.staff.language_names import NAMES
from storage import audit
from storage.referral import Referral, State

TO_SPEAK_WITH_THEM = (
    "Read it and decide who acts; to speak with them find an interpreter for {language}, never a family member or a"
    " child"
)
ALSO_CALLED = {
    "farsi": "fa", "dari": "fa", "panjabi": "pa", "mandarin": "zh", "cantonese": "zh", "filipino": "tl",
    "kiswahili": "sw", "castilian": "es", "moldovan": "ro", "flemish": "nl",
}  # fmt: skip
OURS = "en"
_WORD = re.compile(r"[^\W\d_]+")
_NO_ENGLISH = re.compile(
    r"\b(?:no|not|isn['’]?t|without|little|limited|poor|bad|broken|basic|hardly|don['’]?t|doesn['’]?t|cannot|can['’]?t)"
    r"(?:\s+\w+){0,2}?\s+english\b|\benglish(?:['’]s|\s+is)?\s+(?:poor|limited|bad|broken|basic|weak|not\s+good)\b",
    re.IGNORECASE,
)
_NONE_NEEDED = re.compile(
    r"\b(?:no|not?\s+need(?:ed|s|ing)?|without|doesn['’]?t\s+(?:need|want)|does\s+not\s+(?:need|want))"
    r"(?:\s+(?:an|any|for|a))*\s+interpreter\b|\binterpreter\s+(?:is\s+)?not\b|\bnot\s+needed\b",
    re.IGNORECASE,
)


def heed(session: Session, row: Referral, inbound: Inbound, now: datetime) -> None:
    """The referral is in that language from now on: as if it had been chosen by key, and never in place of that.

    A call taker who says so puts it in place of another, and the history tells.
    """
    said = language_in(inbound.facts.get("interpreter", ""))
    is_instead = inbound.facts.get("language_instead") == "yes"
    if not said or said == row.language or (row.language and not is_instead):
        return
    if row.language:
        before, after = languages.name_of(row.language), languages.name_of(said)
        what = f"Language: {after} instead of {before}, as they told a call taker"
        audit.record(session, at=now, who="frontdoor", what=what, referral_id=row.id)
    row.language = said
    if row.state == State.RECEIVED and row.next_action == READ_IT:
        row.next_action = TO_SPEAK_WITH_THEM.format(language=languages.name_of(said))
    session.add(row)


def language_in(words: str) -> str:
    """ISO 639-1 of the first language that is named; empty where that is English, none, or no interpreter is needed.

    English that is not spoken, or only a little, is not the one they want.
    """
    meant = _WORD.findall(_NO_ENGLISH.sub(" ", words).casefold())
    named = [_codes()[word] for word in meant if word in _codes()]
    if not named or named[0] == OURS or _NONE_NEEDED.search(words):
        return ""
    return named[0]


@cache
def _codes() -> dict[str, str]:
    """Every name we know a language by, those we ask in on the phone included."""
    known = {name.casefold(): code for code, name in NAMES.items()}
    return known | ALSO_CALLED | {each.name.casefold(): each.code for each in languages.languages()}

"""Checks every wording against what it must and must not say, and names the file that breaks a rule."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime

from jinja2 import meta

from gateway.languages import language_faults
from gateway.notice_fields import SUFFIXES, NoticeFields, values_of
from gateway.reading_age import readability
from gateway.reference import EXAMPLE
from gateway.wording_required import ABOUT_A_REFERENCE, FOR_PROFESSIONALS, REQUIRED, TO_STAFF, WITHOUT_999
from gateway.words import SANDBOX, Rendered, WordingFault, Words

OLDEST_READER = {False: 9.0, True: 12.0}
LONGEST_SENTENCE = {False: 24, True: 30}
"""By whether the reader is a professional: years, and words."""
SAID_TOKEN = re.compile(r"\{\{-?\s*(\w+)")
DANGER = re.compile(r"\b9 ?9 ?9\b")
NEVER_SAID = re.compile(
    r"\b(?:guarante\w*|in (?:\w+ )?confidence|confidential\w*|anonymous\w*|no(?:body| one) will (?:ever )?know"
    r"|soon|shortly|in due course|asap)\b",
    re.IGNORECASE,
)
NEVER_SAID_DISCREETLY = re.compile(
    r"\b(?:child\w*|kids?|bab(?:y|ies)|pupils?|parent\w*|mothers?|mums?|fathers?|dads?|famil\w*|school\w*|nurser\w*"
    r"|social|safeguard\w*|protecti\w*|welfare|abus\w*|neglect\w*|harm\w*|violen\w*|hit|hurt\w*|police"
    r"|council\w*|referr\w*|report\w*|allegation\w*|concerns?|case)\b",
    re.IGNORECASE,
)
DISCREET = (".sms", ".email-discreet")
"""Whoever sees these may be whom the sender fears."""
ONLY_TOKEN_OF_A_SUBJECT = frozenset({"reference"})
TOKENS_OF_A_DISCREET_TEXT = frozenset({"reference", "phone", "text_number"})
"""Beside times and what is only asked about: no value that somebody typed stands where others may see it."""
LONGEST_TIME = datetime(2026, 9, 23, 9, 45, tzinfo=UTC)
"""No time takes more letters than 10:45am on Wednesday 23 September."""

EVERYTHING_KNOWN = NoticeFields(
    reference=EXAMPLE,
    received=LONGEST_TIME,
    read_by=LONGEST_TIME,
    next_notice_by=LONGEST_TIME,
    answer_by=LONGEST_TIME,
    promised=LONGEST_TIME,
    new_time=LONGEST_TIME,
    opens=LONGEST_TIME,
    made=LONGEST_TIME,
    passed=LONGEST_TIME,
    due=LONGEST_TIME,
    what_we_got="1 email and 2 photos",
    code="4821",
    safe_channel="by text",
    question="Which street do they live in?",
    worker="Sam Example",
    other_council="Southshire Council",
    other_phone="01632 960 555",
    other_reference="55120",
    decision="We will start an assessment under section 17 of the Children Act 1989.",
    made_by="Sam Example",
    agreed_by="Jo Example",
    reasons="The concerns meet level 4 of our levels of need guide.",
    next_steps="The assessment team will call you by 26 November.",
    our_request="Keep in touch with the family as you do now.",
    undelivered="looked at",
    what_failed="The number is not in use.",
    ways_left="email",
    role="assistant director",
    says="three quarters of its time are gone",
    task="take it, or give it to somebody",
    act_by=LONGEST_TIME,
    link=f"https://frontdoor.example.org/referrals/{EXAMPLE}",
    acts=True,
    duty=True,
    texts=True,
    nameless=True,
    again=True,
    told_outcome=True,
    is_child=True,
    unrecorded=True,
    language="Ukrainian",
)
TIMES = tuple(f.name for f in fields(NoticeFields) if isinstance(getattr(EVERYTHING_KNOWN, f.name), datetime))
LITTLE_KNOWN = replace(
    EVERYTHING_KNOWN,
    code=None,
    safe_channel=None,
    question=None,
    worker=None,
    other_reference=None,
    agreed_by=None,
    other_phone=None,
    reasons=None,
    our_request=None,
    acts=False,
    ways_left=None,
    duty=False,
    texts=False,
    nameless=False,
    again=False,
    told_outcome=False,
    is_child=False,
    unrecorded=False,
    language=None,
)
"""What may be unknown when a notice is written: a wording asks before it says any of these."""


def faults(words: Words) -> list[WordingFault]:
    """Every rule broken by these wordings, by file; none when they may be used."""
    names = sorted(REQUIRED.keys() | {file.removesuffix(".txt") for file in words.wordings})
    return [fault for name in names for fault in faults_of(words, name)] + language_faults()


def faults_of(words: Words, name: str) -> list[WordingFault]:
    """Every rule broken by one wording, named by kind and medium as in `receipt.sms`."""
    return [WordingFault(f"{name}.txt", what) for what in dict.fromkeys(_broken(words, name))]


def _broken(words: Words, name: str) -> Iterator[str]:
    wording = words.wordings.get(f"{name}.txt")
    if wording is None:
        yield "is missing"
        return
    yield from (f"says “{found[0]}”" for found in NEVER_SAID.finditer(wording.source))
    used = meta.find_undeclared_variables(SANDBOX.parse(wording.source))
    yield from (f"does not say {{{{ {token} }}}}" for token in REQUIRED.get(name, "").split() if token not in used)
    known = words.about_us.keys() | values_of(EVERYTHING_KNOWN).keys() | {"text_number"}
    yield from (f"uses {{{{ {token} }}}}, which nobody fills in" for token in sorted(used - known))
    if name not in TO_STAFF:
        yield from _shown(wording.source, name)
    if used <= known:
        yield from (fault for told in (EVERYTHING_KNOWN, LITTLE_KNOWN) for fault in _said(words, name, told))


def _shown(source: str, name: str) -> Iterator[str]:
    """What a text or a subject says of the values a notice has, where others may see it."""
    subject = source.partition("\n")[0] if source.startswith("Subject:") else ""
    told = _said_tokens(subject) - ONLY_TOKEN_OF_A_SUBJECT
    if name.endswith(DISCREET):
        times = {time + suffix for time in TIMES for suffix in SUFFIXES}
        told |= _said_tokens(source) - TOKENS_OF_A_DISCREET_TEXT - times
    if name in ABOUT_A_REFERENCE:
        told |= _said_tokens(source)
    yield from (f"says {{{{ {token} }}}} where others may see it" for token in sorted(told))


def _said_tokens(source: str) -> set[str]:
    return set(SAID_TOKEN.findall(source))


def _said(words: Words, name: str, told: NoticeFields) -> Iterator[str]:
    kind, _, medium = name.partition(".")
    try:
        said = words.render(kind, medium, told)
    except WordingFault as fault:
        yield fault.what
        return
    is_discreet = f".{medium}" in DISCREET or name in ABOUT_A_REFERENCE
    yield from _banned(words, said, is_discreet=is_discreet)
    if name not in WITHOUT_999 and not DANGER.search(said.text):
        yield "does not say 999"
    if medium.startswith("email") and not said.subject:
        yield "has no Subject: line"
    yield from _too_hard(said.text, professional=name in FOR_PROFESSIONALS)


def _banned(words: Words, said: Rendered, *, is_discreet: bool) -> Iterator[str]:
    yield from (f"says “{found[0]}”" for found in NEVER_SAID.finditer(said.text))
    discreet = f"{said.subject or ''}\n{said.text}" if is_discreet else said.subject or ""
    yield from (f"says “{found[0]}” where others may see it" for found in NEVER_SAID_DISCREETLY.finditer(discreet))
    if words.organisation.casefold() in discreet.casefold():
        yield "names the organisation where others may see it"


def _too_hard(text: str, *, professional: bool) -> Iterator[str]:
    measured = readability(text)
    if measured.age > OLDEST_READER[professional]:
        yield f"is for readers of {measured.age:.1f}: at most {OLDEST_READER[professional]:.0f}"
    if measured.longest_sentence > LONGEST_SENTENCE[professional]:
        yield f"has a sentence of {measured.longest_sentence} words: at most {LONGEST_SENTENCE[professional]}"

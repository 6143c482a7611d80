"""Words in their context: whether what a rule found is denied, long past, a figure of speech, or of a film."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from gateway.proposing.contract import Said
from gateway.suggesting.rules.idioms import IDIOMS

MOST = 60_000
REACH = 7  # words before a match in which a denial counts
_SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "\xa0": " ", "\t": " ", "\r": " "})
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n{2,}|\n(?=[A-Z•*\-])|;")
_CLAUSE = re.compile(r",|:| - | – |\b(?:but|because|although|though|however|until|so|whereas|yet|except)\b")
_NO = re.compile(
    r"\b(?:no|not|never|without|nor|neither|nobody|none|cannot|deny|denies|denied|denying|rather than|instead of|"
    r"unlikely to|stopped|refuses? to say|doesn't|isn't)\b|n't\b|\b(?:dont|doesnt|didnt|isnt|wasnt|hasnt|havent|wont|"
    r"cant|arent|werent|aint)\b"
)
_NO_DENIAL = re.compile(
    r"\b(?:not only|not just|no doubt|no wonder|not sure (?:if|whether)|(?:do not|don't|dont) know (?:if|whether|what|"
    r"why|how)|can(?:not|'t| not) rule out|not the first time|never stops?|(?:can't|cannot|won't|doesn't|not|"
    r"n't) stop\w*|"
    r"not safe|no longer safe|not okay|not ok|not right|no idea|nobody (?:knows|cares|is doing|does|did|helps?|has)|"
    r"no one (?:knows|cares|is doing|does|did|helps?|has)|never without|not without|can't (?:cope|take|go)|why not|"
    r"not (?:coping|well|himself|herself)|not at (?:school|home)|"
    r"(?:can't|cannot|could not|couldn't) (?:believe|bear|sleep|stand)|not been (?:at|in) school|no less|not long)\b"
)
_SECRET = re.compile(r"(?:not|never) to (?:say|tell|talk|mention|speak|let)|n't (?:say|tell|talk|mention|speak)")
_AFTER = re.compile(
    r"^[^.!?\n]{0,60}\b(?:(?:is|was|are|were)(?: not|n't) (?:true|the case)|not true|untrue|made (?:it|that|this) up|"
    r"false alarm|ruled out|unfounded|no longer (?:does|do|happens|the case)|(?:turned out|found) to be (?:nothing|"
    r"false)|"
    r"(?:did not|didn't|has not|hasn't|never) happen\w*|only joking|was joking|was a joke|is a joke|as a joke)\b"
)
_PAST = re.compile(
    r"\b(?:(?:\d+|a few|several|many|some|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|couple of) "
    r"(?:years|yrs|months|decades) (?:ago|back|earlier)|(?:years|a year|a long time|long|decades) ago|years back|"
    r"last year|(?:back )?in (?:19\d\d|20[01]\d|202[0-4])|(?:the )?(?:19|20)\d0s|as a (?:child|kid|teenager|boy|girl|"
    r"baby)|"
    r"when (?:i|he|she|they|we) (?:was|were) (?:a |an )?(?:child|children|kid|kids|little|small|young|younger|"
    r"teenagers?|"
    r"at school|\d+)|in (?:my|his|her|their) (?:childhood|youth)|used to|histor(?:y of|ic|ical|ically)|in the past|"
    r"previously|(?:my|his|her) (?:late|dead) (?:father|mother)|many years)\b"
)
_NOW = re.compile(
    r"\b(?:still|again|now|today|tonight|this (?:morning|afternoon|evening|week)|just|currently|at the moment|"
    r"at this moment|as we speak|yesterday|last night|keeps|on ?going|these days)\b"
)
_RIGHT_NOW = re.compile(
    r"\b(?:now|right now|happening|as we speak|at the moment|at this (?:moment|minute)|currently|tonight|"
    r"while i (?:speak|write|type)|can hear|hurry|quick(?:ly)?|please come|help (?:me|us|her|him|them))\b"
)
_TOLD_OF = re.compile(
    r"\b(?:(?:in|on|from|watch\w*|play\w*|saw|seen|reading|read) (?:(?:a|an|the|his|her|their|some|that|this|my|our) )?"
    r"(?:\w+ ){0,2}?(?:film|films|movie|movies|telly|tv|television|video games?|games?|fortnite|minecraft|roblox|"
    r"call of duty|cartoon|drama|soap|eastenders|book|novel|comic|song|podcast|documentary|news|netflix|youtube video|"
    r"school play|pantomime|xbox|playstation|story)|"
    r"(?:training|leaflets?|courses?|lessons?|assembly|posters?|workshops?|webinar|seminar|conference|policy|policies|"
    r"essay|homework|dissertation|research|campaign|guidance|article|questionnaire|survey|helpline|charity|talk|"
    r"information|advice|awareness)(?: \w+){0,3} (?:on|about|for|against|around|of|into|covering|in)|halloween|"
    r"fancy dress|costume|dream(?:t|ed|s)?|nightmares?|pretend\w*|make[- ]believe|hypothetically|for example|"
    r"in theory|role[- ]?play)\b"
)
_AWARE = re.compile(
    r"^(?:'s)? ?(?:\w+ ){0,2}?(?:awareness|training|policy|leaflet|lesson|course|week|charity|helpline)\b"
)
_IF = re.compile(
    r"\b(?:if (?:he|she|they|i|we|it|you|there|someone|anyone|a child) (?:ever |had |has |have |were |was |is |"
    r"does )|if (?:you|anyone|someone|anybody|somebody) |what if|in case|unless|would never|'d never|wouldn't)"
)


class Standing(StrEnum):
    """How what was found stands in its context."""

    NOW = "now"
    TOLD = "told"  # as something that happens or happened lately
    PAST = "past"
    NOTHING = "nothing"  # denied, a figure of speech, of a film or a lesson, or only if


@dataclass(frozen=True, kw_only=True)
class Context:
    """A text in small letters, sign for sign as it came; what is quoted or a signature is blank."""

    said: Said

    @cached_property
    def flat(self) -> str:
        """The text that rules look at."""
        text = self.said.text[:MOST]
        signs = [low if len(low := sign.lower()) == 1 else sign for sign in text.translate(_SIGNS)]
        for start, end in (*self.said.apart, *self.said.signed):
            signs[start:end] = "\n" * len(signs[start:end])
        return re.sub(r"(?<!\n)\n(?![\n])", " ", "".join(signs)) if self._is_wrapped(text) else "".join(signs)

    @cached_property
    def idioms(self) -> tuple[tuple[int, int], ...]:
        """Where figures of speech stand."""
        return tuple(match.span() for match in IDIOMS.finditer(self.flat))

    def standing(self, start: int, end: int, *, secrets_deny: bool = True) -> Standing:
        """How the characters from ``start`` to ``end`` stand.

        ``secrets_deny``: that somebody was told never to say it denies it; of abuse it does not.
        """
        if any(first < end and start < last for first, last in self.idioms):
            return Standing.NOTHING
        sentence = self._sentence(start, end)
        clause = self._clause_before(start, sentence[0])
        before, after = self.flat[clause:start], self.flat[end : sentence[1]]
        if self._is_denied(before, secrets_deny=secrets_deny) or _AFTER.search(after):
            return Standing.NOTHING
        around = self.flat[clause : self._clause_end(end, sentence[1])]
        if _TOLD_OF.search(around) or _AWARE.search(after.lstrip()[:60]) or _IF.search(before):
            return Standing.NOTHING
        whole = self.flat[sentence[0] : sentence[1]]
        if _PAST.search(whole) and not _NOW.search(around):
            return Standing.PAST
        return Standing.NOW if _RIGHT_NOW.search(whole) else Standing.TOLD

    def sentence_at(self, start: int, end: int) -> str:
        """The sentence around it."""
        first, last = self._sentence(start, end)
        return self.flat[first:last]

    def _is_wrapped(self, text: str) -> bool:
        """Whether its lines were broken by their length."""
        lengths = [len(line) for line in text.split("\n") if line.strip()]
        return len(lengths) > 2 and sorted(lengths)[len(lengths) // 2] > 50

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        first = 0
        for stop in _SENTENCE.finditer(self.flat, max(0, start - 400), start):
            first = stop.end()
        stop_after = _SENTENCE.search(self.flat, end, end + 400)
        return max(first, start - 400), stop_after.start() if stop_after else min(len(self.flat), end + 400)

    def _clause_before(self, start: int, first: int) -> int:
        clause = first
        for stop in _CLAUSE.finditer(self.flat, first, start):
            clause = stop.end()
        return clause

    def _clause_end(self, end: int, last: int) -> int:
        stop = _CLAUSE.search(self.flat, end, last)
        return stop.start() if stop else last

    def _is_denied(self, before: str, *, secrets_deny: bool) -> bool:
        reached = " ".join(before.split()[-REACH - 4 :])
        cleared = _NO_DENIAL.sub(lambda found: "x" * len(found[0]), reached)
        for denial in _NO.finditer(cleared):
            if not secrets_deny and _SECRET.search(cleared[denial.start() :]):
                continue
            if len(cleared[denial.end() :].split()) <= REACH + (3 if _SECRET.search(cleared) else 0):
                return True
        return False


def denies(words: str) -> bool:
    """Whether words of a text in small letters say no."""
    return _NO.search(words) is not None

"""What somebody meant by what they typed into the search box: words, names, numbers, codes, days, a reference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from channels.contract import Address, AddressClass
from channels.numbers import address_of
from gateway import reference
from gateway.addresses import as_typed
from storage.searching_asked import Term, Wanted
from storage.searching_words import ENDS, LEAST_PART, NUMBER, POSTCODE, days, ends_with, folded, national, on, written

LONGEST = 400
MOST_TERMS = 12
LEAST_BEGINNING, LEAST_DIGITS = 3, 4
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]?")
NAMED_END = re.compile(r"\bend(?:s|ing)?(?: with| in)? (\d[\d ]{2,14})(?!\w)", re.IGNORECASE)
MAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;.\"]+")
PART_OF_REFERENCE = re.compile(r"([a-z2]{3})[ -]?([2346789zbgat]{1,4})[ -]?([a-z2]{0,2})", re.IGNORECASE)
DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
SPELT_DAY = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? [a-z]{3,9}\.?,?|[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,?) \d{4}(?!\d)",
    re.IGNORECASE,
)
POSSESSIVE = re.compile(r"['’ʼ`´‘]s\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Meant:
    """``exactly`` asks for whole words; ``wider`` also for longer ones that begin so, None where that is the same.

    ``reference`` is a whole one, if one was typed; ``is_only_reference``: and nothing else. ``addresses`` are numbers
    and mail addresses, by which who told us can be found. ``words`` are those to be marked in what is found.
    """

    exactly: Wanted = field(default_factory=lambda: Wanted(all_of=()))
    wider: Wanted | None = None
    reference: str | None = None
    is_only_reference: bool = False
    addresses: tuple[Address, ...] = ()
    words: tuple[str, ...] = ()


def meant(typed: str) -> Meant:
    """Whatever is typed means something or nothing: there is no wrong way."""
    said = cleaned(typed)
    known = reference.parse(said)
    if known:
        return Meant(reference=known, is_only_reference=True)
    taken = _Taken(said)
    groups = [*taken.groups(), *_words(taken.rest)][:MOST_TERMS]
    part = _part_of_reference(said)
    exactly = tuple((each,) for each in groups)
    wider = tuple(_begun(each) for each in groups)
    if part is not None:
        return Meant(
            exactly=Wanted(all_of=((part,),)), wider=Wanted(all_of=wider, but_not=((part,),)), words=_to_mark(groups)
        )
    quoted = reference.find_in(said)
    return Meant(
        exactly=Wanted(all_of=exactly),
        wider=Wanted(all_of=wider, but_not=exactly) if wider != exactly else None,
        reference=quoted[0] if quoted else None, addresses=tuple(taken.addresses), words=_to_mark(groups),
    )  # fmt: skip


def cleaned(typed: str) -> str:
    """One line without what nobody sees, and no longer than anybody means."""
    seen = "".join(" " if unicodedata.category(sign) in INVISIBLE else sign for sign in typed[: 4 * LONGEST])
    return " ".join(seen.split())[:LONGEST]


class _Taken:
    """Takes what has a form of its own out of the line; ``rest`` is what is left of it."""

    def __init__(self, said: str) -> None:
        self.rest = said
        self.addresses: list[Address] = []

    def groups(self) -> Iterator[Term]:
        """The terms for what was taken."""
        yield from self._each(QUOTED, lambda found: _phrase(found[1]))
        yield from self._each(MAIL, self._mail)
        yield from self._each(NAMED_END, _end)
        yield from self._each(DAY, _day)
        yield from self._each(SPELT_DAY, _day)
        yield from self._each(NUMBER, self._number)
        yield from self._each(
            re.compile(POSTCODE.pattern, re.IGNORECASE), lambda found: Term(words=(folded(found[1] + found[2]),))
        )

    def _each(self, form: re.Pattern[str], meaning: Callable[[re.Match[str]], Term | None]) -> Iterator[Term]:
        terms: list[Term] = []

        def take(found: re.Match[str]) -> str:
            term = meaning(found)
            if term is None:
                return found[0]
            terms.append(term)
            return " "

        self.rest = form.sub(take, self.rest)
        yield from (term for term in terms if term.words)

    def _mail(self, found: re.Match[str]) -> Term | None:
        if address := as_typed(found[0]):
            self.addresses.append(address)
        return _phrase(found[0])

    def _number(self, found: re.Match[str]) -> Term | None:
        digits = national(found[0])
        if not digits:
            return None
        address = address_of(found[0] if found[0].startswith("+") else digits)
        if address.kind not in (AddressClass.NONE, AddressClass.WITHHELD):
            self.addresses.append(address)
        return Term(words=(digits,))


def _phrase(said: str) -> Term:
    return Term(words=written(said).words)


def _end(found: re.Match[str]) -> Term:
    return Term(words=(ends_with("".join(filter(str.isdigit, found[1]))),), begins=True)


def _day(found: re.Match[str]) -> Term | None:
    day = next(days(folded(found[0])), None)
    return Term(words=(on(day),)) if day else None


def _words(rest: str) -> list[Term]:
    """Each word once; a single letter says something only where nothing else does."""
    words = list(dict.fromkeys(written(POSSESSIVE.sub("", rest)).words))
    longer = [word for word in words if len(word) > 1 or word.isdigit()]
    return [Term(words=(word,)) for word in longer or words]


def _begun(term: Term) -> tuple[Term, ...]:
    """The word, or one that begins so; of numbers at least four digits."""
    word = term.words[-1]
    least = LEAST_DIGITS if word.isdigit() else LEAST_BEGINNING
    if len(term.words) > 1 or term.begins or len(word) < least or any(map(str.isdigit, word)) != word.isdigit():
        return (term,)
    return (Term(words=term.words, begins=True),) if word else (term,)


def _part_of_reference(said: str) -> Term | None:
    """Such as KMR 47: the first letters and at least one digit of one."""
    found = PART_OF_REFERENCE.fullmatch(said)
    if found is None or not any(map(str.isdigit, found[2])):
        return None
    return Term(words=("".join(found.groups()).casefold(),), begins=True)


def _to_mark(groups: list[Term]) -> tuple[str, ...]:
    """The words as they may stand in a text, the longest first."""
    words = [word for term in groups for word in term.words if len(word) >= LEAST_PART or word.isdigit()]
    plain = [word.removeprefix(ENDS)[::-1] if word.startswith(ENDS) else word for word in words]
    return tuple(sorted(dict.fromkeys(plain), key=len, reverse=True))

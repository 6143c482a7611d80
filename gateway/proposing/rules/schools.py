"""Finds schools, nurseries and doctors' surgeries by their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.proposing.rules.prepared import Prepared, Token
from gateway.proposing.rules.vocabulary import DAYS, MONTHS, ORDINARY, set_of

_SCHOOLS = set_of("school academy college nursery pre-school preschool playgroup juniors infants primary")
_DOCTORS = frozenset({"surgery", "practice"})
_CENTRES = frozenset({"medical", "health", "children"})  # before "centre"
_LAST = _SCHOOLS | _DOCTORS | {"centre"}
_KINDS = set_of(
    "primary junior infant infants secondary high grammar community comprehensive nursery middle upper lower special "
    "boys girls family medical group health sixth children"
)
_LINKS = frozenset({"of", "and", "the"})
_NO_OWN = (
    ORDINARY
    | DAYS
    | MONTHS
    | set_of("attended attends pupil class year notification head teacher deputy assistant sent before after general")
)
_AT = frozenset({"at", "attends", "to", "from"})
MOST_WORDS = 7
SURE, SMALL = 0.85, 0.55


@dataclass(frozen=True, kw_only=True)
class Place:
    """The name of a school or of a doctor's surgery at a place."""

    start: int
    end: int
    sure: float
    is_doctor: bool = False


def schools_in(ready: Prepared) -> list[Place]:
    """Schools and surgeries in the order they stand."""
    found: list[Place] = []
    for last, word in enumerate(ready.words):
        if word.plain not in _LAST:
            continue
        is_doctor = word.plain in _DOCTORS or _is_centre(ready, last, _CENTRES - {"children"})
        if not is_doctor and word.plain not in _SCHOOLS and not _is_centre(ready, last, frozenset({"children"})):
            continue
        is_small = ready.flowing[word.start].islower()
        first = _small_name(ready, last) if is_small else _own_name(ready, last)
        if first is None or _goes_on(ready, last):
            continue
        start = ready.words[first].start
        while found and start <= found[-1].start:
            found.pop()
        if not found or start >= found[-1].end:
            sure = SMALL if is_small else SURE
            found.append(Place(start=start, end=word.end, sure=sure, is_doctor=is_doctor))
    return found


def _is_centre(ready: Prepared, place: int, kinds: frozenset[str]) -> bool:
    return place > 0 and ready.words[place].plain == "centre" and ready.words[place - 1].plain in kinds


def _goes_on(ready: Prepared, last: int) -> bool:
    """Whether the next word belongs to it: the name ends there, or it is a school nurse."""
    if last + 1 >= len(ready.words):
        return False
    word, after = ready.words[last], ready.words[last + 1]
    if ready.flowing[word.end : after.start] != " " or not ready.flowing[after.start].isupper():
        return False
    return not ready.is_capitals and after.plain not in ORDINARY and after.plain in _SCHOOLS | {"nurse", "road"}


def _before(ready: Prepared, last: int) -> Iterator[tuple[int, Token]]:
    """The words right before one, from the last, as long as only a blank is between them."""
    after = ready.words[last]
    for place in range(last - 1, max(-1, last - 1 - MOST_WORDS), -1):
        word = ready.words[place]
        if ready.flowing[word.end : after.start] not in (" ", ". "):
            return
        yield place, word
        after = word


def _own_name(ready: Prepared, last: int) -> int | None:
    """Where its own name begins: behind the last ordinary word, such as "at"; None where it has none."""
    first = None
    for place, word in _before(ready, last):
        if word.plain in _LINKS and first is not None and not ready.is_capitals:
            continue
        if first is None and word.plain in _KINDS:
            continue
        if not ready.flowing[word.start].isupper() or word.plain in _NO_OWN:
            break
        first = place
    return first


def _small_name(ready: Prepared, last: int) -> int | None:
    """In texts, where nobody writes capitals: what stands between "at" and "school"."""
    first = None
    for place, word in _before(ready, last):
        if word.plain in _AT:
            return first
        if word.plain in _NO_OWN:
            return None
        first = place if word.plain not in _KINDS or first is not None else first
    return None

"""The one gate between whatever suggests from words and what is kept: literal words, known values, limits."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gateway.proposing.contract import Said
from gateway.storable import clean
from gateway.suggesting.contract import Suggested, Suggester
from gateway.suggesting.factors import Factor
from gateway.suggesting.rules import Rules
from storage.referral import Kind, Severity
from storage.suggestion import About

log = logging.getLogger(__name__)
MOST, LONGEST = 40, 300
VALUES: dict[About, frozenset[str]] = {
    About.SEVERITY: frozenset(set(Severity) - {Severity.UNRATED}),
    About.KIND: frozenset(Kind),
    About.FACTOR: frozenset(Factor),
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """A suggestion that passed the gate, and what made it, with its version."""

    suggested: Suggested
    extractor: str


def suggesters() -> Sequence[Suggester]:
    """In the order they are asked; what an earlier one found is not suggested again. A model is one more line."""
    return (Rules(),)


class Gate:
    """Asks each in turn; one that falls over suggests nothing."""

    def __init__(self, asked: Sequence[Suggester]) -> None:
        self._asked = asked

    def found_in(self, said: Said) -> tuple[Found, ...]:
        """What may be kept, the gravest first (blocks; never raises)."""
        kept: list[Found] = []
        known: set[tuple[str, str, int]] = set()
        for suggester in self._asked if said.text.strip() else ():
            for each in _allowed(said, _tolerantly(suggester, said)):
                key = (each.about, each.rule, each.start)
                if key not in known:
                    known.add(key)
                    kept.append(Found(suggested=each, extractor=clean(suggester.name_and_version)[:60]))
        return tuple(kept[:MOST])


def _tolerantly(suggester: Suggester, said: Said) -> Sequence[Suggested]:
    try:
        return tuple(suggester.suggest(said))
    except Exception as error:  # whatever a model does, the words are kept and shown without it
        log.warning("%s suggested nothing: %s", type(suggester).__name__, type(error).__name__)
        return ()


def _allowed(said: Said, suggestions: Sequence[Suggested]) -> Iterator[Suggested]:
    for each in suggestions[: 10 * MOST]:
        try:
            stands = said.text[each.start : each.end] == each.words and 0 <= each.start < each.end
            is_known = each.value in VALUES[About(each.about)]
            if stands and is_known and each.words.strip() and len(each.words) <= LONGEST:
                yield replace(each, rule=clean(each.rule)[:60], says=clean(each.says)[:200])
        except (TypeError, ValueError, AttributeError):
            continue

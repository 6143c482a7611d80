"""The one gate between whatever proposes values and the claims: literal words, limits, and nobody waits for long."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from gateway.proposing.contract import Proposed, Proposer, Said
from gateway.storable import clean
from storage.claim import Entity

log = logging.getLogger(__name__)
MOST = 100  # values of one text: a reader settles no more
LONGEST_WORDS, LONGEST_VALUE = 400, 300
SECONDS = 10.0
OPEN_ENTITIES = frozenset({Entity.CHILD, Entity.PLACE, Entity.CONCERN})
_FIELD = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A value that passed the gate, and what proposed it, with its version."""

    proposed: Proposed
    extractor: str


class Gate:
    """Asks each proposer in turn, the rules first; what one finds where another found the same is left out.

    A proposer other than the first is asked in a thread of its own. One that is not back after ``seconds`` is left
    behind, and is not asked again while it is still at it.
    """

    def __init__(self, proposers: Sequence[Proposer], *, seconds: float = SECONDS) -> None:
        first, *others = proposers
        self._first = first
        self._others = [_Asked(each, seconds) for each in others]

    @property
    def asks_others(self) -> bool:
        """Whether there is more than the first."""
        return bool(self._others)

    def found_in(self, said: Said) -> tuple[Found, ...]:
        """What may be kept, in the order it stands (blocks; never raises)."""
        if not said.text.strip():
            return ()
        others = [(asked.proposer, asked.answer(said)) for asked in self._others]
        return _kept(said, [(self._first, _tolerantly(self._first, said)), *others])

    def found_at_once(self, said: Said) -> tuple[Found, ...]:
        """What the first of them finds, for which a transaction may wait."""
        return _kept(said, [(self._first, _tolerantly(self._first, said))]) if said.text.strip() else ()


def _kept(said: Said, answers: Sequence[tuple[Proposer, Sequence[Proposed]]]) -> tuple[Found, ...]:
    kept: list[Found] = []
    for proposer, proposals in answers:
        for each in _allowed(said, proposals):
            if not any(_is_same(each, other.proposed) for other in kept):
                kept.append(Found(proposed=each, extractor=clean(proposer.name_and_version)[:60]))
    kept = sorted(kept, key=lambda one: -one.proposed.confidence)[:MOST]
    return tuple(sorted(kept, key=lambda one: (one.proposed.start, one.proposed.end)))


class _Asked:
    """One proposer that may be slow."""

    def __init__(self, proposer: Proposer, seconds: float) -> None:
        self.proposer, self._seconds = proposer, seconds
        self._is_at_it, self._lock = False, threading.Lock()

    def answer(self, said: Said) -> Sequence[Proposed]:
        """What it proposes, in a thread that keeps nobody: nothing while an earlier question is still open."""
        with self._lock:
            if self._is_at_it:
                return ()
            self._is_at_it = True
        told: Future[Sequence[Proposed]] = Future()
        threading.Thread(target=self._ask, args=(said, told), name="proposing", daemon=True).start()
        try:
            return told.result(self._seconds)
        except TimeoutError:
            log.warning("%s was not back after %.0f seconds", type(self.proposer).__name__, self._seconds)
            return ()

    def _ask(self, said: Said, told: Future[Sequence[Proposed]]) -> None:
        found = _tolerantly(self.proposer, said)
        with self._lock:
            self._is_at_it = False
        told.set_result(found)


def _tolerantly(proposer: Proposer, said: Said) -> Sequence[Proposed]:
    try:
        return tuple(proposer.propose(said))
    except Exception as error:  # whatever a model does, the words are kept and shown without it
        log.warning("%s proposed nothing: %s", type(proposer).__name__, type(error).__name__)
        return ()


def _allowed(said: Said, proposals: Sequence[Proposed]) -> Iterator[Proposed]:
    """Those whose words stand there, with values that can be shown; a place a few signs off is put right."""
    for each in proposals[: 10 * MOST]:
        try:
            placed = _placed(said, each)
        except (TypeError, ValueError, AttributeError):
            continue
        if placed is not None:
            yield placed


def _placed(said: Said, each: Proposed) -> Proposed | None:
    entity, value, words = Entity(each.entity), clean(each.value).strip(), each.words
    if not words.strip() or len(words) > LONGEST_WORDS or not value or len(value) > LONGEST_VALUE:
        return None
    if not _FIELD.fullmatch(each.field) or not 0 <= each.entity_no <= 99 or len(each.value_norm) > LONGEST_VALUE:
        return None
    start = each.start
    if start < 0 or said.text[start : start + len(words)] != words:
        start = said.text.find(words)
    end = start + len(words)
    if start < 0 or any(a < end and start < b for a, b in said.apart):
        return None
    return replace(
        each, entity=entity, value=value, value_norm=clean(each.value_norm).strip(), start=start, end=end,
        confidence=min(1.0, max(0.0, float(each.confidence))), said_by=clean(each.said_by)[:60],
        basis=clean(each.basis)[:60],
        identifies_referrer=bool(each.identifies_referrer) or entity not in OPEN_ENTITIES,
    )  # fmt: skip


def _is_same(one: Proposed, other: Proposed) -> bool:
    """One value of one thing: said twice, or found twice at one place."""
    if (one.entity, one.field) != (other.entity, other.field):
        return False
    if one.start < other.end and other.start < one.end:
        return True
    said = plain(one.value_norm or one.value), plain(other.value_norm or other.value)
    return one.entity_no == other.entity_no and said[0] == said[1]


def plain(value: str) -> str:
    """A value without what says nothing: case and blanks."""
    return " ".join(value.casefold().split())

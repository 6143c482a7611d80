"""The observer's record put in order: every message that was sent, and what its sender was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.heard_reference import find_spoken
from tests.chaos.plan import Fault, Way
from tests.chaos.record import Line, What


@dataclass(kw_only=True)
class SentMessage:
    """One message of the load; ``keys`` are those the database should know it by, ``named`` what the door said."""

    number: int
    way: Way
    who: str
    marker: str
    mail_id: str
    keys: set[str] = field(default_factory=set)
    is_taken: bool = False
    named: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One time somebody was told something; ``number`` is 0 where it came by relay or provider."""

    number: int
    way: str
    key: str
    who: str
    answers: str
    words: str
    references: frozenset[str]
    at: float


@dataclass(frozen=True, kw_only=True)
class Strike:
    """One fault that was injected: from when to when."""

    fault: Fault
    began: float
    ended: float


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the observer knows."""

    messages: Mapping[int, SentMessage]
    told_at_door: Mapping[int, Sequence[Telling]]
    told_to: Mapping[str, Sequence[Telling]]
    tellings: Sequence[Telling]
    answers_lost: frozenset[str]
    forged: frozenset[str]
    backwards: Sequence[Line]
    strikes: Sequence[Strike]


def story_of(lines: Iterable[Line]) -> Story:
    """The record as the verdict reads it."""
    lines = list(lines)
    tellings = [_telling(line) for line in lines if line.what is What.TOLD]
    told_at_door, told_to = defaultdict[int, list[Telling]](list), defaultdict[str, list[Telling]](list)
    for told in tellings:
        if told.number:
            told_at_door[told.number].append(told)
        else:
            told_to[told.who].append(told)
    return Story(
        messages=messages_of(lines), told_at_door=told_at_door, told_to=told_to, tellings=tellings,
        answers_lost=frozenset(line.key for line in lines if line.what is What.LOST),
        forged=frozenset(line.key for line in lines if line.what is What.FORGED),
        backwards=[line for line in lines if line.what is What.BACKWARDS], strikes=_strikes(lines),
    )  # fmt: skip


def messages_of(lines: Sequence[Line]) -> dict[int, SentMessage]:
    """Every message that was sent, by its number in the plan."""
    sent: dict[int, SentMessage] = {}
    for line in lines:
        if line.what is What.SENT:
            sent[line.number] = SentMessage(
                number=line.number, way=Way(line.way), who=line.who, marker=line.marker, mail_id=line.answers,
                keys={line.key} - {""},
            )  # fmt: skip
        elif line.what is What.TAKEN:
            message = sent[line.number]
            message.is_taken = True
            message.keys |= {line.key} - {""}
            message.named |= {line.words} - {""}
    return sent


def _telling(line: Line) -> Telling:
    return Telling(
        number=line.number, way=line.way, key=line.key, who=line.who, answers=line.answers, words=line.words,
        references=frozenset(find_spoken(line.words)), at=line.at,
    )  # fmt: skip


def _strikes(lines: Sequence[Line]) -> list[Strike]:
    began: dict[str, Line] = {}
    strikes = []
    for line in lines:
        if line.what is What.BEGAN:
            began[line.key] = line
        elif line.what is What.ENDED:
            first = began.pop(line.key)
            strikes.append(Strike(fault=Fault(line.way), began=first.at, ended=line.at))
    last = lines[-1].at if lines else 0.0
    return strikes + [Strike(fault=Fault(line.way), began=line.at, ended=last) for line in began.values()]

"""What a step will need of this referral, said beforehand: asked of the same guards that will be asked then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.guards import Attempt, Guard, rank
from gateway.life_cycle import DECISIONS, Action, unmet
from gateway.staff.plain_words import DECISIONS as IN_WORDS
from storage.referral import Severity

FILLED_IN = {"reason": "so", "level": "1", "severity": Severity.RED, "question": "so"}
YES_TO = {
    "child_told_us": "If a child told us of it",
    "may_be_malicious": "If it may be malicious",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Need:
    """``when`` is the case, empty for every one; ``says`` what is needed then, ``because`` of what."""

    when: str
    says: str
    because: str = ""


def needs_of(action: Action, attempt: Attempt) -> tuple[Need, ...]:
    """In the order in which the guards are asked; what the form asks for in any case is left out."""
    if action == Action.DECIDE:
        return _to_decide(attempt)
    if action == Action.CLOSE:
        return tuple(Need(when="", says=guard.says) for guard in _lacking(action, attempt, {}))
    if action == Action.RATE:
        return _to_rate(attempt)
    return ()


def _to_decide(attempt: Attempt) -> tuple[Need, ...]:
    """Each decision tried as if it were filled in, with nobody's agreement; then what may be ticked with it."""
    found: dict[str, tuple[Guard, list[str]]] = {}
    for code in DECISIONS:
        for guard in _lacking(Action.DECIDE, attempt, {"code": code}):
            found.setdefault(guard.name, (guard, []))[1].append(IN_WORDS[code])
    known = [
        Need(
            when="" if len(codes) == len(DECISIONS) else ", ".join(codes), says=guard.says,
            because=_because(guard, attempt),
        )
        for guard, codes in found.values()
    ]  # fmt: skip
    ticked = [need for need in _if_ticked(Action.DECIDE, attempt, {"code": "nfa"}) if need.says not in _said(known)]
    return (*known, *ticked)


def _to_rate(attempt: Attempt) -> tuple[Need, ...]:
    row = attempt.row
    highest = max((row.severity, row.severity_floor), key=rank)
    below = [s for s in Severity if s != Severity.UNRATED and rank(s) < rank(highest)]
    lower = [
        Need(when=f"Lower than {highest}", says=guard.says, because="")
        for guard in unmet(Action.RATE, _with(attempt, {"severity": below[0], "reason": ""} if below else {}))
        if below and guard.name == "rated_down"
    ]
    return (*lower, *_if_ticked(Action.RATE, attempt, {}))


def _if_ticked(action: Action, attempt: Attempt, asked: Mapping[str, str]) -> list[Need]:
    already = {guard.name for guard in _lacking(action, attempt, asked)}
    return [
        Need(when=when, says=guard.says)
        for field, when in YES_TO.items()
        if not getattr(attempt.row, field)
        for guard in _lacking(action, attempt, {**asked, field: "yes"})
        if guard.name not in already
    ]


def _lacking(action: Action, attempt: Attempt, asked: Mapping[str, str]) -> tuple[Guard, ...]:
    """The guards that would not hold with all filled in that any such step needs."""
    return unmet(action, _with(attempt, asked))


def _with(attempt: Attempt, asked: Mapping[str, str]) -> Attempt:
    return replace(attempt, asked={**FILLED_IN, **asked})


def _because(guard: Guard, attempt: Attempt) -> str:
    row = attempt.row
    reasons = {
        "re_referral": f"It is linked to {row.linked_to}",
        "child_told": "A child told us of it",
        "was_rated_down": f"It was {row.severity_highest} before",
        "may_be_malicious": "It is marked as perhaps malicious",
    }
    return reasons.get(guard.name, "")


def _said(needs: list[Need]) -> set[str]:
    return {need.says for need in needs}

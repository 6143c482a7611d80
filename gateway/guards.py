"""What each step needs before it may be taken, as data: the field that is asked for and the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from gateway import leases, saying, working_days
from gateway.census_codes import CONTACT_SOURCES, PRIMARY_NEEDS
from gateway.decisions import DECISIONS, Need
from storage.referral import Referral, Severity, ToldAs
from storage.staff import Role, as_typed

RISING = (Severity.UNRATED, Severity.BLUE, Severity.GREEN, Severity.AMBER, Severity.RED)
SERIOUS = RISING.index(Severity.AMBER)
LEVELS = ("1", "2", "3", "4")
MANAGERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
LONGEST_WAIT = 20  # working days: an answer asked for later than this is no question of the front door
YES = frozenset({"yes", "true", "on", "1"})
NO = frozenset({"no", "false", "off", "0"})


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, as history shows it."""

    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A step somebody wants to take, with all that a guard may look at.

    ``agreed_role`` is the role of whoever ``agreed_by`` names, None where they have no account here;
    ``managers_are_known``: managers have accounts here, so that a name without one is taken for no manager's.
    ``can_be_asked``: there is a way, by machine or by a person, to put a question to the sender.
    ``other``: the reference ``to`` names, where there is such a referral and it is not this one.
    ``confirmed``: the ids of what is stated here and a person has confirmed.
    """

    row: Referral
    actor: Actor
    asked: Mapping[str, str]
    now: datetime
    agreed_role: str | None = None
    managers_are_known: bool = False
    can_be_asked: bool = True
    other: str | None = None
    confirmed: Set[str] = frozenset()

    def said(self, field: str) -> str:
        """What was typed there, without the blanks around it."""
        return self.asked.get(field, "").strip()

    def yes(self, field: str) -> bool | None:
        """A yes or no; None where neither was said."""
        said = self.said(field).lower()
        return True if said in YES else False if said in NO else None

    def moment(self, field: str) -> datetime | None:
        """A time in ISO 8601, London's where it names no zone; None where it cannot be read."""
        try:
            at = datetime.fromisoformat(self.said(field).replace("Z", "+00:00"))
            return (at if at.tzinfo else at.replace(tzinfo=working_days.LONDON)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def rests_on(self) -> list[str]:
        """The ids of the stated values that it rests on."""
        return re.findall(r"\w+", self.said("rests_on"))

    def is_free(self) -> bool:
        """Nobody else is at it."""
        return leases.is_free_for(self.row, self.actor.name, self.now)

    def may_give_back(self) -> bool:
        """What was looked at stays with whoever answers for it, unless they, whoever is at it or a manager gives it."""
        row, name = self.row, self.actor.name
        is_theirs = row.owner in (None, name) or leases.in_force(row, self.now) == name
        return is_theirs or row.state in leases.NOT_OPENED or self.actor.role in MANAGERS

    def held(self) -> dict[str, str]:
        """Who is at it and until when, as a guard's words name them."""
        until = saying.clock(self.row.held_until) if self.row.held_until else ""
        return {"holder": leases.in_force(self.row, self.now) or self.row.owner or "", "until": until}

    def is_agreed(self) -> bool:
        """Somebody else agreed."""
        return as_typed(self.said("agreed_by")) not in ("", as_typed(self.actor.name))

    def has_manager(self) -> bool:
        """A manager acts, or has agreed; where no manager has an account here, whoever is named is taken for one."""
        is_managers = not self.managers_are_known if self.agreed_role is None else self.agreed_role in MANAGERS
        return self.actor.role in MANAGERS or (self.is_agreed() and is_managers)


@dataclass(frozen=True, kw_only=True)
class Guard:
    """``holds``: the step may go on. Else ``says`` is told: naming ``field``, or, where nothing that is typed could
    put it right, with the steps that are allowed ``instead``. ``{holder}`` in it is at the referral ``{until}`` a time.
    """

    name: str
    says: str
    holds: Callable[[Attempt], bool]
    field: str = ""
    instead: tuple[str, ...] = ()


def needs(field: str, says: str, *, unless: Callable[[Attempt], bool] | None = None) -> Guard:
    """Something must be typed there."""
    return Guard(
        name=field, field=field, says=says, holds=lambda a: bool(a.said(field)) or (unless is not None and unless(a))
    )


def one_of(field: str, says: str, values: tuple[str, ...], *, may_be_empty: bool = False) -> Guard:
    """What is typed there must be one of these."""
    known = {*values, ""} if may_be_empty else set(values)
    return Guard(name=f"{field}_known", field=field, says=says, holds=lambda a: a.said(field) in known)


def with_manager(name: str, says: str, *, when: Callable[[Attempt], bool]) -> Guard:
    """A manager must act or agree in these cases."""
    return Guard(name=name, field="agreed_by", says=says, holds=lambda a: not when(a) or a.has_manager())


def was_rated_down(row: Referral) -> bool:
    """It was red or amber once, by a person or a machine, and is rated lower now."""
    highest = max(rank(row.severity_highest), rank(row.severity_floor))
    return highest >= SERIOUS and rank(row.severity) < highest


def rank(severity: str) -> int:
    """How serious, the least first."""
    return RISING.index(Severity(severity))


def _rates_down(attempt: Attempt) -> bool:
    """Below what a machine suggested, or down from red or amber."""
    row, severity = attempt.row, attempt.said("severity")
    if severity not in RISING:
        return False
    from_serious = rank(row.severity) >= SERIOUS and rank(severity) < rank(row.severity)
    return rank(severity) < rank(row.severity_floor) or from_serious


def _no_further_action(attempt: Attempt) -> bool:
    return attempt.said("code") == "nfa"


def _flag(attempt: Attempt, field: str) -> bool:
    return bool(getattr(attempt.row, field)) or attempt.yes(field) is True


def _takes_back(attempt: Attempt) -> bool:
    """A flag once set is not taken back by one person."""
    return any(getattr(attempt.row, f) and attempt.yes(f) is False for f in ("child_told_us", "may_be_malicious"))


def _waits_too_long(attempt: Attempt) -> bool:
    last_day = working_days.add_working_days(working_days.in_london(attempt.now).date(), LONGEST_WAIT)
    at = attempt.moment("answer_by")
    return at is not None and at > working_days.close_of(last_day)


def _answer_time(field: str, *, may_be_empty: bool) -> tuple[Guard, ...]:
    def is_left_out(attempt: Attempt) -> bool:
        return may_be_empty and not attempt.said(field)

    return (
        Guard(
            name=f"{field}_readable", field=field, says="Give a date and time such as 2026-11-26T17:00",
            holds=lambda a: is_left_out(a) or a.moment(field) is not None,
        ),
        Guard(
            name=f"{field}_future", field=field, says="The answer must be due in the future",
            holds=lambda a: is_left_out(a) or (a.moment(field) or a.now) > a.now,
        ),
        Guard(
            name=f"{field}_near", field=field, says=f"Ask for the answer within {LONGEST_WAIT} working days",
            holds=lambda a: not _waits_too_long(a),
        ),
    )  # fmt: skip


NOT_HELD = Guard(
    name="not_held", says="{holder} is at it, until {until} or as long as they go on", holds=Attempt.is_free,
    instead=("link", "note"),
)  # fmt: skip
RELEASING = (
    NOT_HELD,
    Guard(
        name="answers_for_it", says="{holder} answers for it: take it over, or leave it with them",
        holds=lambda a: a.may_give_back(), instead=("claim", "link", "note"),
    ),
)  # fmt: skip
CLAIMING = (
    Guard(
        name="free_to_claim", says="{holder} has it already, until {until} or as long as they go on",
        holds=lambda a: a.is_free() or a.actor.role in MANAGERS, instead=("link", "note"),
    ),
    Guard(
        name="taken_from_another", field="reason", says="Say why you take it from whoever is at it",
        holds=lambda a: a.is_free() or bool(a.said("reason")),
    ),
)  # fmt: skip
FLAGS = (
    one_of("told_as", "Choose public, parent or professional", tuple(ToldAs), may_be_empty=True),
    one_of("contact_source", "Choose who told us from the list", tuple(CONTACT_SOURCES), may_be_empty=True),
    one_of("primary_need", "Choose the primary need from the list", tuple(PRIMARY_NEEDS), may_be_empty=True),
    with_manager(
        "malicious_flag", "A manager must agree that it may be malicious",
        when=lambda a: not a.row.may_be_malicious and a.yes("may_be_malicious") is True,
    ),
    with_manager("flag_taken_back", "A manager must agree to take this back", when=_takes_back),
)  # fmt: skip
RATING = (
    NOT_HELD,
    one_of("severity", "Choose blue, green, amber or red", tuple(RISING[1:])),
    Guard(
        name="rated_down", field="reason", says="Say why it is less serious than it was rated or flagged before",
        holds=lambda a: not _rates_down(a) or bool(a.said("reason")),
    ),
    needs("reason", "Say why"),
    *FLAGS,
)  # fmt: skip
ASKING = (
    NOT_HELD,
    Guard(
        name="not_red", says="a red referral is not kept waiting for an answer",
        holds=lambda a: a.row.severity != Severity.RED, instead=("decide", "note"),
    ),
    needs("question", "Write the question"),
    *_answer_time("answer_by", may_be_empty=False),
    Guard(
        name="can_be_asked", says="nobody can ask the sender: they left no address and no number",
        holds=lambda a: a.can_be_asked, instead=("decide", "note"),
    ),
)  # fmt: skip
DECIDING = (
    NOT_HELD,
    one_of("code", "Choose a decision: " + ", ".join(DECISIONS), tuple(DECISIONS)),
    needs("reason", "Say why"),
    one_of("level", "Choose the level of need, 1 to 4", LEVELS),
    Guard(
        name="rests_on_confirmed", field="rests_on",
        says="A decision may rest only on what is stated here and a person has confirmed",
        holds=lambda a: a.confirmed >= set(a.rests_on()),
    ),
    *FLAGS,
    Guard(
        name="second_person", field="agreed_by", says="A second person must agree that it is not about a child",
        holds=lambda a: a.said("code") != "not_about_a_child" or a.is_agreed(),
    ),
    with_manager(
        "re_referral", "A manager must agree to no further action on a child we heard of before",
        when=lambda a: _no_further_action(a) and a.row.linked_to is not None,
    ),
    with_manager(
        "child_told", "A manager must agree to no further action on what a child told us",
        when=lambda a: _no_further_action(a) and _flag(a, "child_told_us"),
    ),
    with_manager(
        "was_rated_down", "A manager must agree to no further action on what was red or amber before",
        when=lambda a: _no_further_action(a) and was_rated_down(a.row),
    ),
    with_manager(
        "may_be_malicious", "A manager must agree to a decision on what may be malicious",
        when=lambda a: _flag(a, "may_be_malicious"),
    ),
    *(_answer_time("answer_by", may_be_empty=True)),
)  # fmt: skip


def _has_or_does_not_need(code: str, need: Need, attempt: Attempt) -> bool:
    """What was said at the decision needs not be said again."""
    known = need.field == "handed_to" and bool(attempt.row.handed_to)
    return attempt.row.decision_code != code or known or bool(attempt.said(need.field))


CLOSING = (
    NOT_HELD,
    needs("reason", "Say why it is finished"),
    *(
        Guard(
            name=f"{code}_{need.field}", field=need.field, says=need.says,
            holds=partial(_has_or_does_not_need, code, need),
        )
        for code, decision in DECISIONS.items()
        for need in decision.closing
    ),
)  # fmt: skip
LINKING = (Guard(name="to", field="to", says="Give the reference of another referral", holds=lambda a: bool(a.other)),)

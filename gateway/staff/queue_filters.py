"""What a page of the queue is asked to show, from its query string and back; nothing overdue can be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import parse_qs, urlencode

from gateway import working_days
from gateway.staff.plain_words import CHANNELS, KINDS, RATINGS, STATES
from storage.queue_choice import NOBODY, Choice
from storage.referral import Kind, Severity, State

LONGEST = 1000
TODAY = "today"
YEARS = range(2000, 2100)
CHANNEL_NAMES = ("phone", "voicemail", "sms", "email", "letter", "web_form", "note")
OPEN_STATES = tuple(state for state in State if state is not State.CLOSED)


class Shows(StrEnum):
    """Whether what is perhaps spam is shown."""

    ALL = "all"
    WANTED = "wanted"
    UNWANTED = "unwanted"


class Owner(StrEnum):
    """Whose."""

    ANYONE = "anyone"
    ME = "me"
    NOBODY = "nobody"


class Child(StrEnum):
    """Whether the child is named."""

    ANY = "any"
    UNKNOWN = "unknown"
    KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Several of one field mean any of them, several fields mean all of them. ``due_before``: today, or a day."""

    channels: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    owner: Owner = Owner.ANYONE
    child: Child = Child.ANY
    due_before: str = ""
    shows: Shows = Shows.ALL

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Filters()

    def query(self) -> str:
        """The one query string that means this; empty for everything."""
        chosen = [
            *(("channel", each) for each in sorted(self.channels)),
            *(("severity", each) for each in sorted(self.severities)),
            *(("state", each) for each in sorted(self.states)),
            *(("kind", each) for each in sorted(self.kinds)),
        ]
        single = (("owner", self.owner, Owner.ANYONE), ("child", self.child, Child.ANY),
                  ("due_before", self.due_before, ""), ("shows", self.shows, Shows.ALL))  # fmt: skip
        return urlencode(chosen + [(name, str(value)) for name, value, unset in single if value != unset])

    def choice(self, me: str, now: datetime) -> Choice:
        """What it means for this person at this time."""
        owners = {Owner.ANYONE: None, Owner.ME: me, Owner.NOBODY: NOBODY}
        return Choice(
            channels=self.channels, severities=self.severities, states=self.states, kinds=self.kinds,
            owner=owners[self.owner], child_known=None if self.child is Child.ANY else self.child is Child.KNOWN,
            due_before=_end_of(self.due_before, now) if self.due_before else None,
            unwanted=None if self.shows is Shows.ALL else self.shows is Shows.UNWANTED,
        )  # fmt: skip

    def says(self) -> tuple[str, ...]:
        """In words, what is chosen."""
        sets = ((CHANNELS, CHANNEL_NAMES, self.channels), (RATINGS, tuple(RATINGS), self.severities),
                (STATES, OPEN_STATES, self.states), (KINDS, tuple(Kind), self.kinds))  # fmt: skip
        said = [" or ".join(words[each] for each in order if each in chosen) for words, order, chosen in sets if chosen]
        single = {Owner.ME: "Yours", Owner.NOBODY: "Nobody's", Child.UNKNOWN: "Child not named",
                  Child.KNOWN: "Child named", Shows.WANTED: "Not perhaps spam",
                  Shows.UNWANTED: "Perhaps spam"}  # fmt: skip
        said += [single[each] for each in (self.owner, self.child, self.shows) if each in single]
        return tuple(said + ([f"Due {_day_in_words(self.due_before)}"] if self.due_before else []))


def parse(query: str) -> Filters:
    """What a query string asks for; what it does not know leaves nothing out. ``from_fields`` of its fields."""
    return from_fields(parse_qs(query[:LONGEST]))


def from_fields(fields: Mapping[str, Sequence[str]]) -> Filters:
    """The same of fields that were read already."""
    return Filters(
        channels=_known(fields, "channel", CHANNEL_NAMES), severities=_known(fields, "severity", tuple(Severity)),
        states=_known(fields, "state", OPEN_STATES), kinds=_known(fields, "kind", tuple(Kind)),
        owner=Owner(_one(fields, "owner", tuple(Owner))), child=Child(_one(fields, "child", tuple(Child))),
        due_before=_day(next(iter(fields.get("due_before", ())), "")), shows=Shows(_one(fields, "shows", tuple(Shows))),
    )  # fmt: skip


def _known(fields: Mapping[str, Sequence[str]], name: str, known: Sequence[str]) -> frozenset[str]:
    asked = frozenset(str(each) for each in known if each in fields.get(name, ()))
    return frozenset() if len(asked) == len(known) else asked


def _one(fields: Mapping[str, Sequence[str]], name: str, known: Sequence[str]) -> str:
    """The one that is asked for; the first, which leaves all in, where none is."""
    return next((each for each in fields.get(name, ()) if each in known), known[0])


def _day(typed: str) -> str:
    if typed == TODAY:
        return typed
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return ""
    return day.isoformat() if day.year in YEARS else ""


def day_end(day: date) -> datetime:
    """When a day ends in London."""
    return working_days.at_clock(day + timedelta(days=1), time(0))


def _end_of(day: str, now: datetime) -> datetime:
    return day_end(working_days.in_london(now).date() if day == TODAY else date.fromisoformat(day))


def _day_in_words(day: str) -> str:
    return TODAY if day == TODAY else f"by {date.fromisoformat(day):%-d %b %Y}"

"""Asks the name service what domains publish: within a time limit, the same question once in a few minutes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from time import monotonic

import dns.exception
import dns.name
import dns.resolver

from channels.email.proof.domains import owner_of

KEEP_SECONDS = 300.0
AWAY_SECONDS = 60.0
ROOT = "."
ROOT_SECONDS = 1.0
MOST_KEPT = 5000
MOST_QUESTIONS = 60


class NotAnswered(Exception):
    """The name service did not answer in time or could not be asked: nothing follows from that for any sender."""


Ask = Callable[[str, str, float], Sequence[bytes]]
"""Name, kind of record (``TXT``, ``A``, ``AAAA``, ``MX``, ``PTR``) and seconds at most; gives what is published, one
item a record: the joined text, an address, ``preference host``, a host. Nothing published gives nothing;
``NotAnswered`` when that is not known."""


class Names:
    """What was answered, kept for a few minutes; safe to use from threads.

    A domain that did not answer is not asked again for a minute; where the root is not known just then either, the name
    service itself is away and nobody is, so that it holds up one mail and not each.
    """

    def __init__(self, ask: Ask | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        self._ask, self._clock = ask or ask_name_service, clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, tuple[bytes, ...]]] = OrderedDict()
        self._silent_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def within(self, seconds: float) -> Questions:
        """For one mail: all its questions together take at most this long."""
        return Questions(self, until=self._clock() + seconds, clock=self._clock)

    def published(self, name: str, kind: str, seconds: float) -> tuple[bytes, ...]:
        """What is published under a name; raises ``NotAnswered``."""
        key = name.lower().rstrip("."), kind
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept[0] > self._clock():
                return kept[1]
            is_silent = any(
                self._silent_until.get(each, float("-inf")) > self._clock() for each in (ROOT, owner_of(key[0]))
            )
        if is_silent or seconds <= 0:
            raise NotAnswered
        try:
            found = tuple(self._ask(key[0], kind, seconds))
        except NotAnswered:
            self._remember_silence(owner_of(key[0]))
            raise
        with self._lock:
            self._kept[key] = self._clock() + KEEP_SECONDS, found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _remember_silence(self, owner: str) -> None:
        """Of this owner alone, if the root is still known: any resolver that works has it at hand."""
        silent = owner
        try:
            self._ask(ROOT, "NS", ROOT_SECONDS)
        except NotAnswered:
            silent = ROOT
        with self._lock:
            now = self._clock()
            self._silent_until = {name: until for name, until in self._silent_until.items() if until > now}
            self._silent_until[silent] = now + AWAY_SECONDS


class Questions:
    """What one mail makes us ask: limited in number and in time, whatever its senders wrote into their records."""

    def __init__(self, names: Names, *, until: float, clock: Callable[[], float]) -> None:
        self._names, self._until, self._clock = names, until, clock
        self._left = MOST_QUESTIONS

    def ask(self, name: str, kind: str) -> tuple[bytes, ...]:
        """What is published; raises ``NotAnswered`` also when this mail has asked enough."""
        self._left -= 1
        if self._left < 0:
            raise NotAnswered
        return self._names.published(name, kind, self._until - self._clock())

    def text(self, name: str) -> bytes | None:
        """The first text under a name; None if there is none."""
        return next(iter(self.ask(name, "TXT")), None)


def ask_name_service(name: str, kind: str, seconds: float) -> Sequence[bytes]:
    """The resolver this host is set up with."""
    try:
        asked = dns.name.from_text(name)
        answer = dns.resolver.resolve(asked, kind, lifetime=seconds, raise_on_no_answer=False, search=False)
    except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
        return ()
    except (dns.exception.DNSException, OSError, UnicodeError) as error:
        raise NotAnswered from error
    if answer.rrset is None:
        return ()
    return [b"".join(each.strings) if kind == "TXT" else str(each).rstrip(".").encode() for each in answer.rrset]

"""Counts how often somebody may do a thing in a span of time, in memory only and without keeping who they are."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable

MOST_REMEMBERED = 50_000


class Limit:
    """At most ``times`` per ``seconds`` for each caller. ``clock`` is in seconds and never goes back.

    A caller is remembered as a hash under a key that dies with the process. Restarting forgets everybody.
    """

    def __init__(self, *, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._times, self._seconds, self._clock = times, seconds, clock
        self._key = secrets.token_bytes(32)
        self._seen: dict[bytes, deque[float]] = {}

    def is_spent(self, who: str) -> bool:
        """Whether this caller has used up the allowance; asking does not count."""
        return len(self._recent(self._hash(who))) >= self._times

    def count(self, who: str) -> None:
        """One more by this caller."""
        if len(self._seen) >= MOST_REMEMBERED:
            self._forget_the_idle()
        self._seen.setdefault(self._hash(who), deque(maxlen=self._times)).append(self._clock())

    def _recent(self, who: bytes) -> deque[float]:
        times = self._seen.get(who, deque())
        while times and times[0] <= self._clock() - self._seconds:
            times.popleft()
        return times

    def _forget_the_idle(self) -> None:
        """Those whose span has passed; if that is nobody, the longest known half."""
        idle = [who for who in list(self._seen) if not self._recent(who)]
        for who in idle or list(self._seen)[: MOST_REMEMBERED // 2]:
            del self._seen[who]

    def _hash(self, who: str) -> bytes:
        return hashlib.blake2b(who.encode(), key=self._key, digest_size=16).digest()


def network_of(peer: str | None) -> str:
    """The part of a peer's address that stands for one household or office: IPv4 whole, IPv6 by its first 64 bits."""
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return peer or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)

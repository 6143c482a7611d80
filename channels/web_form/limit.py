"""Counts how often somebody may do a thing in a span of time, in memory only and without keeping who they are."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import deque
from collections.abc import Callable

from fastapi import Request

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


def network_of_caller(request: Request) -> str:
    """Where a request comes from, for counting only: the peer, or the one a proxy of ours names last.

    Only a peer inside our own network is believed to be a proxy, and only its own addition to X-Forwarded-For.
    """
    peer = request.client.host if request.client else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return network_of(named if named and _is_inside(peer) else peer)


def network_of(peer: str) -> str:
    """The part of an address that stands for one household or office: IPv4 whole, IPv6 by its first 64 bits."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)


def _is_inside(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_private
    except ValueError:
        return False

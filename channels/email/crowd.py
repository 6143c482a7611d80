"""How many conversations may be open and begun by one peer, so that a single one leaves room for the others."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60.0
FORGET_ABOVE = 10_000


@dataclass(frozen=True, kw_only=True)
class CrowdLimits:
    """A council's own relay is one peer, so a peer may have much; ``in_all`` counts every peer's together."""

    in_all: int = 500
    at_once: int = 200
    a_minute: int = 6000


class Crowd:
    """Counts conversations by peer; ``now`` gives seconds that never go back. The peer "" has no limit of its own."""

    def __init__(self, limits: CrowdLimits, now: Callable[[], float]) -> None:
        self._limits, self._now = limits, now
        self._open = Counter[str]()
        self._begun: dict[str, tuple[float, int]] = {}
        self._forget_above = FORGET_ABOVE

    def enter(self, peer: str) -> str:
        """Why a conversation may not begin; nothing if it may, and then it counts until ``leave``."""
        if self._open.total() >= self._limits.in_all:
            return "421 4.3.2 Too many connections, please try again"
        if peer and self._open[peer] >= self._limits.at_once:
            return "421 4.7.0 Too many connections from you at once, please try again"
        if peer and self._in_this_minute(peer) > self._limits.a_minute:
            return "421 4.7.0 Too many connections from you in a minute, please try again"
        self._open[peer] += 1
        return ""

    def leave(self, peer: str) -> None:
        """A conversation that had begun is over."""
        self._open[peer] -= 1
        if self._open[peer] <= 0:
            del self._open[peer]

    def _in_this_minute(self, peer: str) -> int:
        """With this one."""
        now = self._now()
        if len(self._begun) > self._forget_above:
            self._begun = {each: seen for each, seen in self._begun.items() if now - seen[0] < MINUTE}
            self._forget_above = max(FORGET_ABOVE, 2 * len(self._begun))  # or each new one would cost as much again
        since, count = self._begun.get(peer, (now, 0))
        if now - since >= MINUTE:
            since, count = now, 0
        self._begun[peer] = since, count + 1
        return count + 1


def peer_of(address: object) -> str:
    """Whom a connection counts for: an IPv4 address, an IPv6 network of 64 bits, nobody for a socket of this host."""
    if not isinstance(address, tuple) or not address:
        return ""
    try:
        ip = ipaddress.ip_address(str(address[0]).partition("%")[0])
    except ValueError:
        return str(address[0])
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)

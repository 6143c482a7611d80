"""The connection overrides in the fragment of an address: what is tried again, how often, and how long is waited."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

BOUNDS = {"rc": (0, 5), "ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000)}
"""The least and the most of each; anything else counts as not said. Times are milliseconds."""
KINDS = frozenset({"4xx", "5xx", "ct", "rt", "all"})


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """``retries`` after these failures; seconds to connect, for a reply, and for all tries together."""

    retries: int = 1
    again_after: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    reply: float = 15.0
    total: float = 15.0

    def again(self, failure: str) -> bool:
        """Whether a failure (ct, rt, 4xx, 5xx or partial) is tried again: a reply cut short never is."""
        return failure in self.again_after or ("all" in self.again_after and failure not in ("", "partial"))


def overrides_of(url: str, reply: float) -> tuple[str, Overrides]:
    """The address without its fragment, and what the fragment says; ``reply`` seconds are waited unless it does."""
    plain, fragment = urldefrag(url)
    said = dict(parse_qsl(fragment))
    kinds = frozenset(said.get("rp", "ct").split(","))
    milliseconds = {name: _within(name, said, default) for name, default in (("ct", 5e3), ("rt", reply * 1e3))}
    return plain, Overrides(
        retries=int(_within("rc", said, 1)),
        again_after=kinds if kinds <= KINDS else frozenset({"ct"}),
        connect=milliseconds["ct"] / 1000,
        reply=milliseconds["rt"] / 1000,
        total=_within("tt", said, 15e3) / 1000,
    )


def _within(name: str, said: dict[str, str], default: float) -> float:
    least, most = BOUNDS[name]
    given = said.get(name, "")
    return float(given) if given.isdecimal() and least <= int(given) <= most else default

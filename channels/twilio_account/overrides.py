"""How often and for how long the telephony provider tries an address of ours: the fragment it reads and never sends.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urldefrag

RETRY = "rc=2&rp=ct,rt,5xx&ct=2000&rt=4000&tt=12000"
"""By default the provider asks again only when it cannot connect, and waits 15 s for a reply."""


def overrides(edge: str = "") -> str:
    """The fragment for our addresses; ``edge`` is where the provider connects from, its own choice if empty."""
    return f"{RETRY}&e={edge}" if edge else RETRY


def tried_alike(had: str, wanted: str) -> bool:
    """Whether an address is tried as the wanted one is, whatever the order; an edge it names beyond that may stay."""
    said, needed = (dict(parse_qsl(urldefrag(url).fragment)) for url in (had, wanted))
    return {name: _kinds(name, value) for name, value in needed.items()}.items() <= {
        name: _kinds(name, value) for name, value in said.items()
    }.items()


def _kinds(name: str, value: str) -> str:
    return ",".join(sorted(value.split(","))) if name == "rp" else value

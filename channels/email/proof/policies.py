"""What a domain asks others to do with mail in its name that nothing vouches for (DMARC, RFC 7489)."""

from __future__ import annotations

from dataclasses import dataclass

from channels.email.proof.domains import owner_of
from channels.email.proof.names import Questions

ASKS = ("none", "quarantine", "reject")


class Unusable(Exception):
    """The domain has such a record, but it makes no sense."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """``asks`` is ``none``, ``quarantine`` or ``reject``; the other two ask for the very domain, not a relative."""

    asks: str
    strict_signature: bool = False
    strict_server: bool = False


def policy_of(domain: str, questions: Questions) -> Policy | None:
    """Its own, else that of its organisation; None where there is none. Raises ``NotAnswered`` and ``Unusable``."""
    own = _record(domain, questions)
    if own:
        return _policy(own, "p")
    owner = owner_of(domain)
    above = _record(owner, questions) if owner != domain else {}
    return _policy(above, "sp" if "sp" in above else "p") if above else None


def _record(domain: str, questions: Questions) -> dict[str, str]:
    """The tags of its one record; two of them count as none (RFC 7489 6.6.3)."""
    texts = [text.decode("utf-8", "replace") for text in questions.ask(f"_dmarc.{domain}", "TXT")]
    found = [tags for text in texts if (tags := _tags(text)).get("v") == "dmarc1" and text.lstrip()[:1] == "v"]
    return found[0] if len(found) == 1 else {}


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, mark, value in pairs if mark}


def _policy(tags: dict[str, str], asked: str) -> Policy:
    """A policy that cannot be read counts as ``none`` where reports are asked for (RFC 7489 6.6.3)."""
    asks = tags.get(asked, "")
    if asks not in ASKS:
        if not tags.get("rua"):
            raise Unusable
        asks = "none"
    return Policy(asks=asks, strict_signature=tags.get("adkim") == "s", strict_server=tags.get("aspf") == "s")

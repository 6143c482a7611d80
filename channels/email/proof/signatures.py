"""Checks the signatures of a mail (DKIM, RFC 6376) and the seals of those who passed it on (ARC, RFC 8617)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import dkim

from channels.email.proof.domains import written
from channels.email.proof.names import NotAnswered, Questions

MOST_CHECKED = 5
SHORTEST_KEY = 1024
_UNTOLD = logging.Logger("signatures", logging.CRITICAL + 1)  # noqa: LOG001 - the library would log domains
_SAYS = {"pass": 0, "temperror": 1, "policy": 2, "fail": 3, "permerror": 4}


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One signature: whose it says it is, and the result after RFC 8601 2.7.1.

    ``policy``: it is good, but of a kind that proves nothing: it leaves the author or a part of the mail out.
    """

    domain: str
    result: str


def signatures_of(mail: bytes, questions: Questions) -> tuple[Signature, ...]:
    """The topmost signatures, each checked; none if the mail has none."""
    try:
        signed = dkim.DKIM(mail, logger=_UNTOLD, minkey=SHORTEST_KEY)
    except (dkim.DKIMException, ValueError):
        return ()
    names = [name for name, _ in signed.headers if name.lower() == b"dkim-signature"]
    return tuple(_checked(signed, place, questions) for place in range(min(len(names), MOST_CHECKED)))


def best(signatures: tuple[Signature, ...]) -> str:
    """One word for all of them; ``none`` where there is none."""
    return min((each.result for each in signatures), key=lambda result: _SAYS[result], default="none")


def chain_of(mail: bytes, questions: Questions) -> str:
    """Whether the seals of those who passed it on hold: ``pass``, ``fail``, ``none``, or ``temperror``."""
    try:
        said, _, _ = dkim.ARC(mail, logger=_UNTOLD, minkey=SHORTEST_KEY).verify(dnsfunc=_keys(questions))
    except NotAnswered:
        return "temperror"
    except Exception:  # the library raises whatever a broken seal makes it stumble over
        return "fail"
    return str(said.decode()) if said else "fail"


def _checked(signed: dkim.DKIM, place: int, questions: Questions) -> Signature:
    signed.signature_fields, signed.domain = {}, None
    try:
        is_good = signed.verify(idx=place, dnsfunc=_keys(questions))
        result = "fail" if not is_good else "pass" if _counts(signed) else "policy"
    except NotAnswered:
        result = "temperror"
    except dkim.ValidationError:
        result = "fail"  # expired, or the words are not those that were signed
    except Exception:  # the library raises whatever a broken signature or key makes it stumble over
        result = "permerror"
    named = signed.signature_fields.get(b"d", b"")
    return Signature(domain=written(named.decode("utf-8", "replace")), result=result)


def _counts(signed: dkim.DKIM) -> bool:
    """It covers the author and the whole mail, and not by SHA-1 (RFC 8301)."""
    fields = signed.signature_fields
    covers = b"from" in signed.include_headers and b"l" not in fields
    return covers and not fields.get(b"a", b"").endswith(b"sha1")


def _keys(questions: Questions) -> Callable[..., bytes | None]:
    def key_of(name: bytes, timeout: float = 0) -> bytes | None:
        return questions.text(name.decode("utf-8", "replace"))

    return key_of

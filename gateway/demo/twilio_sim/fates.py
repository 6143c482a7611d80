"""What the pretend provider will make of a text: one fate for each, told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REFUSALS: Mapping[int, str] = {
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number is not currently reachable via SMS",
    21614: "'To' number is not a valid mobile number",
    21635: "'To' number cannot be a landline",
}


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of one text.

    ``states`` it goes through, in order: none leaves it in the queue, ("sent",) leaves it on its way for good.
    ``code`` is the provider's error code of the last of them. ``unheard`` states are known to its API alone: their
    callback is lost for good. ``refusal``: the error code its POST is answered with; the text is not taken at all.
    """

    states: tuple[str, ...] = ("sent", "delivered")
    code: int = 0
    unheard: tuple[str, ...] = ()
    refusal: int = 0


DELIVERED = Fate()
WAITING = Fate(states=())
STUCK = Fate(states=("sent",))
UNHEARD = Fate(unheard=("sent", "delivered"))


def failing(state: str, code: int) -> Fate:
    """A text that ends ``undelivered`` after it was sent, or ``failed`` before."""
    return Fate(states=("sent", state) if state != "failed" else (state,), code=code)


def refusing(code: int) -> Fate:
    """A text that is not taken."""
    return Fate(states=(), refusal=code)

"""Pure: which address is told of which role's rungs, as FRONTDOOR_ALERT_TO says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels.contract import Address, AddressClass
from channels.numbers import address_of
from gateway.ladder import Told


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Where one role is told."""

    role: Told
    address: Address


def alerts_of(pairs: str) -> Sequence[Alert]:
    """The addresses in ``role=address`` pairs, comma separated; raises ``ValueError`` naming what cannot be used."""
    return [_alert(pair.strip()) for pair in pairs.split(",") if pair.strip()]


def _alert(pair: str) -> Alert:
    role, _, written = (part.strip() for part in pair.partition("="))
    if role not in list(Told):
        raise ValueError(f"{role or 'a pair without a role'} is not told of rungs: must be one of {', '.join(Told)}")
    if "@" in written.strip("@") and not set(written) & set(" <>"):
        return Alert(role=Told(role), address=Address(kind=AddressClass.EMAIL, value=written))
    number = address_of(written)
    if number.kind is not AddressClass.MOBILE:
        raise ValueError(f"{role}: must be a mail address or the number of a mobile")
    return Alert(role=Told(role), address=number)

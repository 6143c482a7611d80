"""What we send, to whom, and what is said to have become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from channels.failures import SendError

if TYPE_CHECKING:
    from channels.incoming import Enclosure


class AddressClass(StrEnum):
    """What kind of address a sender has: it decides which notice is possible (domain.md 2.1)."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    WITHHELD = "withheld"
    EMAIL = "email"
    POSTAL = "postal"
    NONE = "none"


class DeliveryState(StrEnum):
    """What a provider says became of a notice; ranked, so that a late "sent" never undoes "delivered"."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where somebody can be reached: E.164 number, mail address, postal lines; empty when withheld or none."""

    kind: AddressClass
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One notice ready to go: rendered words, one address, and what the answer needs to join the thread.

    ``notice_id`` is stable over retries, so that a mail sent twice carries the same Message-ID.
    ``data`` is the machine-readable part of a mail (kind, reference, times), never anything of the concern.
    ``is_discreet``: others may see it, so that the mail does not say who we are beyond its address.
    ``good_for``: how long a provider that queues it may still deliver it; then the sender is told another way.
    ``large_print``: they asked for letters in large print.
    """

    notice_id: str
    reference: str
    kind: str
    address: Address
    text: str
    subject: str = ""
    html: str = ""
    reply_handle: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    written_at: datetime
    good_for: timedelta | None = None
    is_discreet: bool = False
    large_print: bool = False


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What became of a notice; ``provider_id`` is what ``send`` returned. Unknown ids are kept and matched later.

    ``notice_id``: ours, where the provider gives it back: it is known even if the answer to ``send`` was lost.
    ``error``: why it failed, where the provider names it.
    ``is_final``: sent, and no provider will ever say more (a letter at the printer's, a text abroad): no limit applies.
    ``is_delayed``: sent, but held up on its way: another way is tried if no better news comes within hours.
    ``came_back``: what failed was in the hands of a later system, so that "delivered" to an earlier one says nothing.
    ``enclosures``: what shows it (a scan of the letter that came back); they are kept with the referral, unread.
    Without a ``provider_id`` it is the notice itself that is spoken of, whatever a provider calls it.
    """

    provider_id: str
    state: DeliveryState
    notice_id: str | None = None
    error: SendError | None = None
    reason: str = ""
    permanent: bool = True
    is_final: bool = False
    is_delayed: bool = False
    came_back: bool = False
    at: datetime | None = None
    enclosures: tuple[Enclosure, ...] = ()

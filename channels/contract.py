"""What every channel promises the gateway and what the gateway hands to every channel. Read this first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from fastapi import APIRouter

from channels.failures import (
    FOR_GOOD,
    Gone,
    NoRoom,
    NotKept,
    NotReadyYet,
    SendError,
    SendFailed,
    SendUnknown,
    Unreadable,
)
from channels.incoming import Answerable, Enclosure, Fold, FoldKind, Inbound, Proof, Way
from channels.outgoing import Address, AddressClass, DeliveryReport, DeliveryState, Outgoing
from channels.shelf import InFile, Laying, Shelf


class Purpose(StrEnum):
    """Why a provider spoke to us."""

    MESSAGE = "message"  # somebody said something: gets a ledger number
    REPORT = "report"  # news of something already known; becomes a message only if it is not known
    ASIDE = "aside"  # news on the way of a conversation whose end is sure to come; never a message by itself


@dataclass(frozen=True, kw_only=True)
class RawMessage:
    """One thing received, exactly as the wire gave it: kept before anybody tries to read it.

    ``source_key`` is the provider's own id of this event: a second one with the same key is a repeat.
    ``conversation`` is shared by events that belong to one referral from the start (all webhooks of a call).
    ``envelope`` holds what the wire said beside the body (peer, recipients, names of parts); it is kept sealed.
    ``received_at`` is aware UTC, when it reached any number, box or desk of ours; None means now.
    ``in_file``: the body went to a sealed file while it came in; ``body`` is then empty until it is read.
    """

    channel: str
    source_key: str
    body: bytes
    media_type: str
    envelope: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime | None = None
    conversation: str | None = None
    purpose: Purpose = Purpose.MESSAGE
    in_file: InFile | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What may be told once a message is durably kept. ``repeated``: we had it already, under this reference."""

    reference: str
    received_at: datetime
    look_by: datetime
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The bytes behind a handle and the media type the provider gave them."""

    content: bytes
    media_type: str


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """One public way to reach us, for the contact page: ``title`` "Text us", ``detail`` the number, ``href``."""

    title: str
    detail: str
    href: str = ""
    note: str = ""


Accept = Callable[[RawMessage], Awaitable[Receipt]]
"""Keeps a raw message durably, once. Returns only after the commit; raises ``NotKept`` otherwise."""


@runtime_checkable
class Listener(Protocol):
    """A door that is not HTTP: opened and closed with the gateway."""

    async def open(self) -> None:
        """Begin to listen; raises OSError when the address cannot be had."""

    async def close(self) -> None:
        """Stop listening; what was accepted stays accepted."""


@runtime_checkable
class Receiver(Protocol):
    """A channel people can reach us on. ``name`` is the file's name and the value in rows."""

    name: str

    def door(self, accept: Accept) -> APIRouter | Listener | None:
        """The door: authenticate, capture, accept, answer; no reading. None when settings leave it shut."""

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """Pure and re-runnable: the same bytes give the same answer; raises ``Unreadable``."""

    def ways_in(self) -> tuple[WayIn, ...]:
        """What the public contact page says of this channel; empty when it is shut."""


@runtime_checkable
class Sender(Protocol):
    """A channel we can answer on."""

    name: str

    async def send(self, notice: Outgoing) -> str:
        """Hand one notice over, once; returns the provider's id, raises ``SendFailed`` or ``SendUnknown``."""


@runtime_checkable
class Finder(Protocol):
    """A channel that can ask its provider whether a notice was taken, when the answer to ``send`` was lost."""

    async def find(self, notice: Outgoing) -> str | None:
        """The provider's id of this notice, None if it was never taken; ConnectionError if it cannot be asked."""


@runtime_checkable
class Tracker(Protocol):
    """A channel whose provider knows what became of a notice: "sent" is not the end, and it can be asked."""

    async def track(self, provider_id: str) -> DeliveryReport | None:
        """What became of it so far, None if the provider has no such notice; ConnectionError if it cannot be asked."""


@runtime_checkable
class Recaller(Protocol):
    """A channel whose provider keeps a list: what it failed to deliver is fetched from there."""

    def recall(self, since: datetime) -> AsyncIterator[RawMessage]:
        """Everything since then, with the keys its webhooks have, so that repeats fall away.

        Raises ConnectionError when the provider cannot be asked.
        """


@runtime_checkable
class Prover(Protocol):
    """A channel that can find out who really sent a message, by asking the network; done once, before it is read."""

    async def prove(self, raw: RawMessage) -> RawMessage:
        """The same message with ``proof`` (JSON) in its envelope, for ``parse``; itself where nothing can be found out.

        Never raises and never takes longer than a few seconds: what cannot be asked in time is left unknown.
        """


@runtime_checkable
class Fetcher(Protocol):
    """A channel whose enclosures are fetched from the provider after the message."""

    async def fetch(self, handle: str) -> Fetched:
        """The bytes behind a handle; raises ``NotReadyYet`` or ``Gone``; other errors count as temporary."""


__all__ = [
    "FOR_GOOD", "Accept", "Address", "AddressClass", "Answerable", "DeliveryReport", "DeliveryState",
    "Enclosure", "Fetched", "Fetcher", "Finder", "Fold", "FoldKind", "Gone", "InFile", "Inbound", "Laying",
    "Listener", "NoRoom", "NotKept", "NotReadyYet", "Outgoing", "Proof", "Prover", "Purpose", "RawMessage",
    "Recaller", "Receipt", "Receiver", "SendError", "SendFailed", "SendUnknown", "Sender", "Shelf", "Tracker",
    "Unreadable", "Way", "WayIn",
]  # fmt: skip

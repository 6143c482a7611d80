"""Finds out who really sent a mail, once, before it is read: from our border server, or by asking ourselves."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from enum import StrEnum
from ipaddress import ip_network

from channels.contract import Proof, RawMessage
from channels.email.proof.author import claimed_domain, has_short_header, header_of
from channels.email.proof.border import Border, Found, address_of
from channels.email.proof.names import Names
from channels.email.proof.sending_server import Sent
from channels.email.proof.weighing import by_our_own, by_the_border

SECONDS = 5.0
PATIENCE_SECONDS = 8.0
AT_ONCE = 4
KEY = "proof"
OFF = "the checks are switched off"
NOT_FROM_OUTSIDE = "no server from outside brought it"
_OURS = tuple(map(ip_network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "::/128", "::1/128", "fc00::/7", "fe80::/10",
)))  # fmt: skip
log = logging.getLogger(__name__)

KnownAs = Callable[[str], str]
"""The kind of professional whose domain this is (``police``, ``school`` …); empty if it is nobody known."""


class When(StrEnum):
    """Which mail is checked by ourselves, where no border server does it."""

    PUBLIC = "public"  # what a server from outside brought
    YES = "yes"
    NO = "no"


class SenderChecks:
    """Never raises, and asks nobody anything where a border server is set.

    ``names`` is asked in threads of its own, few at once; a mail whose answers do not come in time is left unchecked.
    """

    def __init__(
        self, *, names: Names, known_as: KnownAs, border: Border | None = None, when: When = When.PUBLIC,
        patience: float = PATIENCE_SECONDS,
    ) -> None:  # fmt: skip
        self._names, self._known_as, self._border, self._when = names, known_as, border, when
        self._patience, self._threads = patience, ThreadPoolExecutor(AT_ONCE, "sender-checks")

    async def prove(self, raw: RawMessage) -> RawMessage:
        """The same message with what was found out in its envelope, for ``proof_in``."""
        try:
            proof = await self._proof(raw)
            known = replace(proof, known_as=self._known_as(proof.claims) if proof.claims else "")
        except Exception as error:
            log.error("a sender could not be checked: %s", type(error).__name__)
            return raw
        return replace(raw, envelope={**raw.envelope, KEY: json.dumps(asdict(known))})

    def close(self) -> None:
        """Let go of the threads; what they still ask comes to nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _proof(self, raw: RawMessage) -> Proof:
        short = has_short_header(raw.body)
        claims, found = self._shown(raw.body) if short else await asyncio.to_thread(self._shown, raw.body)
        if self._border is not None:
            if not self._border.brought(raw.envelope):
                return Proof(claims=claims, unchecked="it did not come by our border server")
            return by_the_border(found, claims=claims, border=self._border.name)
        sent = _sent(raw.envelope)
        if self._when is When.NO or (self._when is When.PUBLIC and sent is None):
            return Proof(claims=claims, unchecked=OFF if self._when is When.NO else NOT_FROM_OUTSIDE)
        questions = self._names.within(SECONDS)
        asking = self._threads.submit(by_our_own, raw.body, sent, claims=claims, questions=questions)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asking), self._patience)
        except TimeoutError:
            return Proof(claims=claims, unchecked="the answers did not come in time")

    def _shown(self, mail: bytes) -> tuple[str, tuple[Found, ...]]:
        """The author's domain, and what a border server found, as the header shows them."""
        header = header_of(mail)
        return claimed_domain(header), self._border.found(header) if self._border else ()


def proof_in(envelope: Mapping[str, str]) -> Proof | None:
    """What ``prove`` found out; None where it was never asked."""
    if KEY not in envelope:
        return None
    kept = json.loads(envelope[KEY])
    return Proof(**kept | {"domains": tuple(kept["domains"])})


def _sent(envelope: Mapping[str, str]) -> Sent | None:
    """How a server from outside brought it; None where none did."""
    peer = address_of(envelope.get("peer", ""))
    if peer is None or any(peer in network for network in _OURS):
        return None
    return Sent(peer=str(peer), helo=envelope.get("helo", ""), mail_from=envelope.get("mail_from", ""))

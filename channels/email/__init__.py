"""Mail: people write to our mailboxes over SMTP, and are answered through a relay."""

from __future__ import annotations

from channels.contract import Accept, DeliveryReport, Inbound, Outgoing, RawMessage, WayIn
from channels.email.door import MAX_BYTES, MailDoor, Sort
from channels.email.entrance import Entrance
from channels.email.own import Own
from channels.email.parse import read_mail
from channels.email.proof import Border, SenderChecks
from channels.email.relay import Relay, relay_address
from channels.email.send import send_notice
from channels.email.signing import Signing

__all__ = ["Email"]


class Email:
    """The mail channel: a ``Receiver``, a ``Sender`` and a ``Prover``.

    ``listen`` is ``host:port``, empty to keep the door shut, port 0 for any free one. ``relay`` is
    ``smtp://user:password@host:port`` or None. ``loop_key`` signs our Message-IDs, bounce addresses and loop marks:
    with another key, reports on notices sent before are no longer recognised. ``machines_write_to`` are further
    recipients, and ``sort`` gives what comes there to its own channel. ``checks`` find out who really sent a mail,
    ``border`` is the server whose marks are believed, ``signing`` signs what we send. ``entrance`` is what the door is
    besides SMTP in the clear, ``fetched`` are mailboxes whose mail is fetched. Ids are without angle brackets
    everywhere: what ``send`` returns, ``Inbound.replies_to``, ``reply_handle`` and ``DeliveryReport.provider_id``.
    """

    name = "email"

    def __init__(
        self, *, mailboxes: tuple[str, ...], listen: str, relay: str | None, mail_from: str, organisation: str,
        hostname: str, loop_key: bytes, max_bytes: int = MAX_BYTES, entrance: Entrance | None = None,
        machines_write_to: tuple[str, ...] = (), sort: Sort | None = None, checks: SenderChecks | None = None,
        border: Border | None = None, signing: Signing | None = None, fetched: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._own = Own(
            mailboxes=tuple(dict.fromkeys((*mailboxes, *fetched))), mail_from=mail_from or mailboxes[0],
            loop_key=loop_key, machines_write_to=machines_write_to,
        )  # fmt: skip
        self._fetched = fetched
        self._sort, self._checks, self._border, self._signing = sort, checks, border, signing
        self._listen, self._organisation, self._hostname = listen, organisation, hostname
        self._max_bytes, self._entrance = max_bytes, entrance or Entrance()
        self._relay = Relay(relay_address(relay), hostname=hostname) if relay else None

    def door(self, accept: Accept) -> MailDoor | None:
        """The door for SMTP, LMTP or both; None when both are shut."""
        if not self._is_open:
            return None
        host, _, port = self._listen.rpartition(":")
        return MailDoor(
            accept, own=self._own, host=host.strip("[]") or ("127.0.0.1" if port else ""), port=int(port or 0),
            hostname=self._hostname, max_bytes=self._max_bytes, sort=self._sort, entrance=self._entrance,
        )  # fmt: skip

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """Pure and re-runnable; raises ``Unreadable`` only for what is no mail at all."""
        return read_mail(raw, own=self._own, our_host=self._hostname, border=self._border)

    async def prove(self, raw: RawMessage) -> RawMessage:
        """With what is known of who really sent it; itself where nobody checks."""
        return await self._checks.prove(raw) if self._checks else raw

    def ways_in(self) -> tuple[WayIn, ...]:
        """The mailboxes, for the contact page."""
        boxes = self._own.mailboxes if self._is_open else self._fetched
        return tuple(WayIn(title="Email us", detail=box, href=f"mailto:{box}") for box in boxes)

    async def send(self, notice: Outgoing) -> str:
        """Hand one notice to the relay; returns its Message-ID, raises ``SendFailed`` or ``SendUnknown``."""
        return await send_notice(
            notice, own=self._own, organisation=self._organisation, relay=self._relay, signing=self._signing
        )

    @property
    def own(self) -> Own:
        """Our addresses and marks."""
        return self._own

    @property
    def _is_open(self) -> bool:
        return bool(self._listen or self._entrance.lmtp)

    async def close(self) -> None:
        """End the connection to the relay and the checks under way."""
        if self._checks is not None:
            self._checks.close()
        if self._relay is not None:
            await self._relay.close()

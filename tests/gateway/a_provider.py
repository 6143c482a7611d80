"""A texting provider in a few lines, with a list to look notices up in and a word on what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from channels.contract import DeliveryReport, DeliveryState, Outgoing
from gateway.core import Core
from gateway.desk import Desk
from gateway.late_delivery import LateDelivery
from gateway.notifying import Notifying
from storage import notice, referral
from storage.notice import Notice
from tests.builders import a_message, read_all

FORM = "application/x-www-form-urlencoded"
MOBILE = "+447700900123"


@dataclass(kw_only=True)
class AProvider:
    """``refusals`` are used up one a try; then everything is taken. ``answers_are_lost`` of those taken next.

    ``knows`` is what became of a notice by its provider id; ``is_silent``: it cannot be asked anything.
    """

    name: str = "sms"
    refusals: list[Exception] = field(default_factory=list)
    answers_are_lost: int = 0
    is_silent: bool = False
    taken: dict[str, str] = field(default_factory=dict)
    sent: list[Outgoing] = field(default_factory=list)
    knows: dict[str, DeliveryReport] = field(default_factory=dict)
    asked: int = 0

    async def send(self, notice: Outgoing) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(notice)
        number = f"{self.name}-{len(self.sent)}"
        self.taken[notice.notice_id] = number
        if self.answers_are_lost:
            self.answers_are_lost -= 1
            raise ConnectionResetError
        return number

    async def find(self, notice: Outgoing) -> str | None:
        self._ask()
        return self.taken.get(notice.notice_id)

    async def track(self, provider_id: str) -> DeliveryReport | None:
        self._ask()
        return self.knows.get(provider_id, DeliveryReport(provider_id=provider_id, state=DeliveryState.SENT))

    def becomes(self, state: DeliveryState, reason: str = "", *, number: int = 1) -> DeliveryReport:
        """What became of the text with this number, as the provider says it from now on."""
        report = DeliveryReport(provider_id=f"{self.name}-{number}", state=state, reason=reason)
        self.knows[report.provider_id] = report
        return report

    def _ask(self) -> None:
        self.asked += 1
        if self.is_silent:
            raise ConnectionError("silent")


@dataclass(kw_only=True)
class ARelay:
    """A mail relay in a few lines: it takes or refuses, keeps no list and reports nothing."""

    name: str = "email"
    refusals: list[Exception] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, notice: Outgoing) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(notice)
        return f"<{notice.notice_id}@northshire.example>"


def desk(core: Core, *senders: AProvider | ARelay) -> Desk:
    """The notifying desk of one host, with these channels to send by."""
    step = Notifying(
        database=core.database, seal=core.seal, clock=core.clock, delivery=core.delivery,
        senders={sender.name: sender for sender in senders},
    )  # fmt: skip
    return Desk("notifying", step.step, step.give_up, database=core.database, clock=core.clock)


def sweep(core: Core, *senders: AProvider | ARelay) -> LateDelivery:
    """What looks for notices past their limit."""
    return LateDelivery(
        database=core.database, seal=core.seal, clock=core.clock, delivery=core.delivery,
        senders={sender.name: sender for sender in senders},
    )  # fmt: skip


async def a_text(core: Core, number: int = 1) -> str:
    """Somebody texts; returns the reference they are owed a receipt for."""
    said = {
        "MessageSid": f"SM{number:032d}", "From": f"+447700900{122 + number:03d}", "To": "+441632960000",
        "Body": "The baby cries", "NumMedia": "0",
    }  # fmt: skip
    raw = a_message(urlencode(said).encode(), source_key=f"SM{number}", media_type=FORM)
    receipt = await core.intake.accept(raw)
    await read_all(core)
    return receipt.reference


def notices(core: Core, reference: str) -> list[Notice]:
    """The notices of one referral, in the order they were written."""
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        return notice.of_referrals(session, [row.id or 0])


def states(core: Core, reference: str) -> Sequence[tuple[str, str, str]]:
    """Kind, channel and state of each."""
    return [(one.kind, one.channel, one.state) for one in notices(core, reference)]


def report(core: Core, told: DeliveryReport, **changed: object) -> Notice | None:
    """The provider's own report arrives."""
    with core.database.transaction() as session:
        return core.delivery.reported(session, replace(told, **changed))  # type: ignore[arg-type]

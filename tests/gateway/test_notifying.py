"""Sending: failures are tried again, the unreachable become a person's task, nothing is told twice blindly."""

from channels.contract import DeliveryReport, DeliveryState, Outgoing, SendFailed, SendUnknown
from gateway.core import Core
from gateway.desk import Desk
from gateway.notifying import Notifying
from storage import notice, referral
from storage.notice import Notice
from tests.builders import a_message, read_all
from tests.fakes import MovableClock

SMS = b"MessageSid=SM%032d&AccountSid=AC1&From=%%2B447700900123&To=%%2B441632960000&Body=The+baby+cries&NumMedia=0" % 1


class Phones:
    """A texting provider of four lines: ``outcomes`` are used up, then everything is taken."""

    name = "sms"

    def __init__(self, *outcomes: Exception, taken: str | None = None) -> None:
        self.outcomes, self.taken, self.sent = list(outcomes), taken, 0

    async def send(self, notice: Outgoing) -> str:
        if self.outcomes:
            raise self.outcomes.pop(0)
        self.sent += 1
        return f"SM-out-{self.sent}"

    async def find(self, notice: Outgoing) -> str | None:
        return self.taken


async def a_text(core: Core) -> str:
    raw = a_message(SMS, source_key="SM1", media_type="application/x-www-form-urlencoded")
    receipt = await core.intake.accept(raw)
    await read_all(core)
    return receipt.reference


def desk(core: Core, phones: Phones) -> Desk:
    step = Notifying(
        database=core.database, seal=core.seal, clock=core.clock, senders={"sms": phones}, delivery=core.delivery
    )
    return Desk("notifying", step.step, step.give_up, database=core.database, clock=core.clock)


def notices(core: Core, reference: str) -> list[Notice]:
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        return sorted(notice.of_referrals(session, [row.id or 0]), key=lambda n: n.kind)


async def test_an_owed_receipt_is_sent(core: Core) -> None:
    reference = await a_text(core)
    await desk(core, Phones()).drain()
    (receipt,) = notices(core, reference)
    assert (receipt.state, receipt.provider_id, receipt.attempts) == ("sent", "SM-out-1", 1)


async def test_a_provider_that_is_down_is_tried_again_later(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    phones = Phones(*[SendFailed(permanent=False, reason="busy") for _ in range(3)])
    for _ in range(5):
        await desk(core, phones).drain()
        clock.move(minutes=2)
    (receipt,) = notices(core, reference)
    assert (receipt.state, receipt.attempts) == ("sent", 4)


async def test_an_address_that_will_not_work_becomes_a_persons_task(core: Core) -> None:
    reference = await a_text(core)
    await desk(core, Phones(SendFailed(permanent=True, reason="not a mobile number"))).drain()
    receipt, task = notices(core, reference)
    assert (receipt.state, receipt.reason) == ("failed", "not a mobile number")
    assert (task.kind, task.state, task.substitute_for) == ("staff_task", "owed", receipt.id)


async def test_a_provider_that_stays_down_becomes_a_persons_task(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    phones = Phones(*[SendFailed(permanent=False, reason="busy") for _ in range(50)])
    for _ in range(12):
        await desk(core, phones).drain()
        clock.move(hours=2)
    assert [n.kind for n in notices(core, reference)] == ["receipt", "staff_task"]


async def test_a_lost_answer_is_looked_up_and_the_sender_told_once(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    phones = Phones(SendUnknown("timeout"), taken="SM-found")
    await desk(core, phones).drain()
    clock.move(seconds=31)
    await desk(core, phones).drain()
    (receipt,) = notices(core, reference)
    assert (receipt.state, receipt.provider_id, phones.sent) == ("sent", "SM-found", 0)


async def test_a_lost_answer_the_provider_knows_nothing_of_is_sent_again(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    phones = Phones(SendUnknown("timeout"))
    await desk(core, phones).drain()
    clock.move(seconds=31)
    await desk(core, phones).drain()
    assert (notices(core, reference)[0].state, phones.sent) == ("sent", 1)


async def test_a_late_sent_never_undoes_delivered(core: Core) -> None:
    reference = await a_text(core)
    await desk(core, Phones()).drain()
    for state in (DeliveryState.DELIVERED, DeliveryState.SENT, DeliveryState.FAILED):
        with core.database.transaction() as session:
            core.delivery.reported(session, DeliveryReport(provider_id="SM-out-1", state=state))
    assert [n.state for n in notices(core, reference)] == ["delivered"]


async def test_without_a_way_to_send_a_person_owes_the_receipt(core: Core) -> None:
    reference = await a_text(core)
    step = Notifying(database=core.database, seal=core.seal, clock=core.clock, senders={}, delivery=core.delivery)
    await Desk("notifying", step.step, step.give_up, database=core.database, clock=core.clock).drain()
    assert [n.kind for n in notices(core, reference)] == ["receipt", "staff_task"]


async def test_whoever_asks_for_no_more_texts_gets_none_of_those_still_owed(core: Core) -> None:
    reference = await a_text(core)
    stop = SMS.replace(b"SM%032d" % 1, b"SM2").replace(b"The+baby+cries", b"STOP")
    await core.intake.accept(a_message(stop, source_key="SM2", media_type="application/x-www-form-urlencoded"))
    await read_all(core)
    phones = Phones()
    await desk(core, phones).drain()
    assert phones.sent == 0
    assert ("staff_task", "owed") in [(n.kind, n.state) for n in notices(core, reference)]


async def test_a_provider_that_cannot_be_asked_for_an_hour_is_asked_again(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    phones = Phones(*[SendUnknown("timeout") for _ in range(6)])
    for _ in range(60):
        await desk(core, phones).drain()
        clock.move(minutes=1)
    assert [(n.kind, n.state) for n in notices(core, reference)] == [("receipt", "owed")]

"""No number gets more texts from us in a day than is set, whoever makes us write: a person tells the rest."""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from channels.contract import SendError, SendFailed
from gateway.core import Core, build_core
from gateway.reaching import MANY_TEXTS
from gateway.safe_contact import Said, keep
from gateway.settings import Settings
from storage import identity, notice, referral
from storage.blobs import Blobs
from storage.database import Database
from storage.identity import Identity
from storage.notice import Notice, NoticeKind
from storage.sealing import Seal
from tests.builders import a_message, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.a_provider import FORM, AProvider, ARelay, desk

MOST = 3


@pytest.fixture
def core(settings: Settings, database: Database, blobs: Blobs, seal: Seal, clock: MovableClock) -> Core:
    three = settings.model_copy(update={"texts_per_number": MOST})
    return build_core(three, clock=clock, seal=seal, database=database, blobs=blobs)


@dataclass(frozen=True, kw_only=True)
class Added:
    """One text: the referral it was added to, and the reference of its own that its sender, a stranger, is told."""

    to: str
    own: str


async def reports(core: Core, *keys: str, sender: str = "+447700900123") -> list[Added]:
    """As many texts from one number, each about a referral of its own."""
    added = []
    for key in keys:
        about = await a_referral(core)
        fields = {"MessageSid": key, "From": sender, "Body": f"{about.reference} more: {key}"}
        told = await core.intake.accept(a_message(urlencode(fields).encode(), source_key=key, media_type=FORM))
        await read_all(core)
        added.append(Added(to=about.reference, own=told.reference))
        core.clock.move(seconds=1)  # type: ignore[attr-defined]
    return added


def of(core: Core, reference: str) -> list[tuple[str, str, str | None]]:
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        rows = notice.of_referrals(session, [row.id or 0])
    return sorted((n.kind, n.state, n.reason) for n in rows if n.channel in ("sms", "staff"))


async def test_the_first_texts_of_a_day_go_and_a_person_owes_each_of_the_others(core: Core) -> None:
    told, phones = await reports(core, *"abcde"), AProvider()
    await desk(core, phones).drain()
    assert sorted(sent.reference for sent in phones.sent) == sorted(text.own for text in told[:MOST])
    for text in told[MOST:]:
        (receipt, *tasks) = of(core, text.to)
        assert receipt == ("receipt", "cancelled", MANY_TEXTS)
        assert all(task[:2] == ("staff_task", "owed") for task in tasks)
        assert len([task for task in tasks if MANY_TEXTS in (task[2] or "")]) == 1


async def test_the_next_day_it_may_be_texted_again(core: Core, clock: MovableClock) -> None:
    await reports(core, *"abcd")
    await desk(core, AProvider()).drain()
    clock.move(hours=24, seconds=1)
    phones = AProvider()
    (later,) = await reports(core, "e")
    await desk(core, phones).drain()
    assert [sent.reference for sent in phones.sent] == [later.own]


async def test_another_number_has_texts_of_its_own(core: Core) -> None:
    await reports(core, *"abcd")
    (other,) = await reports(core, "e", sender="+447700900124")
    phones = AProvider()
    await desk(core, phones).drain()
    assert other.own in [sent.reference for sent in phones.sent] and len(phones.sent) == MOST + 1


async def test_later_notices_count_too_and_whoever_would_send_one_sees_that_a_person_must(core: Core) -> None:
    told = await reports(core, *"abc")
    with core.database.reading() as session:
        row = referral.by_reference(session, told[0].to)
        (who,) = session.exec(select(Identity).where(Identity.address_class == "mobile"))
        assert row is not None
        owed, _ = core.reaching.to_sender(session, row, NoticeKind.LOOKED_AT, who)
    assert owed.kind == NoticeKind.STAFF_TASK and MANY_TEXTS in (owed.reason or "")


async def test_a_text_that_is_tried_again_counts_once_whatever_came_between(core: Core, clock: MovableClock) -> None:
    (first,) = await reports(core, "a")
    phones = AProvider(refusals=[SendFailed(error=SendError.UNREACHABLE, reason="busy")])
    await desk(core, phones).drain()
    await reports(core, *"bcde")
    clock.move(minutes=10)
    await desk(core, phones).drain()
    assert first.own in [sent.reference for sent in phones.sent] and len(phones.sent) == MOST


async def test_an_alert_to_our_own_staff_is_never_held_back(core: Core) -> None:
    row = await a_referral(core)
    with core.database.transaction() as session:
        who = Identity(address_class="mobile", address_hash="h", sealed_address=b"", created_at=core.clock())
        session.add(who)
        session.flush()
        who.sealed_address = core.seal.close(b"+447700900199", f"address:{who.id}")
        alerts = [
            Notice(
                referral_id=row.id or 0, kind=NoticeKind.STAFF_TASK, channel="sms", identity_id=who.id,
                due_at=core.clock(), created_at=core.clock(), for_role="manager",
            )
            for _ in range(MOST + 2)
        ]  # fmt: skip
        session.add_all(alerts)
        session.flush()
        assert [core.reaching.may_send(session, each) for each in alerts] == [""] * len(alerts)
        assert notice.texts_to(session, who.id, since=core.clock()) == 0


async def test_the_same_texts_go_whichever_desk_is_first(core: Core) -> None:
    told = await reports(core, *"abcdef")
    with core.database.reading() as session:
        owed = [n for n in session.exec(select(Notice)) if n.channel == "sms"]
        Random(7).shuffle(owed)
        may = {n.referral_id for n in owed if not core.reaching.may_send(session, n)}
        first = {referral.by_reference(session, each.to).id for each in told[:MOST]}  # type: ignore[union-attr]
    assert may == first


async def test_another_safe_address_of_theirs_is_used_before_a_person_is(core: Core) -> None:
    told = await reports(core, *"abcd")
    with core.database.transaction() as session:
        row = referral.by_reference(session, told[-1].to)
        (late,) = [n for n in notice.of_referrals(session, [row.id or 0]) if n.channel == "sms"]  # type: ignore[union-attr]
        assert row is not None and late.identity_id is not None
        mail = identity.remember(
            session, core.seal, found_by="email:a@example.org", address_class="email", value="a@example.org", name="",
            at=core.clock(),
        )  # fmt: skip
        keep(core.seal, mail, Said(ok_for={"email": True}), by="sam", at=core.clock())
        identity.add_way(
            session, referral_id=row.id or 0, of_identity_id=late.identity_id, identity_id=mail.id, said_by="sam",
            at=core.clock(),
        )  # fmt: skip
    phones, relay = AProvider(), ARelay()
    await desk(core, phones, relay).drain()
    assert len(phones.sent) == MOST and [sent.reference for sent in relay.sent] == [told[-1].own]

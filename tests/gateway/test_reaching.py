"""By which way a sender is told: their own if it is safe, the next that is, never anybody else's, else a person."""

from urllib.parse import urlencode

import pytest
from sqlmodel import select

from channels.contract import RawMessage
from gateway import notices
from gateway.contacting import said_of, write_contact, write_household
from gateway.core import Core
from gateway.deciding import Actor
from gateway.notices import Owed
from storage import identity, notice, referral
from storage.identity import Identity
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from tests.builders import a_message, a_note, read_all
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")
FORM = "application/x-www-form-urlencoded"
HOME = "2 Example Lane, Northtown, NT1 1AA"


async def taken(core: Core, raw: RawMessage) -> str:
    receipt = await core.intake.accept(raw)
    await read_all(core)
    return receipt.reference


async def a_text(core: Core, number: str = "07700900123", body: str = "The baby cries") -> str:
    form = urlencode({"MessageSid": f"SM{number}{body[:4]}", "From": f"+44{number[1:]}", "Body": body}).encode()
    return await taken(core, a_message(form, source_key=f"{number}{body}"))


async def a_form(core: Core, **typed: str) -> str:
    return await taken(core, a_message(urlencode(typed).encode(), channel="web_form", media_type=FORM))


def told(core: Core, reference: str, *tried: str, kind: NoticeKind = NoticeKind.LOOKED_AT) -> tuple[Owed, str]:
    """What is owed next, and the address it would go to."""
    with core.database.reading() as session:
        row = found(core, reference)
        who = session.get(Identity, row.identity_id) if row.identity_id else None
        ids = [each.id for each in identities(core) if identity.address_of(core.seal, each) in tried]
        owed, to = core.reaching.to_sender(session, row, kind, who, tried=ids)
        return owed, identity.address_of(core.seal, to) if to else ""


def found(core: Core, reference: str) -> Referral:
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
    assert row is not None
    return row


def identities(core: Core) -> list[Identity]:
    with core.database.reading() as session:
        return list(session.exec(select(Identity)))


def now_owed(core: Core, reference: str) -> list[Notice]:
    with core.database.reading() as session:
        rows = notice.of_referrals(session, [found(core, reference).id or 0])
    return sorted(rows, key=lambda each: each.kind == "staff_task")


def asked(core: Core, reference: str, address: str = "", words: str = "", **ok_for: bool) -> None:
    """Staff asked how to reach the sender, and wrote it down."""
    with core.database.transaction() as session:
        said = said_of(ok_for=ok_for, words=words)
        write_contact(session, core, found(core, reference), SAM, address=address, said=said)


def is_home(core: Core, reference: str, address: str) -> None:
    with core.database.transaction() as session:
        write_household(session, core, found(core, reference), SAM, address=address)


async def test_the_address_they_used_is_safe_until_something_says_otherwise(core: Core) -> None:
    owed, to = told(core, await a_text(core))
    assert (owed.channel, owed.state, to) == ("sms", "owed", "+447700900123")


async def test_other_addresses_that_are_safe_follow_by_text_email_and_post(core: Core) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=False)
    asked(core, reference, HOME, post=True)
    asked(core, reference, "jo@example.org", email=True)
    asked(core, reference, "07700 900456", sms=True)
    ways = [told(core, reference)]
    ways += [told(core, reference, "+447700900456"), told(core, reference, "+447700900456", "jo@example.org")]
    assert [(owed.channel, to) for owed, to in ways] == [
        ("sms", "+447700900456"),
        ("email", "jo@example.org"),
        ("letter", HOME),
    ]
    owed, _ = told(core, reference, "+447700900456", "jo@example.org", HOME)
    assert owed.kind == "staff_task"


async def test_an_address_nobody_called_safe_is_never_a_next_way(core: Core) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=False)
    asked(core, reference, "jo@example.org")
    assert told(core, reference)[0].kind == "staff_task"


async def test_what_a_stranger_adds_by_quoting_the_reference_is_no_way_to_the_sender(core: Core) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=False)
    await a_form(core, concern=f"more on {reference}", contact_email="other@example.org", safe_email="yes",
                 contact_phone="07700 900999", safe_text="yes")  # fmt: skip
    assert told(core, reference)[0].kind == "staff_task"


async def test_a_no_said_by_anybody_is_heeded_on_every_referral_and_no_later_yes_of_theirs_undoes_it(
    core: Core,
) -> None:
    reference = await a_text(core)
    await a_form(core, concern="words", contact_phone="07700 900123", safe_phone="yes")
    await a_form(core, concern="words", contact_phone="07700 900123", safe_text="yes")
    owed, _ = told(core, reference)
    assert owed.reason is not None and "it is not safe to text them" in owed.reason
    asked(core, reference, sms=True)
    assert told(core, reference)[0].channel == "sms"


async def test_a_number_to_call_back_is_texted_only_after_a_yes(core: Core) -> None:
    asked_nothing = await taken(core, a_note(callback="07700 900123"))
    said_yes = await taken(core, a_note(callback="07700 900124", safe_text="yes"))
    owed, _ = told(core, asked_nothing)
    assert owed.kind == "staff_task" and "call them" in (owed.reason or "")
    assert told(core, said_yes)[0].channel == "sms"


async def test_who_may_not_be_called_either_is_told_by_hand(core: Core) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=False, voice=False)
    owed, _ = told(core, reference)
    assert "call them" not in (owed.reason or "") and (owed.reason or "").startswith("tell the sender by hand")


async def test_who_wants_no_machine_gets_a_person_whatever_else_is_safe(core: Core) -> None:
    reference = await a_text(core)
    asked(core, reference, "jo@example.org", email=True)
    asked(core, reference, words="none")
    owed, _ = told(core, reference)
    assert owed.kind == "staff_task" and "no machine writes to them" in (owed.reason or "")


async def test_who_asked_for_discreet_words_gets_them_by_email_and_no_letter(core: Core) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=False)
    asked(core, reference, HOME, post=True, words="discreet")
    asked(core, reference, "jo@example.org", email=True, words="discreet")
    owed, to = told(core, reference)
    assert (owed.words, to) == ("email-discreet", "jo@example.org")
    assert told(core, reference, "jo@example.org")[0].kind == "staff_task"


async def test_what_was_asked_a_year_ago_is_asked_again(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=True, words="open")
    clock.move(days=364)
    assert told(core, reference)[0].channel == "sms"
    clock.move(days=2)
    owed, _ = told(core, reference)
    assert owed.kind == "staff_task" and "too long ago" in (owed.reason or "")


async def test_a_no_does_not_grow_old(core: Core, clock: MovableClock) -> None:
    reference = await a_text(core)
    asked(core, reference, sms=False)
    clock.move(days=1000)
    assert "it is not safe to text them" in (told(core, reference)[0].reason or "")


@pytest.mark.parametrize("written", ["2 Example Lane, Northtown, NT1 1AA", "2 Example Ln\nNT11AA"])
async def test_post_never_goes_to_the_childs_home_however_it_is_written(core: Core, written: str) -> None:
    reference = await a_form(core, concern="words", contact_address=HOME, safe_post="yes")
    assert told(core, reference)[0].channel == "letter"
    is_home(core, reference, written)
    owed, _ = told(core, reference)
    assert (owed.kind, "find a safe way" in (owed.reason or "")) == ("staff_task", True)


async def test_a_form_that_says_where_the_child_is_holds_that_address(core: Core) -> None:
    reference = await a_form(core, concern="words", where=HOME, contact_address="2 Example Lane NT1 1AA", safe_post="y")
    assert "find a safe way" in (told(core, reference)[0].reason or "")


async def test_the_sender_who_is_called_at_the_childs_own_number_is_never_texted_there(core: Core) -> None:
    reference = await a_text(core)
    is_home(core, reference, "07700 900123")
    assert "find a safe way" in (told(core, reference)[0].reason or "")
    other = await a_text(core, "07700900777", "another child")
    assert told(core, other)[0].channel == "sms"


async def test_a_hold_learnt_before_a_notice_went_out_withholds_it_and_gives_it_to_a_person(core: Core) -> None:
    reference = await a_text(core)
    is_home(core, reference, "07700 900123")
    with core.database.transaction() as session:
        (receipt,) = notice.of_referrals(session, [found(core, reference).id or 0])
        assert core.reaching.may_send(session, receipt) == notices.HELD
        assert core.delivery.withheld(session, receipt)
    receipt, task = now_owed(core, reference)
    assert (receipt.state, receipt.reason) == ("cancelled", notices.HELD)
    assert (task.kind, task.state) == ("staff_task", "owed") and "find a safe way" in (task.reason or "")


async def test_stopped_between_owing_and_sending_withholds_a_text(core: Core) -> None:
    reference = await a_text(core)
    await a_text(core, body="STOP")
    with core.database.transaction() as session:
        (receipt,) = notice.of_referrals(session, [found(core, reference).id or 0])
        assert core.delivery.withheld(session, receipt)
    assert [each.state for each in now_owed(core, reference)] == ["cancelled", "owed"]


async def test_nothing_else_withholds_a_notice(core: Core) -> None:
    reference = await a_text(core)
    with core.database.transaction() as session:
        (receipt,) = notice.of_referrals(session, [found(core, reference).id or 0])
        assert not core.delivery.withheld(session, receipt)
    assert [each.state for each in now_owed(core, reference)] == ["owed"]


async def test_stop_joins_what_we_texted_of_closes_nothing_and_start_undoes_it(core: Core) -> None:
    reference = await a_text(core)
    await a_text(core, body="STOP")
    stopped = told(core, reference)[0]
    row = found(core, reference)
    assert (row.state, len(now_owed(core, reference))) == ("received", 1)
    assert stopped.kind == "staff_task" and "texts were stopped" in (stopped.reason or "")
    await a_text(core, body="START")
    assert told(core, reference)[0].channel == "sms"


async def test_without_an_address_the_page_of_the_reference_tells(core: Core) -> None:
    reference = await a_form(core, concern="words")
    shown = [told(core, reference, kind=kind)[0] for kind in (NoticeKind.LOOKED_AT, NoticeKind.CLOSED)]
    assert [(owed.channel, owed.state) for owed in shown] == [("web", "sent")] * 2
    late = told(core, reference, kind=NoticeKind.LATE)[0]
    assert (late.state, late.reason) == ("cancelled", "no address was given")


async def test_the_letter_writer_without_an_address_row_gets_a_letter(core: Core) -> None:
    receipt = await core.intake.accept(a_message(b"x", channel="letter", media_type="text/plain"))
    await read_all(core)
    assert told(core, receipt.reference)[0].channel == "letter"

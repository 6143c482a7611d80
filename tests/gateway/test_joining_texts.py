"""A text finds the referral it answers, open or finished: the one we last texted its number about."""

from urllib.parse import urlencode

from channels.contract import RawMessage
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.reading.recording import WHICH_ONE
from storage import audit, message, notice, referral
from storage.notice import Notice
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.fakes import MovableClock
from tests.gateway.a_provider import FORM, AProvider, desk
from tests.gateway.office import Office, words_of

SAM = Actor(name="sam", role="social_worker")
NUMBER = "+447700900123"
FINISHED = {"code": "nfa", "reason": "safe", "level": "1"}


def a_text(body: str, key: str, sender: str = NUMBER) -> RawMessage:
    fields = {"MessageSid": key, "From": sender, "To": "+441632960000", "Body": body, "NumMedia": "0"}
    return a_message(urlencode(fields).encode(), source_key=key, media_type=FORM)


async def texted(core: Core, body: str, key: str, sender: str = NUMBER) -> Referral:
    """One text, read; the referral it ended in."""
    receipt = await core.intake.accept(a_text(body, key, sender))
    await read_all(core)
    await desk(core, AProvider()).drain()
    with core.database.reading() as session:
        found = referral.by_id(session, _ended(core, receipt.reference))
    assert found is not None
    return found


def _ended(core: Core, reference: str) -> int:
    with core.database.reading() as session:
        return message.ended_in(session, [reference]) or 0


def act(core: Core, row: Referral, action: Action, **asked: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, action, SAM, asked)


def history(core: Core, row: Referral) -> list[str]:
    with core.database.reading() as session:
        return [line.what for line in audit.of_referrals(session, [row.id or 0])]


def receipts(core: Core, row: Referral) -> list[Notice]:
    with core.database.reading() as session:
        return [n for n in notice.of_referrals(session, [row.id or 0]) if n.kind == "receipt"]


async def test_three_texts_in_a_minute_are_one_referral_with_one_receipt_read_in_order(
    core: Core, clock: MovableClock
) -> None:
    pieces = {"b": "(2/3) and he hit her", "a": "(1/3) He came home drunk", "c": "again (3/3)"}
    rows = []
    for key, body in pieces.items():
        rows.append(await texted(core, body, key))
        clock.move(seconds=20)
    assert len({row.id for row in rows}) == 1 and len(receipts(core, rows[0])) == 1
    assert [row.summary for row in rows[:2]] == ["(2/3) and he hit her", "(1/3) He came home drunk"]
    office = Office(core)
    async with office.program() as client:
        seen = (await client.get(f"/api/v1/referrals/{rows[0].reference}")).json()
    assert seen["text"] == "(1/3) He came home drunk\n(2/3) and he hit her\nagain (3/3)"
    first, *others = seen["messages"]
    assert first["goes_on"] is None and [each["goes_on"] for each in others] == [first["id"]] * 2
    page = words_of(await (await office.browser(Role.SOCIAL_WORKER)).see(f"/referrals/{rows[0].reference}"))
    assert "3 texts read as one" in page
    assert "(1/3) He came home drunk (2/3) and he hit her again (3/3)" in page


async def test_a_text_after_two_reports_goes_to_the_one_we_last_texted_about_and_says_that_it_guesses(
    core: Core, clock: MovableClock
) -> None:
    first = await texted(core, "The baby at 12 cries", "a")
    clock.move(days=2)
    second = await texted(core, "A boy on his own at the station", "b")
    assert first.id != second.id
    clock.move(minutes=1)
    act(core, first, Action.OPEN)
    act(core, first, Action.ASK, question="Which street", answer_by="2026-11-27T17:00:00Z")
    await desk(core, AProvider()).drain()
    clock.move(minutes=5)
    answer = await texted(core, "Mill Lane", "c")
    assert (answer.id, answer.state) == (first.id, "in_triage")
    assert any("1 more of that number is open, check which is meant" in line for line in history(core, first))
    assert answer.next_action == WHICH_ONE


async def test_an_answer_to_a_question_is_one_days_later_too(core: Core, clock: MovableClock) -> None:
    row = await texted(core, "The baby at 12 cries", "a")
    act(core, row, Action.OPEN)
    act(core, row, Action.ASK, question="Which street", answer_by="2026-11-27T17:00:00Z")
    await desk(core, AProvider()).drain()
    clock.move(days=3)
    assert (await texted(core, "Mill Lane", "b")).id == row.id
    assert not any("check which is meant" in line for line in history(core, row))


async def test_a_reply_to_the_text_that_closed_it_opens_it_again(core: Core, clock: MovableClock) -> None:
    row = await texted(core, "The baby at 12 cries", "a")
    act(core, row, Action.OPEN)
    act(core, row, Action.DECIDE, **FINISHED)
    act(core, row, Action.CLOSE, reason="told")
    await desk(core, AProvider()).drain()
    clock.move(hours=3)
    again = await texted(core, "It happened again", "b")
    assert (again.id, again.state) == (row.id, "reopened")


async def test_a_text_long_after_it_was_closed_is_a_new_report(core: Core, clock: MovableClock) -> None:
    row = await texted(core, "The baby at 12 cries", "a")
    act(core, row, Action.OPEN)
    act(core, row, Action.DECIDE, **FINISHED)
    act(core, row, Action.CLOSE, reason="told")
    await desk(core, AProvider()).drain()
    clock.move(days=5)
    assert (await texted(core, "Something else", "b")).id != row.id


async def test_somebody_elses_number_joins_nothing(core: Core) -> None:
    row = await texted(core, "The baby at 12 cries", "a")
    assert (await texted(core, "yes", "b", "+447700900124")).id != row.id


async def test_a_text_that_never_went_out_is_not_answered(core: Core, clock: MovableClock) -> None:
    row = await texted(core, "The baby at 12 cries", "a")
    act(core, row, Action.OPEN)
    act(core, row, Action.DECIDE, **FINISHED)
    act(core, row, Action.CLOSE, reason="told")
    with core.database.transaction() as session:
        for each in notice.of_referrals(session, [row.id or 0]):
            each.state = "cancelled"
            session.add(each)
    clock.move(minutes=5)
    assert (await texted(core, "Something else", "b")).id != row.id

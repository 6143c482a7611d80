"""The page of a call: kept as it is written, never overwritten unseen, handed in once, and who called kept apart."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import Session, select

from gateway import saying
from gateway.calls_taken import calls_taken
from gateway.core import Core
from storage import audit, identity
from storage.draft import Draft
from storage.message import Message
from storage.notice import Notice
from storage.referral import Referral
from storage.reserve import Reserved
from storage.staff import Role
from tests.builders import a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.live.caller import listening
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.staff.test_live_page import a_call as a_line
from tests.gateway.staff.test_live_page import heard

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def a_call(browser: Browser) -> str:
    """The address of a call that has begun."""
    answer = await browser.send(await browser.see("/calls"), "/calls")
    assert answer.status_code == 303
    return str(answer.headers["location"])


def only(session: Session) -> Draft:
    return session.exec(select(Draft)).one()


async def written(browser: Browser, call: str, **typed: str) -> LexborHTMLParser:
    answer = await browser.send(await browser.see(call), call, do="save", **typed)
    assert answer.status_code == 303, answer.text
    return await browser.see(call)


async def test_a_call_begins_at_once_and_nothing_on_its_page_is_required(core: Core, office: Office) -> None:
    page = await (casey := await office.browser(Role.CALL_TAKER, "casey")).see(await a_call(casey))
    assert page.css("[required], [aria-required]") == []
    assert page.css_first("textarea#text[autofocus]") is not None
    assert "It is shown as soon as something is written down and kept." in words_of(page)
    with core.database.reading() as session:
        row = only(session)
        assert (row.taken_by, row.state, row.version) == ("casey", "open", 0)
        assert session.exec(select(Reserved.reference)).all() == [row.reference]


async def test_what_is_kept_is_sealed_and_its_reference_is_told_in_the_words_to_read_out(
    core: Core, office: Office
) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    page = await written(casey, await a_call(casey), text="Shouting next door", in_danger="no")
    with core.database.reading() as session:
        row = only(session)
    assert row.sealed is not None and b"Shouting" not in row.sealed
    words = words_of(page)
    assert row.reference in words and saying.read_out_reference(row.reference) in words
    assert page.css_first("#tick_danger[checked]") is not None and page.css_first("#tick_child[checked]") is None
    assert "Child in danger now no" in words


async def test_a_call_that_is_not_finished_is_found_and_finished_by_somebody_else(core: Core, office: Office) -> None:
    casey, sam = await office.browser(Role.CALL_TAKER, "casey"), await office.browser(Role.SOCIAL_WORKER, "sam")
    call = await a_call(casey)
    await written(casey, call, text="Shouting next door")
    assert "A call taken by casey at 10:15am is not finished" in words_of(await sam.see("/calls"))
    page = await sam.see(call)
    assert "casey began this call" in words_of(page)
    answer = await sam.send(page, call, do="finish", text="Shouting next door, and crying")
    assert answer.headers["location"] == f"{call}/done"
    await read_all(core)
    with core.database.reading() as session:
        [message], [row] = session.exec(select(Message)), session.exec(select(Referral))
        draft = only(session)
    assert (draft.state, draft.sealed, draft.handed_by) == ("handed_in", None, "sam")
    assert message.text == "Shouting next door, and crying"
    assert row.reference == draft.reference
    with core.database.reading() as session:
        assert session.exec(select(Reserved)).all() == []


async def test_two_who_write_at_once_see_both_and_lose_nothing(core: Core, office: Office) -> None:
    casey, jo = await office.browser(Role.CALL_TAKER, "casey"), await office.browser(Role.SOCIAL_WORKER, "jo")
    call = await a_call(casey)
    at_first = await jo.see(call)
    await written(casey, call, text="A boy at the window", where="Mill Lane")
    answer = await jo.send(at_first, call, do="save", text="She rang again", where="Hill Lane")
    assert answer.status_code == 409
    page = LexborHTMLParser(answer.text)
    words = words_of(page)
    assert "casey wrote here too" in words and "A boy at the window" in words and "Mill Lane" in words
    assert "She rang again</textarea>" in answer.text
    with core.database.reading() as session:
        assert only(session).saved_by == "casey"
    both = await jo.send(page, call, do="both", text="She rang again", where="Hill Lane")
    assert both.status_code == 303
    kept = await jo.see(call)
    notes = kept.css_first("textarea#text")
    assert notes and notes.text() == "A boy at the window\n\nShe rang again\n\nWhere the child is: Mill Lane"
    where = kept.css_first("#where")
    assert where and where.attributes["value"] == "Hill Lane"


async def test_saves_of_one_page_may_come_in_any_order(core: Core, office: Office) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    page = await casey.see(call)
    mark, name = (str(i.attributes["value"]) for i in page.css("#call [name=mark], #call [name=page]"))

    async def save(turn: int, text: str) -> int:
        typed = {"mark": mark, "page": name, "version": "0", "turn": str(turn), "text": text}
        return (await casey.client.post(f"{call}/kept", data=typed)).status_code

    assert [await save(1, "one"), await save(3, "one two three"), await save(2, "one two")] == [200, 200, 200]
    notes = (await casey.see(call)).css_first("textarea#text")
    assert notes and notes.text() == "one two three"


async def test_who_called_is_shown_to_who_took_the_call_and_to_social_workers_on_record(
    core: Core, office: Office
) -> None:
    casey, robin = [await office.browser(Role.CALL_TAKER, name) for name in ("casey", "robin")]
    sam = await office.browser(Role.SOCIAL_WORKER, "sam")
    call = await a_call(casey)
    await written(casey, call, text="Shouting", caller_name="Jo Example", callback="07700 900123")
    hidden = await robin.see(call)
    assert "Jo Example" not in hidden.html and "900123" not in hidden.html  # type: ignore[operator]
    await robin.send(hidden, call, do="save", text="Shouting and crying")
    assert office.private_history() == []
    seen = await sam.see(call)
    assert seen.css_first("#caller_name").attributes["value"] == "Jo Example"  # type: ignore[union-attr]
    [(who, what)] = office.private_history()
    assert who == "sam" and re.fullmatch(r"Looked at who called, in the notes of \S+", what)


async def test_what_tells_who_called_stands_apart_from_the_words(core: Core, office: Office) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    typed = {"caller_name": "Jo Example", "relation": "grandmother", "code_word": "bluebell", "safe_call": "yes"}
    await casey.send(
        await casey.see(call),
        call,
        do="finish",
        text="He has no coat",
        callback="01632 960123",
        under_18="yes",
        **typed,
    )
    await read_all(core)
    with core.database.reading() as session:
        [row], [message] = session.exec(select(Referral)), session.exec(select(Message))
        who = session.get_one(identity.Identity, row.identity_id)
        name = identity.name_of(core.seal, who)
    assert row.child_told_us and "grandmother" not in message.text and "bluebell" not in message.text
    assert name.splitlines()[:2] == ["Jo Example", "To the child they are: grandmother"]


async def test_what_is_typed_after_the_call_is_over_is_shown_and_not_lost(core: Core, office: Office) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    page = await casey.see(call)
    await casey.send(page, call, do="finish", text="Shouting next door")
    answer = await casey.send(page, call, do="save", text="and a baby", child="Alex")
    assert answer.status_code == 409
    assert "This call is over" in words_of(answer) and "and a baby" in words_of(answer) and "Alex" in words_of(answer)


async def test_a_call_about_a_report_the_caller_has_is_added_to_it(core: Core, office: Office) -> None:
    earlier, casey = await a_referral(core), await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    await casey.send(await casey.see(call), call, do="finish", text="It happened again", reference=earlier.reference)
    await read_all(core)
    words = words_of(await casey.see(f"{call}/done"))
    assert f"{earlier.reference} {saying.read_out_reference(earlier.reference)}" in words
    assert "It was added to that report" in words


async def test_a_manager_who_is_asked_for_is_told_with_the_reference_while_the_call_goes_on(
    core: Core, office: Office
) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    await casey.send(await casey.see(call), call, do="manager", text="He is back")
    await read_all(core)
    assert await calls_taken(core).left.look() == 0
    with core.database.reading() as session:
        [row], draft = session.exec(select(Referral)), only(session)
        task = session.exec(select(Notice).where(Notice.for_role == "duty_manager")).one()
    assert row.reference == draft.reference and draft.state == "open" and task.referral_id == row.id
    assert "A manager is asked for by casey" in words_of(await casey.see("/tasks"))
    assert "The duty manager is told, with the reference." in words_of(await casey.see(call))
    await casey.send(await casey.see(call), call, do="finish", text="He is back. The police are there.")
    await read_all(core)
    with core.database.reading() as session:
        assert [m.text for m in session.exec(select(Message).order_by(Message.ledger_no))] == [  # type: ignore[arg-type]
            "He is back", "He is back. The police are there.",
        ]  # fmt: skip
        assert len(session.exec(select(Referral)).all()) == 1


async def test_the_minute_after_a_call_is_not_skipped_but_may_be_put_off_as_by_a_ringing_phone(
    core: Core, office: Office, clock: MovableClock
) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    await casey.send(await casey.see(call), call, do="finish", text="Shouting")
    await read_all(core)
    clock.move(seconds=20)
    early = await casey.send(await casey.see(f"{call}/done"), f"{call}/done", do="done", agreed="We ring on Friday")
    assert early.status_code == 409
    assert "The minute is not over" in words_of(early) and "We ring on Friday</textarea>" in early.text
    await a_call(casey)  # the phone rings
    with core.database.reading() as session:
        assert session.get_one(Draft, call.rsplit("/", 1)[1]).is_parked
    parked = await casey.send(await casey.see(f"{call}/done"), f"{call}/done", do="park")
    assert parked.headers["location"] == "/calls"
    assert "Yours to wrap up The call of 10:15am" in words_of(await casey.see("/calls"))
    clock.move(seconds=40)
    done = await casey.send(
        await casey.see(f"{call}/done"), f"{call}/done", do="done", agreed="We ring on Friday", told_next="yes"
    )
    assert done.headers["location"] == "/queue"
    with core.database.reading() as session:
        [row] = session.exec(select(Referral))
        said = [line.what for line in audit.of_referrals(session, [row.id or 0]) if line.who == "casey"]
    assert said == ["After the call: told them what happens next and by when. Agreed: We ring on Friday"]
    assert "Yours to wrap up" not in words_of(await casey.see("/calls"))


async def test_readers_take_no_calls(office: Office) -> None:
    reader, casey = await office.browser(Role.READONLY), await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    for path in ("/calls", call, f"{call}/heard", f"{call}/read-back"):
        assert (await reader.client.get(path)).status_code == 403
    assert (await office.stranger().get(call)).status_code == 303
    assert (await casey.client.get("/calls/none")).status_code == 404


async def test_what_was_told_before_is_found_while_they_talk(core: Core, office: Office) -> None:
    earlier, casey = await a_referral(core, "Shouting at Mill Lane, a boy without a coat"), await office.browser()
    call = await a_call(casey)
    assert earlier.reference in words_of(await casey.see(f"{call}/found?typed=mill lane coat"))
    assert "Nothing was found. Write on" in words_of(await casey.see(f"{call}/found?typed=nowhere"))
    assert words_of(await casey.see(f"{call}/found?typed=m")) == ""


async def test_the_words_of_the_line_that_is_on_stand_beside_the_notes_and_never_in_them(
    core: Core, office: Office, clock: MovableClock
) -> None:
    async with listening(core):
        line = await a_line(core)
        heard(core, line, "There is a child crying")
        casey = await office.browser(Role.CALL_TAKER, "casey")
        call = await a_call(casey)
        page = await casey.see(call)
        assert "On the line since 10:15am" in words_of(page)
        assert "There is a child crying" in words_of(await casey.see(f"{call}/heard"))
        notes = page.css_first("textarea#text")
        assert notes and notes.text() == ""
        await a_line(core, "CA2")
        other = await a_call(casey)
        assert "Choose which one is yours" in words_of(await casey.see(other))
        await written(casey, other, text="Crying", line=line.id)
        assert "There is a child crying" in words_of(await casey.see(other))
        clock.move(minutes=11)
        await core.capturing.index.write([line.id])
        assert await calls_taken(core).left.look() == 0  # somebody may listen for long before they write
    clock.move(minutes=2)
    assert await calls_taken(core).left.look() == 1

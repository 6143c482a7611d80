"""A person has the usual acknowledgement sent with one press, where no machine sent it of itself."""

from __future__ import annotations

from datetime import timedelta

from gateway.core import Core
from gateway.in_thread import open_handle
from storage import identity, notice, referral
from storage.notice import Notice
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_note, read_all
from tests.channels.email.northshire import a_mail, as_kept
from tests.gateway.office import Office, words_of


async def received(core: Core, **fields: str) -> Referral:
    """A mail that came in the council's own house, read."""
    kept = as_kept(a_mail(**fields))
    envelope = {**kept.envelope, "peer": "127.0.0.1:4711"}
    raw = type(kept)(**kept.__dict__ | {"envelope": envelope, "source_key": fields.get("Message_ID", "")})
    receipt = await core.intake.accept(raw)
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
    assert row is not None
    return row


def notices_of(core: Core, row: Referral) -> list[Notice]:
    """By their kind: those of one moment stand in any order."""
    with core.database.reading() as session:
        return sorted(notice.of_referrals(session, [row.id or 0]), key=lambda each: each.kind)


async def test_one_press_owes_it_in_the_senders_thread_and_ends_the_task(core: Core, office: Office) -> None:
    row = await received(core, List_Id="<parents.example.org>")
    withheld, task = notices_of(core, row)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    action = f"/referrals/{row.reference}/tasks/{task.id}/send"
    done = words_of(await browser.see(str((await browser.send(page, action)).headers["location"])))
    assert "The usual acknowledgement is on its way, and the task is done." in done
    owed = next(each for each in notices_of(core, row) if each.state == "owed")
    assert (owed.kind, owed.channel, owed.message_id) == ("receipt", "email", withheld.message_id)
    assert open_handle(core.seal, owed) == open_handle(core.seal, withheld) and row.reference in owed.text
    assert "Task done: acknowledge by hand" in done and "Result: had the usual acknowledgement sent" in done
    again = await browser.send(page, action)
    assert again.status_code == 409
    assert [each.state for each in notices_of(core, row)].count("owed") == 1


async def test_it_is_not_offered_where_nothing_may_be_sent(core: Core, office: Office) -> None:
    listed = await received(core, List_Id="<parents.example.org>")
    with core.database.transaction() as session:
        who = session.get_one(identity.Identity, listed.identity_id)
        who.blocked_until, who.blocked_reason = core.clock() + timedelta(days=60), "returned"
        session.add(who)
    receipt = await core.intake.accept(a_note(""))
    await read_all(core)
    browser = await office.browser()
    for reference in (listed.reference, receipt.reference):
        page = await browser.see(f"/referrals/{reference}")
        assert page.css_first('form[action$="/send"]') is None and "Task" in words_of(page)


async def test_only_staff_and_only_that_referrals_tasks(core: Core, office: Office) -> None:
    row, other = await received(core, List_Id="<a.example.org>"), await received(core, Message_ID="<2@a.example.org>")
    [_, task] = notices_of(core, row)
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    [mark, *_] = [str(each.attributes["value"]) for each in page.css('input[name="mark"]')]
    answer = await browser.client.post(f"/referrals/{other.reference}/tasks/{task.id}/send", data={"mark": mark})
    assert answer.status_code == 404
    inspector = await office.browser(Role.READONLY)
    assert (await inspector.client.post(f"/referrals/{row.reference}/tasks/{task.id}/send")).status_code in (403, 422)
    assert [each.state for each in notices_of(core, row)] == ["cancelled", "owed"]

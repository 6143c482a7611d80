"""A forged mail and one that may be spam are read, due and climbing like any other; only what is shown differs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select

from gateway import ladder, mail_senders
from gateway.core import Core
from gateway.settings import Settings
from gateway.staff import finding
from gateway.staff.queue_filters import Filters, Shows
from gateway.staff.queue_list import View, ground, listed
from gateway.wiring import wire_channels, wire_climbing
from storage import notice, referral
from storage.message import Content, Message
from storage.notice import Notice, NoticeKind
from storage.referral import Referral
from storage.staff import Role
from tests.builders import read_all
from tests.channels.email.northshire import a_mail, as_kept
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of
from tests.gateway.rungs import now_of, rungs

BORDER = "mx.northshire.example"
PROVEN = f"{BORDER}; dkim=pass header.d=school.example; dmarc=pass header.from=school.example"
FORGED = f"{BORDER}; spf=pass smtp.mailfrom=evil.example; dmarc=fail (p=reject) header.from=police.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A council whose border server checks senders."""
    return settings.model_copy(update={"mail_border": BORDER})


@dataclass(kw_only=True)
class Post:
    """Mails that come by the border server."""

    core: Core
    received: int = 0

    async def bring(self, results: str, sender: str = "a@example.org", envelope: str = "", **fields: str) -> Referral:
        """One mail, read."""
        self.received += 1
        mail = a_mail(
            f"Number {self.received}.", From=sender, Message_ID=f"<{self.received}@example.org>",
            Authentication_Results=results, **fields,
        )  # fmt: skip
        kept = as_kept(mail, mail_from=envelope or sender)
        raw = type(kept)(**kept.__dict__ | {"source_key": str(self.received)})
        receipt = await self.core.intake.accept(raw)
        await read_all(self.core)
        with self.core.database.reading() as session:
            row = finding.find(session, receipt.reference)
        assert isinstance(row, Referral)
        return row

    def notices(self, row: Referral) -> list[Notice]:
        """By their kind: those of one moment stand in any order."""
        with self.core.database.reading() as session:
            return sorted(notice.of_referrals(session, [row.id or 0]), key=lambda each: each.kind)


@pytest.fixture
def post(core: Core) -> Post:
    return Post(core=core)


def lines_of(page: LexborHTMLParser) -> list[str]:
    return [" ".join(row.text(separator=" ").split()) for row in page.css("tbody tr")]


async def test_mail_forged_in_the_name_of_the_police_is_due_like_any_other_and_marked(
    post: Post, office: Office
) -> None:
    forged = await post.bring(FORGED, "desk@police.example", "x@evil.example")
    usual = await post.bring(f"{BORDER}; none", "al@example.net")
    assert (forged.due_at, forged.look_by, forged.kind) == (usual.due_at, usual.look_by, usual.kind)
    browser = await office.browser()
    first, second = lines_of(await browser.see("/queue"))
    assert "Sender not proven" in first and "not proven" not in second
    assert "police.example" not in first
    assert [(each.kind, each.state) for each in post.notices(forged)] == [
        (NoticeKind.RECEIPT, "cancelled"), (NoticeKind.STAFF_TASK, "owed")
    ]  # fmt: skip
    assert post.notices(forged)[1].reason == "acknowledge by hand: the sender's address is not proven"


async def test_who_asks_who_told_us_is_told_how_far_that_is_proven_and_it_is_on_record(
    post: Post, office: Office
) -> None:
    forged = await post.bring(FORGED, "desk@police.example", "x@evil.example")
    browser = await office.browser()
    before = words_of(await browser.see(f"/referrals/{forged.reference}"))
    assert "Sender not proven" in before and "police.example" not in before
    after = words_of(await browser.see(f"/referrals/{forged.reference}?who=shown"))
    assert "Claims to be police.example, but was sent by another server: ring them on a number you know" in after
    assert (browser.name, f"Read who told us of 1 referrals, ledger numbers {forged.ledger_no}") in (
        office.private_history()
    )
    taker = await office.browser(Role.CALL_TAKER)
    seen = words_of(await taker.see(f"/referrals/{forged.reference}?who=shown"))
    assert "police.example" not in seen and "Sender not proven" in seen


async def test_a_school_that_is_proven_is_shown_as_one_and_nothing_is_decided_for_anybody(
    post: Post, office: Office
) -> None:
    school = await post.bring(PROVEN, "head@school.example")
    browser = await office.browser()
    [line] = lines_of(await browser.see("/queue"))
    assert "School, proven" in line
    shown = words_of(await browser.see(f"/referrals/{school.reference}?who=shown"))
    assert "Really sent by school.example (checked by its signature). School." in shown
    assert "Suggested, for you to decide: the sender is told as a professional; contact source 2A, schools." in shown
    assert (school.told_as, school.contact_source_code) == ("public", "10")
    assert [each.state for each in post.notices(school)] == ["owed"]


async def test_programs_that_may_know_who_told_us_get_the_results(post: Post, office: Office) -> None:
    school = await post.bring(PROVEN, "head@school.example")
    path = f"/api/v1/referrals/{school.reference}"
    [worker] = (await office.program(Role.SOCIAL_WORKER).get(path)).json()["messages"]
    proof = worker["sender_proof"]
    assert (proof["standing"], proof["dkim"], proof["dmarc"], proof["checked_by"]) == ("proven", "pass", "pass", BORDER)
    assert (proof["claims"], proof["suggested_contact_source"], worker["sender_mark"]) == (
        "school.example", "2A", "School, proven"
    )  # fmt: skip
    [taker] = (await office.program(Role.CALL_TAKER).get(path)).json()["messages"]
    assert taker["sender_proof"] is None and taker["sender_mark"] == "School, proven"


async def test_the_domain_stands_nowhere_in_the_open(post: Post, core: Core, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="channels")
    await post.bring(PROVEN, "head@school.example")
    with core.database.reading() as session:
        rows = [*session.exec(select(Message)), *session.exec(select(Notice)), *session.exec(select(Content))]
    assert all(b"school.example" not in str(row.model_dump()).encode() for row in rows)
    assert "school.example" not in caplog.text


async def test_what_may_be_spam_is_due_like_any_other_climbs_the_ladder_and_gets_no_answer(
    post: Post, core: Core, clock: MovableClock, office: Office
) -> None:
    spam = await post.bring(f"{BORDER}; none", X_Spam_Flag="YES")
    usual = await post.bring(f"{BORDER}; none", "al@example.net")
    assert (spam.due_at, spam.look_by) == (usual.due_at, usual.look_by)
    receipt, task = post.notices(spam)
    assert (receipt.state, task.kind, task.state) == ("cancelled", NoticeKind.STAFF_TASK, "owed")
    assert task.reason == "acknowledge by hand: it may be unwanted mail"
    clock.at = ladder.rung_times(spam)[2] + timedelta(minutes=1)
    await wire_climbing(core).look()
    assert now_of(core, spam).ladder == now_of(core, usual).ladder == 3
    assert rungs(core, spam) == rungs(core, usual)
    shown = words_of(await (await office.browser()).see(f"/referrals/{spam.reference}"))
    assert "Perhaps spam: our border server marked it as unwanted mail. It is read and due like any other." in shown


async def test_a_filter_sets_what_may_be_spam_aside_but_never_what_is_overdue(
    post: Post, core: Core, clock: MovableClock, office: Office
) -> None:
    spam = await post.bring(f"{BORDER}; none", X_Spam_Flag="YES")
    usual = await post.bring(f"{BORDER}; none", "al@example.net")

    def shown(shows: Shows) -> list[str]:
        with core.database.reading() as session:
            seen = listed(session, ground(session, clock()), View(filters=Filters(shows=shows)))
            return [row.reference for row in seen.rows]

    assert shown(Shows.ALL) == [spam.reference, usual.reference]
    assert (shown(Shows.WANTED), shown(Shows.UNWANTED)) == ([usual.reference], [spam.reference])
    browser = await office.browser()
    [line] = lines_of(await browser.see("/queue?shows=unwanted"))
    assert spam.reference in line and "Perhaps spam" in line
    assert (await browser.client.get("/queue?shows=nothing")).status_code == 400
    clock.at = spam.due_at + timedelta(minutes=1)
    assert [set(shown(each)) for each in Shows] == [{spam.reference, usual.reference}] * 3


async def test_a_referral_with_one_message_that_is_no_spam_is_none(post: Post, core: Core) -> None:
    first = await post.bring(f"{BORDER}; none", X_Spam_Flag="YES")
    assert first.perhaps_spam
    again = await post.bring(f"{BORDER}; none", Subject=f"Re: {first.reference}")
    assert again.id == first.id and not again.perhaps_spam
    with core.database.reading() as session:
        assert referral.in_working_order(session, limit=5, unwanted=True, now=core.clock()) == []


def test_the_settings_make_the_checks_and_the_signature(settings: Settings, core: Core) -> None:
    border = mail_senders.border_server(settings)
    assert border is not None and border.name == BORDER
    assert mail_senders.mail_signing(settings) is None
    assert "email" in wire_channels(core).receivers

"""Every notice, N1 to N7, as its reader gets it by mail: its thread, its subject, its words twice and for programs."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from itertools import pairwise

import jsonschema
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select

from channels.email.own import LOOP_HEADER
from gateway import saying
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.machine_part import SCHEMA
from gateway.notices import OkWords
from gateway.safe_contact import Said, keep
from gateway.wiring import wire_channels, wire_climbing, wire_desks
from storage import referral
from storage.identity import Identity
from storage.message import Message
from tests.channels.email.scripted_relay import Script, scripted_relay
from tests.fakes import MovableClock
from tests.gateway.mail_house import JO, MAILBOX, a_mail, comes_in, own_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="sam", role="manager")
CONCERN = "Bruises on Robin at 7 Elm Row"
SUBJECT = "Robin of Elm Row"
CHECK = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker())


@dataclass(frozen=True)
class Got:
    """A mail as its reader has it, and the relay's envelope of it."""

    raw: bytes
    sender: str
    recipient: str

    @cached_property
    def mail(self) -> EmailMessage:
        """Opened."""
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def part(self, subtype: str) -> str:
        """Its words in one form."""
        found = self.mail.get_body((subtype,))
        assert found is not None
        return str(found.get_content()).replace("\r\n", "\n")

    @property
    def data(self) -> dict[str, str]:
        """What a program reads."""
        (found,) = self.mail.iter_attachments()
        read: dict[str, str] = json.loads(found.get_content())
        assert found["Content-Type"].params["profile"] == read["$schema"]
        return read

    @property
    def id(self) -> str:
        """Its Message-ID, in brackets."""
        return str(self.mail["Message-ID"])


@dataclass
class Post:
    """A gateway whose notices go out through a real relay, and what came of them."""

    core: Core
    clock: MovableClock
    script: Script
    read: int = 0
    got: list[Got] = field(default_factory=list)

    async def comes(self, words: str, **fields: str) -> Message:
        """A mail of Jo's, read and answered."""
        message = await comes_in(self.core, a_mail(words, **{"Subject": SUBJECT} | fields))
        await self.goes_out()
        return message

    async def goes_out(self) -> None:
        """Everything that is owed."""
        channels = wire_channels(self.core)
        await wire_desks(self.core, channels, ["notifying"]).named("notifying").drain()
        await channels.close()
        said = [each for each in self.script.heard if each.startswith(("MAIL", "RCPT"))]
        for number in range(len(self.got), len(self.script.mails)):
            sender, recipient = (each.partition("<")[2].partition(">")[0] for each in said[2 * number : 2 * number + 2])
            mail = self.script.mails[number].removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
            self.got.append(Got(raw=mail, sender=sender, recipient=recipient))

    async def act(self, message: Message, action: Action, **asked: str) -> None:
        """Something staff do, and what their sender gets of it."""
        with self.core.database.transaction() as session:
            reference = self.reference(message)
            self.core.deciding.act(session, reference, action, SAM, asked)
        await self.goes_out()

    def reference(self, message: Message) -> str:
        """Of the referral a message ended in."""
        with self.core.database.reading() as session:
            found = referral.by_id(session, message.referral_id or 0)
        assert found is not None
        return found.reference


@asynccontextmanager
async def a_post(core: Core, clock: MovableClock) -> AsyncIterator[Post]:
    script = Script()
    async with scripted_relay(script) as relay:
        settings = core.settings.model_copy(update={"mail_relay": relay, "smtp": ""})
        yield Post(core=replace(core, settings=settings), clock=clock, script=script)


def kinds(post: Post) -> list[str]:
    """What went out, in order."""
    return [each.data["kind"] for each in post.got]


def checked(post: Post, got: Got) -> None:
    """What holds of every notice, whatever its kind."""
    mail, data, plain = got.mail, got.data, got.part("plain")
    CHECK.validate(data)
    assert got.recipient == mail["To"] == JO and mail["Cc"] is None and mail["Reply-To"] is None
    assert got.sender.startswith("bounce+") and own_of(post.core).token_of_bounce(got.sender)
    assert MAILBOX in str(mail["From"])
    assert mail["Auto-Submitted"] == "auto-replied" and mail[LOOP_HEADER]
    assert data["reference"] in mail["Subject"] and data["reference"] in plain
    assert "Re:" not in mail["Subject"]
    page = LexborHTMLParser(got.part("html"))
    whole, (shown,) = page.css('html[lang="en"]'), page.css("main")
    assert whole and not page.css("img, script, link") and len(page.css("h1")) == 1
    assert words(f"{mail['Subject']} {plain}") == words(shown.text(separator=" "))
    for secret in ("Robin", "Elm", "Bruises", "nfa", "SECRET"):
        assert secret.encode() not in got.raw and secret not in plain and secret not in str(data)
    for name in ("look_by", "answer_by", "missed"):
        assert name not in data or saying.moment(datetime.fromisoformat(data[name])) in plain, name


def words(text: str) -> str:
    """Its words in one row, whatever marks a list or a heading."""
    return "".join(each for each in text.replace("*", " ").split() if set(each) != {"-"})


def threaded(got: list[Got], first: str) -> None:
    """Each follows the one before, in one thread under the mail that began it."""
    assert got[0].mail["In-Reply-To"] == first
    for before, each in pairwise(got):
        chain = str(each.mail["References"]).split()
        assert (chain[0], chain[1]) == (first, got[0].id)
        assert chain[-1] == each.mail["In-Reply-To"] == before.id


async def test_one_report_from_its_receipt_to_its_second_decision(core: Core, clock: MovableClock) -> None:
    async with a_post(core, clock) as post:
        first = await post.comes(CONCERN, Message_ID="<first@mail.example.org>")
        await post.act(first, Action.OPEN)
        await post.act(first, Action.ASK, question="Which street is it?", answer_by="2026-11-24T12:00")
        answer = await post.comes("Elm Row", In_Reply_To=post.got[-1].id, Subject=f"Re: {post.got[-1].mail['Subject']}")
        assert answer.referral_id == first.referral_id
        clock.move(days=3)
        await wire_climbing(core).look()
        await post.goes_out()
        await post.act(first, Action.DECIDE, code="nfa", reason="SECRET", level="2", agreed_by="ali")
        await post.act(first, Action.CLOSE, reason="SECRET")
        await post.act(first, Action.REOPEN, reason="SECRET")
        await post.act(first, Action.OPEN)
        await post.act(first, Action.DECIDE, code="s17", reason="SECRET", level="3", agreed_by="ali")
        assert kinds(post) == ["receipt", "need_more", "late", "looked_at", "closed", "looked_at"]
        threaded(post.got, "<first@mail.example.org>")
        for got in post.got:
            checked(post, got)
            assert got.data["reference"] == first.reference
        assert "Which street is it?" in post.got[1].part("plain")
        assert "looked again" in post.got[-1].part("plain") and "looked again" not in post.got[3].part("plain")


async def test_a_report_that_is_passed_on_and_a_message_for_a_worker(core: Core, clock: MovableClock) -> None:
    async with a_post(core, clock) as post:
        one = await post.comes(CONCERN)
        await post.act(one, Action.OPEN)
        told = {"handed_to": "Southshire Council", "handed_phone": "01632 960555", "address_from_sender": "yes"}
        await post.act(one, Action.DECIDE, code="passed_on", reason="SECRET", level="1", **told)
        await post.act(one, Action.CLOSE, reason="SECRET", receipt="55120", passed_at="2026-11-23T10:00", **told)
        two = await post.comes("Please tell Sam I called", Subject="for Sam")
        await post.act(two, Action.OPEN)
        await post.act(two, Action.DECIDE, code="worker_message", reason="SECRET", level="1", worker="Sam")
        assert kinds(post) == ["receipt", "looked_at", "passed_on", "receipt", "worker_message"]
        for got in post.got:
            checked(post, got)
        assert "Southshire Council" in post.got[2].part("plain") and "Southshire" not in str(post.got[2].data)
        assert "Sam" in post.got[4].part("plain") and "Sam" not in str(post.got[4].data)
        threaded(post.got[:3], str(post.got[0].mail["In-Reply-To"]))
        threaded(post.got[3:], str(post.got[3].mail["In-Reply-To"]))


async def test_where_others_may_see_it_no_part_of_a_mail_says_who_we_are(core: Core, clock: MovableClock) -> None:
    async with a_post(core, clock) as post:
        first = await post.comes(CONCERN)
        with core.database.transaction() as session:
            who = session.exec(select(Identity)).one()
            keep(
                core.seal,
                who,
                Said(ok_for={"email": True}, words=OkWords.DISCREET),
                by="sam",
                at=clock(),
                was_asked=True,
            )
            session.add(who)
        await post.act(first, Action.OPEN)
        await post.act(first, Action.DECIDE, code="nfa", reason="SECRET", level="2", agreed_by="ali")
        open_one, discreet = post.got
        assert (
            "Northshire Council" in str(open_one.mail["From"]) and open_one.data["organisation"] == "Northshire Council"
        )
        checked(post, discreet)
        assert str(discreet.mail["From"]) == MAILBOX
        for subtype in ("plain", "html"):
            assert "ouncil" not in discreet.part(subtype) and "child" not in discreet.part(subtype)
        assert not {"organisation", "track", "complain"} & discreet.data.keys()
        assert "ouncil" not in str(discreet.data)

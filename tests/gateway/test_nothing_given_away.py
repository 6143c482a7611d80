"""No notice holds a fact its reader did not supply, or shows whether a child is known, open or where (feature 40)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import AutoString

from gateway.core import Core
from gateway.guards import Actor
from gateway.life_cycle import Action
from gateway.notices import by_machine
from gateway.owing import About
from gateway.paragraphs import EMAIL_COLOURS
from storage import identity, notice
from storage.notice import Notice, NoticeKind
from storage.referral import Referral, ToldAs
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANAGER = Actor(name="mark-manager", role="manager")
MARK = "mark"
KEPT = {
    "id", "reference", "ledger_no", "channel", "kind", "state", "severity", "severity_floor", "severity_highest",
    "identity_id", "told_as", "decision_level", "ladder", "late_count",
}  # fmt: skip
"""Columns that hold no words, or without which no notice would be written."""
TYPED = {
    "code": "s17", "level": "3", "answer_by": "2026-11-26T17:00", "severity": "amber", "passed_at": "2026-11-23T09:00",
}  # fmt: skip
EVERY_FIELD = (
    "reason", "agreed_by", "who_acts", "handed_to", "handed_phone", "worker", "accepted_by", "case_id", "receipt",
    "their_reference", "read_by", "answer", "text",
)  # fmt: skip
QUESTION = "Which street is it?"
REASONS = "These are the reasons for the sender."


def marked_columns() -> dict[str, str]:
    """Every column of a referral that can hold words, each with a mark of its own."""
    columns = Referral.__table__.columns  # type: ignore[attr-defined]
    return {c.name: f"{MARK}-{c.name}" for c in columns if c.name not in KEPT and isinstance(c.type, AutoString)}


async def a_marked_referral(core: Core, channel: str) -> Referral:
    """Marks in what was said, in every column and in every earlier note; its sender may be written to."""
    row = await a_referral(
        core, f"{MARK}-said", callback="07700 900123", safe_text="yes", child=f"{MARK}-child", for_worker=f"{MARK}-for",
        caller_name=f"{MARK}-caller", safe_words=f"{MARK}-safe", told_by=f"{MARK}-told",
    )  # fmt: skip
    await core.intake.accept(a_note(f"{MARK}-more", reference=row.reference, child=f"{MARK}-sibling"))
    await read_all(core)
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        for name, mark in marked_columns().items():
            setattr(held, name, mark)
        held.queue, held.child_known, held.child_told_us = f"{MARK}-queue", True, True
        if channel == "email":
            who = identity.remember(
                session, core.seal, found_by="email:a@example.org", address_class="email", value="a@example.org",
                name=f"{MARK}-name", at=core.clock(),
            )  # fmt: skip
            held.identity_id, held.channel = who.id, "email"
        return held


def act(core: Core, row: Referral, action: Action, **asked: str) -> None:
    """With a mark in every field a form or program can fill in, but for what is said here."""
    marks = {name: f"{MARK}-typed-{name}" for name in EVERY_FIELD}
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, action, MANAGER, {**TYPED, **marks, **asked})


def told(core: Core, row: Referral) -> list[Notice]:
    """Everything that goes to the sender."""
    with core.database.reading() as session:
        found = notice.of_referrals(session, [row.id or 0])
    return [n for n in found if n.channel != "staff" and n.text]


def words_of(sent: Notice) -> str:
    return f"{sent.subject}\n{sent.text}\n{sent.html.replace(EMAIL_COLOURS, '')}"


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("told_as", [ToldAs.PUBLIC, ToldAs.PARENT])
@pytest.mark.parametrize("code", ["nfa", "s47", "linked", "passed_on", "worker_message"])
async def test_no_public_notice_holds_anything_the_sender_did_not_supply(
    core: Core, clock: MovableClock, channel: str, told_as: str, code: str
) -> None:
    row = await a_marked_referral(core, channel)
    act(core, row, Action.OPEN)
    act(core, row, Action.RATE, told_as=told_as)
    act(core, row, Action.ASK, question=QUESTION)
    act(core, row, Action.NOTE)
    act(core, row, Action.DECIDE, code=code, told_as=told_as, reasons_for_sender=REASONS)
    late(core, row, clock)
    act(core, row, Action.CLOSE)
    said = told(core, row)
    assert {n.kind for n in said} >= {"receipt", "need_more", "late", "passed_on" if code == "passed_on" else "closed"}
    for sent in said:
        words = words_of(sent)
        assert MARK not in words, (sent.kind, sent.channel)
        assert QUESTION in words or sent.kind != "need_more" or channel == "sms"
        assert REASONS not in words and "900123" not in words.replace(" ", "") and "@" not in words


async def test_whether_a_child_is_known_or_open_changes_no_word_for_the_public(core: Core) -> None:
    said = []
    for known in (True, False):
        row = await a_referral(core, callback="07700 900123", safe_text="yes", child="A name" if known else "")
        with core.database.transaction() as session:
            held = session.get_one(Referral, row.id)
            held.linked_to = "KMR-4729-HX" if known else None
            held.child_known = known
        act(core, row, Action.OPEN)
        act(core, row, Action.DECIDE, code="linked" if known else "nfa")
        act(core, row, Action.CLOSE)
        said.append(
            [(n.kind, words_of(n).replace(row.reference, "REF")) for n in told(core, row) if n.kind != "receipt"]
        )
    assert said[0] == said[1]


async def test_at_the_whole_outcome_only_the_words_for_the_sender_and_who_decided_are_added(core: Core) -> None:
    row = await a_marked_referral(core, "email")
    act(core, row, Action.OPEN)
    act(core, row, Action.DECIDE, told_as=ToldAs.PROFESSIONAL, reasons_for_sender=REASONS)
    [said] = [words_of(n) for n in told(core, row) if n.kind == NoticeKind.LOOKED_AT]
    assert REASONS in said
    for allowed in (MANAGER.name, f"{MARK}-typed-agreed_by"):
        assert allowed in said
        said = said.replace(allowed, "")
    assert MARK not in said


def late(core: Core, row: Referral, clock: MovableClock) -> None:
    """N7 as the ladder writes it."""
    extra: Mapping[str, Any] = {"promised": clock(), "new_time": clock() + timedelta(hours=4)}
    with core.database.transaction() as session:
        held = session.get_one(Referral, row.id)
        to = session.get_one(identity.Identity, held.identity_id)
        medium = "email" if held.channel == "email" else "sms"
        owed = by_machine(NoticeKind.LATE, medium, clock())
        core.owing.write(session, held, owed, About(identity=to, extra=extra))


async def test_the_marks_are_there_to_be_found(core: Core) -> None:
    """Else the tests above would say nothing: a column that is added later is marked too, or named above."""
    row = await a_marked_referral(core, "sms")
    assert {"summary", "decision_reason", "close_reason", "handed_to", "linked_to"} <= marked_columns().keys()
    assert all(getattr(row, name) == mark for name, mark in marked_columns().items())

"""What of a mail cannot be opened is asked for by a person, once; the acknowledgement goes all the same."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from sqlmodel import select

from gateway.core import Core
from gateway.reading.recording import UNOPENED
from gateway.unopened import ASK
from gateway.wiring import wire_channels, wire_reading
from storage import notice, referral
from storage.message import Message
from storage.work import Claim
from tests.builders import read_all
from tests.channels.email.northshire import SENDER, a_mail, as_kept
from tests.gateway.standard_form import filled
from tests.gateway.standard_form.filled import empty_pdf, transcribe_all

ENCRYPTED = a_mail(
    "--f\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--f\r\n"
    "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--f--",
    Content_Type='multipart/encrypted; protocol="application/pgp-encrypted"; boundary=f',
)  # fmt: skip


def a_locked_pdf() -> bytes:
    """A page nobody opens without its password."""
    writer, into = PdfWriter(PdfReader(io.BytesIO(empty_pdf()))), io.BytesIO()
    writer.encrypt("kestrel", algorithm="RC4-128")
    writer.write(into)
    return into.getvalue()


def a_mail_of_two_locked_files() -> bytes:
    """From somebody who locked both of what they sent along."""
    return filled.a_mail(("a.pdf", a_locked_pdf()), ("b.pdf", a_locked_pdf()), sender=SENDER)


async def notices_of(core: Core, body: bytes, *, key: str = "k", mail_from: str = SENDER) -> list[tuple[str, str, str]]:
    """Kind, state and reason of each, for a mail that came in the council's own house, once its files were read."""
    kept = as_kept(body, mail_from=mail_from)
    in_house = {"envelope": {**kept.envelope, "peer": "127.0.0.1:4711"}, "source_key": key}
    receipt = await core.intake.accept(type(kept)(**kept.__dict__ | in_house))
    await read_all(core)
    await transcribe_all(core)
    await read_all(core)
    with core.database.reading() as session:
        [came] = session.exec(select(Message).where(Message.reference == receipt.reference))
        found = notice.of_referrals(session, [came.referral_id or 0])
        return sorted((each.kind, each.state, each.reason or "") for each in found)


async def test_an_encrypted_mail_is_acknowledged_and_a_person_asks_for_its_words(core: Core) -> None:
    assert await notices_of(core, ENCRYPTED) == [("receipt", "owed", ""), ("staff_task", "owed", UNOPENED)]


async def test_nobody_is_asked_for_what_a_machine_sent(core: Core) -> None:
    marked = b"Auto-Submitted: auto-replied\r\n" + ENCRYPTED
    assert [kind for kind, _, _ in await notices_of(core, marked)] == ["receipt"]


async def test_a_mail_that_can_be_read_whole_leaves_nothing_to_ask_for(core: Core) -> None:
    assert await notices_of(core, a_mail()) == [("receipt", "owed", "")]


async def test_files_that_prove_to_be_locked_when_they_are_read_are_asked_for_once(core: Core) -> None:
    mail = a_mail_of_two_locked_files()
    once = [("receipt", "owed", ""), ("staff_task", "owed", UNOPENED)]
    assert await notices_of(core, mail) == once
    assert await notices_of(core, mail, key="the same by another way") == once


async def test_a_locked_file_is_asked_for_also_where_its_mail_cannot_be_read_again(core: Core) -> None:
    assert [kind for kind, _, _ in await notices_of(core, a_mail())] == ["receipt"]
    with core.database.transaction() as session:
        [came] = session.exec(select(Message))
        held = Claim(id="w", queue="reading", kind=ASK, subject=came.id, attempts=3, max_attempts=3, token=3)
        wire_reading(core, wire_channels(core)).give_up(session, held, "MemoryError")
        reasons = [each.reason for each in notice.of_referrals(session, [came.referral_id or 0])]
    assert UNOPENED in reasons


async def test_nobody_is_asked_for_a_locked_file_that_a_machine_sent(core: Core) -> None:
    marked = b"Auto-Submitted: auto-replied\r\n" + a_mail_of_two_locked_files()
    assert [kind for kind, _, _ in await notices_of(core, marked)] == ["receipt"]


@pytest.mark.parametrize("body", [b"", b"\r\n\r\n"])
async def test_whoever_sends_an_empty_mail_is_answered_by_a_person_and_a_machine_by_nobody(
    core: Core, body: bytes
) -> None:
    by_hand = await notices_of(core, body)
    assert [kind for kind, _, _ in by_hand] == ["receipt", "staff_task"]
    with core.database.reading() as session:
        [row] = referral.newest(session, limit=9, as_at=core.clock())
        assert row.identity_id is not None
    assert [kind for kind, _, _ in await notices_of(core, body, key="another", mail_from="<>")] == ["receipt"]

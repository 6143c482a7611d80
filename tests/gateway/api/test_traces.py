"""What our own trace fields would say of a mail is told beside it; the mail itself holds none of them."""

from __future__ import annotations

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.gateway.office import Office

MAIL = b"From: Jo <jo@school.example.org>\r\nSubject: A worry\r\n\r\nPlease look.\r\n"
ENVELOPE = {
    "mail_from": "jo@school.example.org", "rcpt_to": "referrals@northshire.example", "peer": "192.0.2.7:4711",
    "helo": "mail.school.example.org", "by": "mx.northshire.example", "with": "ESMTPS",
}  # fmt: skip


def trace(reference: str) -> str:
    return (
        "Return-Path: <jo@school.example.org>\r\n"
        "Received: from mail.school.example.org ([192.0.2.7])\r\n"
        f"\tby mx.northshire.example with ESMTPS id {reference}\r\n"
        "\tfor <referrals@northshire.example>;\r\n"
        "\tMon, 23 Nov 2026 10:15:00 +0000\r\n"
    )


async def test_a_mail_is_told_with_its_trace_to_those_who_may_know_who_wrote(core: Core, office: Office) -> None:
    kept = await core.intake.accept(a_message(MAIL, channel="email", media_type="message/rfc822", envelope=ENVELOPE))
    await read_all(core)
    for role, told in ((Role.SOCIAL_WORKER, trace(kept.reference)), (Role.READONLY, None)):
        [seen] = (await office.program(role).get("/api/v1/referrals")).json()
        assert seen["messages"][0]["trace"] == told


async def test_its_bytes_come_with_or_without_it(core: Core, office: Office) -> None:
    for body in (MAIL, MAIL + b"x" * 1_000_000):
        raw = a_message(body, channel="email", media_type="message/rfc822", envelope=ENVELOPE)
        kept = await core.intake.accept(raw)
        program = office.program()
        [*_, seen] = (await program.get("/api/v1/referrals")).json()
        address = f"/api/v1/messages/{seen['messages'][0]['id']}/raw"
        assert (await program.get(address)).content == body
        with_trace = await program.get(address, params={"trace": "1"})
        assert with_trace.content == trace(kept.reference).encode() + body
        assert int(with_trace.headers["content-length"]) == len(with_trace.content)


async def test_what_no_mail_server_handed_over_has_none(core: Core, office: Office) -> None:
    await core.intake.accept(a_message(b"words"))
    program = office.program()
    [seen] = (await program.get("/api/v1/referrals")).json()
    assert (await program.get(f"/api/v1/messages/{seen['messages'][0]['id']}/raw?trace=1")).content == b"words"

"""What of a mail cannot be opened is asked for by a person; the acknowledgement goes all the same."""

from __future__ import annotations

from gateway.core import Core
from gateway.reading.recording import UNOPENED
from storage import notice, referral
from tests.builders import read_all
from tests.channels.email.northshire import a_mail, as_kept

ENCRYPTED = a_mail(
    "--f\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--f\r\n"
    "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--f--",
    Content_Type='multipart/encrypted; protocol="application/pgp-encrypted"; boundary=f',
)  # fmt: skip


async def notices_of(core: Core, body: bytes) -> list[tuple[str, str, str]]:
    """Kind, state and reason of each, for a mail that came in the council's own house."""
    kept = as_kept(body)
    raw = type(kept)(**kept.__dict__ | {"envelope": {**kept.envelope, "peer": "127.0.0.1:4711"}})
    receipt = await core.intake.accept(raw)
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
        assert row is not None
        found = notice.of_referrals(session, [row.id or 0])
        return sorted((each.kind, each.state, each.reason or "") for each in found)


async def test_an_encrypted_mail_is_acknowledged_and_a_person_asks_for_its_words(core: Core) -> None:
    assert await notices_of(core, ENCRYPTED) == [("receipt", "owed", ""), ("staff_task", "owed", UNOPENED)]


async def test_nobody_is_asked_for_what_a_machine_sent(core: Core) -> None:
    marked = b"Auto-Submitted: auto-replied\r\n" + ENCRYPTED
    assert [kind for kind, _, _ in await notices_of(core, marked)] == ["receipt"]


async def test_a_mail_that_can_be_read_whole_leaves_nothing_to_ask_for(core: Core) -> None:
    assert await notices_of(core, a_mail()) == [("receipt", "owed", "")]

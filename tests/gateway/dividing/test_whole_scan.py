"""A letter's page says which of its scan it is; whoever opens the scan sees letters of others too, and that is kept."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from gateway.core import Core
from storage.audit import Audit
from storage.message import Message
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.gateway.dividing.scans import letters_with_separators
from tests.gateway.office import Office, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_whole_scan_is_called_so_and_opening_it_is_put_on_record(core: Core) -> None:
    body = letters_with_separators([1, 1])
    await core.intake.accept(
        a_message(body, channel="letter", media_type="application/pdf", envelope={"name": "a.pdf"})
    )
    await read_all(core)
    with core.database.reading() as session:
        second = session.exec(select(Message).order_by(col(Message.ledger_no).desc())).first()
    assert second is not None
    alex = await Office(core).browser(Role.SOCIAL_WORKER, "alex")
    words = words_of(await alex.see(f"/referrals/{second.reference}"))
    assert "Letter 2 of 2 in one scan of 4 pages." in words
    assert "Save the whole scan: 2 letters, also of other people" in words
    answer = await alex.client.get(f"/messages/{second.id}/original")
    assert answer.content == body
    with core.database.reading() as session:
        said = session.exec(select(Audit.what).where(Audit.referral_id == second.referral_id)).all()
    assert "Opened the original of number 2, the whole scan of 2 letters" in said

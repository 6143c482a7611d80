"""What the queue says of a file that is too large: a notice of ours, which has no sender."""

from __future__ import annotations

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.handing_in.too_large import too_large_to_scan
from storage.notice import Notice
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_referral, read_all
from tests.gateway.office import Office, words_of


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_stands_in_the_queue_and_nobody_is_said_to_have_been_told(core: Core) -> None:
    for _ in range(2):
        await core.intake.accept(too_large_to_scan(1_000_000, "monday.pdf", 2_500_000, 1))
    await read_all(core)
    with core.database.reading() as session:
        row = session.exec(select(Referral)).one()
        (receipt,) = session.exec(select(Notice)).all()
    assert row.promised_at is None and "monday.pdf, 3 MB" in row.summary
    assert (receipt.state, receipt.reason) == ("cancelled", "a notice of the machine's own")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_call_taker_is_said_to_have_written_it(core: Core) -> None:
    await core.intake.accept(too_large_to_scan(1_000_000, "monday.pdf", 2_500_000, 1))
    row = await a_referral(core)
    office = Office(core)
    browser = await office.browser(Role.SOCIAL_WORKER)
    lines = [" ".join(line.text().split()) for line in (await browser.see("/queue")).css("tr[data-row]")]
    ours, theirs = sorted(lines, key=lambda line: row.reference in line)
    assert "Note by this system" in ours and "Call taker" not in ours and "Call taker" in theirs
    with core.database.reading() as session:
        made = session.exec(select(Referral).where(Referral.queue == "own_note")).one()
    page = words_of(await browser.see(f"/referrals/{made.reference}"))
    found = words_of(await browser.see("/search?q=monday.pdf"))
    assert found.count("Note by this system") == 1
    assert made.channel == "note" and page.count("Note by this system") == 2 and "Call taker" not in page

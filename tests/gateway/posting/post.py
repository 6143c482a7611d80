"""Post of a test: a scanned letter, the letter that answers it, and what the post room sees of it."""

from __future__ import annotations

from sqlmodel import select

from channels.contract import RawMessage
from gateway.contacting import said_of, write_contact
from gateway.core import Core
from gateway.deciding import Actor
from gateway.posting.letters import PostedLetter, seen
from gateway.wiring import wire_channels, wire_desks
from storage import notice, referral
from storage.notice import Notice
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_message, read_all

HOME = "Jo Example\n3 High Street\nNorthtown\nNT1 2AB"
SAM = Actor(name="sam", role=Role.SOCIAL_WORKER)


def a_scan(mark: str, **envelope: str) -> RawMessage:
    """A letter that came typed, for scans are read in a process of their own; another ``mark`` is another letter."""
    return a_message(
        f"Please look in on the children next door. {mark}".encode(), channel="letter", source_key=f"scan-{mark}",
        media_type="text/plain", envelope={"name": "letter.txt", **envelope},
    )  # fmt: skip


async def a_letter_out(core: Core, address: str = "", *, also: str = "", mark: str = "letter") -> Notice:
    """The acknowledgement of a scanned letter, in the print folder, to the address that staff wrote down before."""
    receipt = await core.intake.accept(a_scan(mark))
    await read_all(core)
    if address:
        is_safe(core, receipt.reference, address, "post")
        with core.database.transaction() as session:
            row, owed = _receipt_of(core, receipt.reference)
            found = core.reaching.address_for(session, row)
            session.get_one(Notice, owed.id).identity_id = found.id if found else None
    if also:
        is_safe(core, receipt.reference, also, "email")
    await sent_out(core)
    return _receipt_of(core, receipt.reference)[1]


def is_safe(
    core: Core, reference: str, address: str, medium: str, *, large_print: bool | None = None, safe: bool = True
) -> None:
    """Staff asked the sender, and write down that this address may be written to, or may not."""
    with core.database.transaction() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        said = said_of(ok_for={medium: safe}, words="", large_print=large_print)
        write_contact(session, core, row, SAM, address=address, said=said)


async def sent_out(core: Core) -> None:
    """The notifying desk, until nothing is due."""
    channels = wire_channels(core)
    await wire_desks(core, channels, ["notifying"]).named("notifying").drain()


def of(core: Core, row: Notice) -> Notice:
    """The notice as it is now."""
    with core.database.reading() as session:
        return session.get_one(Notice, row.id)


def the_letter(core: Core, row: Notice) -> PostedLetter:
    """The letter as the post room sees it."""
    with core.database.reading() as session:
        (letter,) = seen(session, core, [session.get_one(Notice, row.id)])
    return letter


def notices(core: Core, referral_id: int) -> list[Notice]:
    """What is owed on a referral and what became of it, the oldest first."""
    with core.database.reading() as session:
        return notice.of_referrals(session, [referral_id])


def tasks(core: Core) -> list[str]:
    """What people owe."""
    with core.database.reading() as session:
        found = session.exec(select(Notice).where(Notice.kind == "staff_task", Notice.state == "owed"))
        return [each.reason or "" for each in found]


def _receipt_of(core: Core, reference: str) -> tuple[Referral, Notice]:
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
        assert row is not None
        (receipt,) = [each for each in notice.of_referrals(session, [row.id or 0]) if each.kind == "receipt"]
    return row, receipt

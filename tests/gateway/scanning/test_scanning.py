"""A file that came is looked at after it is kept: marked, said in history, waited for, and nothing held up by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from sqlmodel import select

from gateway.core import Core
from gateway.desk import Desk
from gateway.scanning import ScannerAway, Scanning, Verdict
from gateway.settings import Settings
from gateway.wiring import wire_channels, wire_desks
from storage import audit
from storage.attachment import Attachment, VirusState
from storage.work import Work
from tests.builders import a_message, read_all
from tests.fakes import MovableClock

FOUND = Verdict(state=VirusState.FOUND, name="Frontdoor.Test")
CLEAN = Verdict(state=VirusState.CLEAN)


@dataclass(kw_only=True)
class AScanner:
    """Says what it is told to say."""

    says: Verdict | Exception = CLEAN
    looked_at: list[bytes] = field(default_factory=list)

    async def look(self, content: bytes) -> Verdict:
        """The same of every file."""
        self.looked_at.append(content)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """With a scanner set, or what a test says."""
    return settings.model_copy(update={"clamd": getattr(request, "param", "127.0.0.1:9")})


async def a_part(core: Core, content: bytes = b"\x00\x01file") -> Attachment:
    """The file of a mail that was read."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "robin@example.org", "A file"
    mail.set_content("Here is the file.")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename="file.bin")
    await core.intake.accept(a_message(mail.as_bytes(), channel="email", media_type="message/rfc822"))
    await read_all(core)
    return part_of(core)


def part_of(core: Core) -> Attachment:
    """The only one there is."""
    with core.database.reading() as session:
        return session.exec(select(Attachment)).one()


def desk_with(core: Core, scanner: AScanner | None) -> Desk:
    """The scanning desk."""
    step = Scanning(database=core.database, contents=core.contents, clock=core.clock, scanner=scanner)
    return Desk("scanning", step.step, step.give_up, database=core.database, clock=core.clock)


def waiting(core: Core) -> list[Work]:
    """What is due on the scanning queue, now or later."""
    with core.database.reading() as session:
        return list(session.exec(select(Work).where(Work.queue == "scanning", Work.state == "open")))


def history(core: Core, part: Attachment) -> list[str]:
    """What is said of scanners in the history of its referral."""
    with core.database.reading() as session:
        return [each.what for each in audit.of_referrals(session, [part.referral_id]) if "scanner" in each.what]


async def test_a_clean_file_is_marked_so_and_looked_at_again_each_day_while_it_is_new(
    core: Core, clock: MovableClock
) -> None:
    part, scanner = await a_part(core), AScanner()
    assert part.virus_state == ""
    await desk_with(core, scanner).drain()
    marked = part_of(core)
    assert (marked.virus_state, marked.virus_checked_at) == (VirusState.CLEAN, clock())
    assert scanner.looked_at == [b"\x00\x01file"]
    for _ in range(10):
        clock.move(days=1)
        await desk_with(core, scanner).drain()
    assert len(scanner.looked_at) == 8 and waiting(core) == [] and history(core, part) == []


async def test_what_is_found_is_marked_and_said_once_and_the_file_stays(core: Core) -> None:
    part = await a_part(core)
    await desk_with(core, AScanner(says=FOUND)).drain()
    marked = part_of(core)
    assert (marked.virus_state, marked.virus_name) == (VirusState.FOUND, "Frontdoor.Test")
    assert history(core, part) == ["A virus scanner found Frontdoor.Test in part 1 of a message"]
    assert waiting(core) == [] and core.blobs.get(part.sha256 or "") == b"\x00\x01file"


async def test_a_scanner_that_is_away_is_waited_for_without_counting_against_the_file(
    core: Core, clock: MovableClock
) -> None:
    await a_part(core)
    for _ in range(6):
        await desk_with(core, AScanner(says=ScannerAway("refused"))).drain()
        clock.move(minutes=1)
    assert part_of(core).virus_state == ""
    await desk_with(core, AScanner()).drain()
    assert part_of(core).virus_state == VirusState.CLEAN


async def test_a_file_it_never_finishes_is_said_to_be_unchecked(core: Core, clock: MovableClock) -> None:
    await a_part(core)
    for _ in range(3):
        await desk_with(core, AScanner(says=TimeoutError())).drain()
        clock.move(minutes=2)
    marked = part_of(core)
    assert (marked.virus_state, "in time" in marked.virus_name) == (VirusState.NOT_CHECKED, True)


async def test_a_scanner_that_was_taken_away_for_good_leaves_nothing_due(core: Core) -> None:
    await a_part(core)
    await desk_with(core, None).drain()
    assert waiting(core) == [] and part_of(core).virus_state == ""


async def test_the_desk_runs_beside_the_reading_desk(core: Core) -> None:
    assert [d.queue for d in wire_desks(core, wire_channels(core), ["reading"]).desks] == ["reading", "scanning"]


@pytest.mark.parametrize("settings", [""], indirect=True)
async def test_without_a_scanner_nothing_is_due(core: Core) -> None:
    await a_part(core)
    assert waiting(core) == []

"""While the disk is full or the store of files away, mail waits; it is not called unreadable."""

from email.message import EmailMessage

from sqlmodel import select

from gateway.core import Core, build_core
from storage.blobs import Blobs
from storage.referral import Referral
from tests.builders import a_message, read_all
from tests.fakes import MovableClock


class Disk:
    """A store of files that can be full."""

    def __init__(self, blobs: Blobs) -> None:
        self.is_full = False
        self.get, self.names, self._put = blobs.get, blobs.names, blobs.put
        self.take, self.pieces = blobs.take, blobs.pieces

    def put(self, content: bytes) -> str:
        if self.is_full:
            raise OSError(28, "No space left on device")
        return self._put(content)


async def test_a_mail_with_a_picture_waits_until_there_is_room_and_is_then_read(
    core: Core, clock: MovableClock
) -> None:
    disk = Disk(core.blobs)
    core = build_core(core.settings, clock=clock, seal=core.seal, database=core.database, blobs=disk)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "referrals@northshire.example", "A picture"
    mail.set_content("The boy at the blue door")
    mail.add_attachment(b"\x89PNG\r\n\x1a\n picture", maintype="image", subtype="png", filename="door.png")
    await core.intake.accept(a_message(mail.as_bytes(), channel="email", media_type="message/rfc822"))
    disk.is_full = True
    for _ in range(6):
        await read_all(core)
        clock.move(minutes=2)
    disk.is_full = False
    await read_all(core)
    with core.database.reading() as session:
        row = session.exec(select(Referral)).one()
    assert (row.kind, row.summary) == ("concern", "A picture: The boy at the blue door")

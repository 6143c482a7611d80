"""The files a message carries are messages of their own before the first is read, however often it is begun."""

from __future__ import annotations

import pytest

from channels.contract import RawMessage
from channels.letter import ScanBox
from channels.letter.carried import CARRIED
from gateway.dividing.unpacking import Unpacking
from storage.blobs import Blobs, open_blobs
from storage.sealing import Seal
from tests.channels.keeping import Keeping
from tests.channels.letter.scanner_mails import MAILBOX, PDF, a_scanners_mail, at_the_door

FILES = {f"scan{number}.pdf": PDF + str(number).encode() for number in range(3)}


@pytest.fixture
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Blobs:
    return open_blobs(f"file://{tmp_path_factory.mktemp('sealed')}", Seal(b"k" * 32))


def a_mail() -> RawMessage:
    return ScanBox(mailbox=MAILBOX).sorted(at_the_door(a_scanners_mail(FILES)))


async def test_begun_twice_it_keeps_each_file_once(sealed: Blobs) -> None:
    keeping, raw = Keeping(), a_mail()
    unpacking = Unpacking(blobs=sealed, accept=keeping)
    first, again = await unpacking.first_of(raw), await unpacking.first_of(raw)
    assert first == again and first.body == FILES["scan0.pdf"]
    assert [each.body for each in keeping.kept] == [FILES["scan1.pdf"], FILES["scan2.pdf"]]
    assert sealed.get(first.envelope[CARRIED]) == first.body


async def test_what_cannot_be_kept_now_is_waited_for_like_a_store_that_is_away(sealed: Blobs) -> None:
    keeping = Keeping()
    keeping.failing = True
    with pytest.raises(OSError, match="cannot be kept now"):
        await Unpacking(blobs=sealed, accept=keeping).first_of(a_mail())


async def test_what_carries_nothing_is_itself_and_is_not_stored_again(sealed: Blobs) -> None:
    keeping, raw = Keeping(), RawMessage(channel="letter", source_key="k", body=PDF, media_type="application/pdf")
    assert await Unpacking(blobs=sealed, accept=keeping).first_of(raw) is raw
    assert keeping.asked == 0

"""Files that are one letter together are taken only while somebody can open them as one."""

from __future__ import annotations

import pytest
from sqlmodel import func, select

from gateway.core import Core
from gateway.handing_in.said import AreLetters, Said
from gateway.handing_in.tray import HandedIn, Tray, Trouble
from storage.message import Message

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def handed_in(core: Core, are: AreLetters) -> list[HandedIn]:
    """Two photos of 600 bytes, where 1,000 may be one letter."""
    tray = Tray(core, Said(are=are), {}, most_together=1000)
    for number in range(2):
        tray.begin(f"{number}.jpg")
        await tray.block(bytes([number]) * 600)
        await tray.end()
    return await tray.finish()


async def test_photos_that_are_too_much_for_one_letter_are_refused_and_nothing_of_them_kept(core: Core) -> None:
    assert [each.trouble for each in await handed_in(core, AreLetters.TOGETHER)] == [Trouble.TOO_MUCH]
    with core.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == 0


async def test_as_letters_of_their_own_they_are_kept(core: Core) -> None:
    assert [each.trouble for each in await handed_in(core, AreLetters.EACH)] == [None, None]

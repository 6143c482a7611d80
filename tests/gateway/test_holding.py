"""What a disk that is full for a moment refuses takes nothing from what was held before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from channels.contract import NotKept, Purpose, RawMessage, Receipt
from gateway.holding import Holding
from gateway.waiting import Waiting
from storage.sealing import Seal
from storage.spool import Spool
from storage.spool_segments import Record
from tests.builders import a_message
from tests.fakes import MONDAY_MORNING


class FullForAMoment(Spool):
    """A spool whose disk takes nothing while ``is_full``."""

    is_full = False

    def append(self, records: Sequence[Record]) -> None:
        if self.is_full:
            raise OSError("No space left on device")
        super().append(records)


async def held(holding: Holding, raw: RawMessage) -> Receipt:
    item = Waiting.of(raw, MONDAY_MORNING)
    item.future = asyncio.get_running_loop().create_future()
    holding.put(item)
    return await item.future


async def test_a_call_keeps_its_reference_though_the_disk_refused_a_piece_of_it(tmp_path: Path, seal: Seal) -> None:
    holding = Holding(tmp_path / "spool", seal)
    holding.spool = spool = FullForAMoment(tmp_path / "spool", seal)
    begun = await held(holding, a_message(conversation="call:1"))
    goes_on = a_message(conversation="call:1", purpose=Purpose.REPORT)
    spool.is_full = True
    with pytest.raises(NotKept):
        await held(holding, goes_on)
    spool.is_full = False
    again = await held(holding, goes_on)
    assert (again.reference, spool.count) == (begun.reference, 2)
    holding.close()

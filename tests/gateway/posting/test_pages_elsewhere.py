"""Two letters made one are acknowledged by post once; parted again, each is."""

from __future__ import annotations

import pytest

from gateway.checking import broken_promises
from gateway.core import Core
from gateway.deciding import Actor
from gateway.dividing.by_hand import ByHand
from gateway.posting.run_making import make_run
from storage import print_run
from storage.notice import Notice, NoticeKind, NoticeState
from storage.staff import Role
from tests.builders import read_all
from tests.gateway.dividing.sorted_scans import a_scan, named, referral_of, stands
from tests.gateway.posting.post import notices, sent_out

CASEY = Actor(name="casey", role=Role.CALL_TAKER)


async def save(core: Core, scan_id: str, text: str) -> None:
    said = named(core, scan_id, text)
    await ByHand(core).save(CASEY, scan_id, said, version=stands(core, scan_id).version)
    await read_all(core)


def receipt(core: Core, scan_id: str, place: int) -> Notice:
    about = referral_of(core, scan_id, place)
    [found] = [each for each in notices(core, about.id or 0) if each.kind == NoticeKind.RECEIPT]
    return found


def to_post(core: Core) -> list[str]:
    with core.database.reading() as session:
        return [each.id for each in print_run.to_post(session, limit=10)]


def files(core: Core) -> int:
    return len(list(core.settings.letters_dir.glob("*.pdf")))


@pytest.mark.parametrize("is_printed", [False, True])
async def test_a_letter_whose_pages_belong_to_another_is_not_acknowledged_twice_until_it_has_pages_again(
    core: Core, is_printed: bool
) -> None:
    scan_id = await a_scan(core, 2)
    await save(core, scan_id, "a 1\nnew 2")
    if is_printed:
        await sent_out(core)
        assert files(core) == 2 and make_run(core, "casey") is not None
    await save(core, scan_id, "a 1 2\nb")
    first, second = receipt(core, scan_id, 0), receipt(core, scan_id, 1)
    held = referral_of(core, scan_id, 0).reference
    assert (second.state, second.reason) == (
        NoticeState.CANCELLED, f"its pages belong to {held}, which is acknowledged"
    )  # fmt: skip
    await sent_out(core)
    assert to_post(core) == [first.id] and files(core) == 1
    with core.database.reading() as session:
        assert not [each for each in broken_promises(session, core.clock()) if each.rule == "no_acknowledgement"]
    await save(core, scan_id, "a 1\nb 2")
    assert receipt(core, scan_id, 1).state == NoticeState.OWED
    await sent_out(core)
    assert set(to_post(core)) == {first.id, second.id} and files(core) == 2
    assert receipt(core, scan_id, 1).run_id is None, "it is in the next print run"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_letter_left_out_whole_is_still_acknowledged(core: Core) -> None:
    scan_id = await a_scan(core, 1)
    await save(core, scan_id, "a\nout 1")
    assert receipt(core, scan_id, 0).state == NoticeState.OWED

"""Who called is read beside the notes of another's call on record only."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.draft import Draft
from storage.staff import Role
from tests.gateway.office import Office, words_of
from tests.gateway.staff.test_call_page import a_call, written

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_who_called_is_on_record_as_read_where_it_was_written_after_the_page_was_opened(
    core: Core, office: Office
) -> None:
    casey, sam = await office.browser(Role.CALL_TAKER, "casey"), await office.browser(Role.SOCIAL_WORKER, "sam")
    call = await a_call(casey)
    page = await sam.see(call)
    await written(casey, call, text="Shouting", caller_name="Pat Example")
    assert office.private_history() == []
    with core.database.reading() as session:
        reference = session.get_one(Draft, call.rsplit("/", 1)[1]).reference
    looked = ("sam", f"Looked at who called, in the notes of {reference}")
    assert "Pat Example" in words_of(await sam.see(f"{call}/read-back"))
    assert office.private_history() == [looked]
    answer = await sam.send(page, call, do="save", text="Mine", caller_name="P")
    assert answer.status_code == 409 and "Pat Example" in words_of(answer)
    assert office.private_history() == [looked] * 2
    await casey.see(f"{call}/read-back")
    assert office.private_history() == [looked] * 2


async def test_the_reference_of_a_call_is_shown_nowhere_until_something_is_kept(core: Core, office: Office) -> None:
    casey = await office.browser(Role.CALL_TAKER, "casey")
    call = await a_call(casey)
    with core.database.reading() as session:
        reference = session.get_one(Draft, call.rsplit("/", 1)[1]).reference
    places = "/calls", "/queue"
    assert [reference in words_of(await casey.see(path)) for path in places] == [False, False]
    assert "casey is taking a call since 10:15am" in words_of(await casey.see("/queue"))
    await written(casey, call, text="Shouting")
    assert [reference in words_of(await casey.see(path)) for path in places] == [True, True]

"""Letters out by the API: what waits, and what became of one."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.gateway.office import Office, problem_of
from tests.gateway.posting.post import HOME, a_letter_out, of, the_letter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_letter_waits_until_it_is_marked_posted_and_its_notice_says_when(core: Core) -> None:
    letter, api = await a_letter_out(core, HOME), Office(core).program(Role.CALL_TAKER)
    about = the_letter(core, letter).about
    (waits,) = (await api.get("/api/v1/letters/to-post")).json()
    assert (waits["notice_id"], waits["about"], waits["has_address"]) == (letter.id, about, True)
    done = await api.post(f"/api/v1/letters/{letter.id}/posted", json={"on": "2026-11-23"})
    assert (done.status_code, done.json()["posted_at"]) == (200, "2026-11-23T10:15:00Z")
    assert (await api.get("/api/v1/letters/to-post")).json() == []
    (notice,) = (await api.get(f"/api/v1/referrals/{about}")).json()["notices"]
    assert (notice["state"], notice["posted_at"]) == ("sent", "2026-11-23T10:15:00Z")
    assert problem_of(await api.post(f"/api/v1/letters/{letter.id}/posted"))["status"] == 409


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [("posted", {"on": "2026-11-30"}, 422), ("came-back", {"why": "eaten"}, 422), ("print-again", {}, 409)],
)
async def test_what_cannot_be_is_refused(core: Core, what: str, body: dict[str, str], status: int) -> None:
    letter, api = await a_letter_out(core, HOME), Office(core).program(Role.CALL_TAKER)
    answer = await api.post(f"/api/v1/letters/{letter.id}/{what}", json=body)
    assert problem_of(answer)["status"] == status
    assert (of(core, letter).state, of(core, letter).posted_at) == ("sent", None)


async def test_a_letter_that_came_back_has_failed(core: Core) -> None:
    letter, api = await a_letter_out(core, HOME), Office(core).program(Role.CALL_TAKER)
    done = await api.post(f"/api/v1/letters/{letter.id}/came-back", json={"why": "refused"})
    assert done.json()["state"] == "failed"
    assert (await api.post("/api/v1/letters/0/came-back", json={"why": "refused"})).status_code == 404


async def test_readers_may_not_see_or_mark_letters(core: Core) -> None:
    letter, api = await a_letter_out(core, HOME), Office(core).program(Role.READONLY)
    assert (await api.get("/api/v1/letters/to-post")).status_code == 403
    assert (await api.post(f"/api/v1/letters/{letter.id}/posted")).status_code == 403

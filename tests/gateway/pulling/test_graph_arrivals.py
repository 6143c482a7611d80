"""Mail is fetched from a twin of Microsoft 365: what changed since the last time, each mail once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.core import Core
from gateway.pulling import Pulling
from storage import mailbox as mailboxes
from storage.mailbox import Mailbox
from tests.channels.mailbox.graph_api import ADDRESS
from tests.channels.mailbox.graph_twin import GraphTwin, graph_settings
from tests.fakes import MovableClock
from tests.gateway.pulling.fetching import a_mail, a_pulling, fetching, kept, until, with_mailboxes

LABEL = "Microsoft 365 mailbox 1"
LONG_AGO = datetime.now(UTC) - timedelta(days=40)


@pytest.fixture
async def twin() -> AsyncIterator[GraphTwin]:
    async with GraphTwin() as running:
        yield running


@pytest.fixture
def clock() -> MovableClock:
    """The twin says what time it is in the world."""
    return MovableClock(datetime.now(UTC))


def pulling_from(core: Core, twin: GraphTwin, **settings: object) -> Pulling:
    return a_pulling(core, with_mailboxes(core, **graph_settings(twin, **settings)))


async def recalled(pulling: Pulling, since: datetime | None = None) -> int | None:
    return (await pulling.recall(since))[LABEL]


async def test_new_mail_is_kept_byte_for_byte_and_its_clock_starts_when_it_reached_the_mailbox(
    core: Core, twin: GraphTwin
) -> None:
    boxes = with_mailboxes(core, **graph_settings(twin))
    vars(boxes[0])["_poll_seconds"] = 0.05
    twin.put(a_mail(1), at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    async with fetching(core, boxes):
        await until(lambda: len(kept(core)) == 1)
        twin.put(a_mail(2))
        await until(lambda: len(kept(core)) == 2)
    first, second = kept(core)
    assert first.received_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert (first.size, second.size) == (len(a_mail(1)), len(a_mail(2)))


async def test_another_process_goes_on_where_the_last_one_left_off(core: Core, twin: GraphTwin) -> None:
    boxes = with_mailboxes(core, **graph_settings(twin))
    twin.put(a_mail(1))
    async with fetching(core, boxes):
        await until(lambda: "deltatoken" in mark_of(core))
    twin.asked.clear()
    twin.put(a_mail(2))
    async with fetching(core, boxes):
        await until(lambda: len(kept(core)) == 2)
    assert sum("$value" in path for path in twin.asked) == 1


async def test_many_pages_are_gone_through(core: Core, twin: GraphTwin) -> None:
    twin.page = 3
    for number in range(10):
        twin.put(a_mail(number))
    assert await recalled(pulling_from(core, twin)) == 10


async def test_old_mail_is_left_alone_until_it_comes_back_or_is_asked_for(core: Core, twin: GraphTwin) -> None:
    old = [twin.put(a_mail(number), at=LONG_AGO) for number in range(3)]
    twin.put(a_mail(9))
    boxes = with_mailboxes(core, **graph_settings(twin))
    vars(boxes[0])["_poll_seconds"] = 0.05
    async with fetching(core, boxes):
        await until(lambda: "deltatoken" in mark_of(core))
        before = mark_of(core)
        twin.change(old[0], folder="f-done")
        await until(lambda: mark_of(core) != before)
        twin.change(old[0])
        await until(lambda: len(kept(core)) == 2)
        twin.change(old[1], is_read=True)
    assert await recalled(a_pulling(core, boxes)) == 0
    assert await recalled(a_pulling(core, boxes), LONG_AGO - timedelta(days=1)) == 2


async def test_a_mark_the_service_knows_no_more_is_begun_anew_and_nothing_comes_twice(
    core: Core, twin: GraphTwin
) -> None:
    boxes = with_mailboxes(core, **graph_settings(twin))
    twin.put(a_mail(1))
    async with fetching(core, boxes):
        await until(lambda: "deltatoken" in mark_of(core))
    twin.faults.forgotten_marks = True
    twin.put(a_mail(2))
    async with fetching(core, boxes):
        await until(lambda: len(kept(core)) == 2)


async def test_it_waits_when_it_is_asked_to_and_signs_in_again_when_its_token_is_over(
    core: Core, twin: GraphTwin
) -> None:
    twin.put(a_mail(1))
    twin.faults.throttled, twin.faults.expired_tokens = 2, 1
    assert await recalled(pulling_from(core, twin)) == 1
    twin.put(a_mail(2))
    twin.faults.throttled, twin.faults.retry_after = 1, "900"
    assert await recalled(pulling_from(core, twin)) is None
    assert await recalled(pulling_from(core, twin)) == 1


async def test_a_mail_broken_off_in_the_midst_is_fetched_again_whole(core: Core, twin: GraphTwin) -> None:
    twin.put(a_mail(1, "x" * 1_000_000))
    twin.faults.cut_off = 1
    pulling = pulling_from(core, twin)
    assert await recalled(pulling) is None
    assert await recalled(pulling) == 1
    assert [row.size for row in kept(core)] == [len(a_mail(1, "x" * 1_000_000))]


async def test_one_mail_that_cannot_be_had_holds_up_no_other_and_is_told_to_a_person_once(
    core: Core, twin: GraphTwin
) -> None:
    broken = twin.put(a_mail(1))
    twin.put(a_mail(2))
    twin.faults.broken_mails.add(broken.id)
    pulling = pulling_from(core, twin)
    for _ in range(5):
        assert await recalled(pulling) is None
    assert len(kept(core)) == 1
    assert len(kept(core, "note")) == 1
    twin.faults.broken_mails.clear()
    core.clock.move(minutes=31)  # type: ignore[attr-defined]
    assert await recalled(pulling) == 1


@pytest.mark.parametrize("afterwards", ["seen", "move:Done"])
async def test_a_kept_mail_is_marked_or_moved_if_that_is_wanted(core: Core, twin: GraphTwin, afterwards: str) -> None:
    item = twin.put(a_mail(1))
    assert await recalled(pulling_from(core, twin, graph_afterwards=afterwards)) == 1
    assert (item.is_read, item.folder) == ((True, "inbox") if afterwards == "seen" else (False, "f-done"))


async def test_mail_is_kept_where_marking_it_is_not_allowed(core: Core, twin: GraphTwin) -> None:
    item = twin.put(a_mail(1))
    twin.faults.may_write = False
    pulling = pulling_from(core, twin, graph_afterwards="seen")
    assert await recalled(pulling) == 1
    assert await recalled(pulling) == 0
    assert not item.is_read


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"graph_client_secret": "wrong"}, "our application may not sign in (invalid_client)"),
        ({"graph_tenant": "another"}, "the tenant or the certificate is not usable (ValueError)"),
        ({"graph_mailboxes": "nobody@northshire.example"}, "there is no such mailbox or folder"),
        ({"graph_mailboxes": f"{ADDRESS}/Nowhere"}, "there is no such folder"),
        ({"graph_url": "http://127.0.0.1:9"}, "sign-in does not answer (ConnectError)"),
    ],
)
async def test_it_is_said_why_a_mailbox_cannot_be_reached(
    core: Core, twin: GraphTwin, given: dict[str, object], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await recalled(pulling_from(core, twin, **given)) is None
    assert caplog.messages == [f"{LABEL} could not be recalled: {why}"]


async def test_an_application_that_may_not_read_the_mailbox_is_told_so(
    core: Core, twin: GraphTwin, caplog: pytest.LogCaptureFixture
) -> None:
    twin.faults.is_forbidden = True
    assert await recalled(pulling_from(core, twin)) is None
    assert caplog.messages == [f"{LABEL} could not be recalled: our application may not read this mailbox"]


async def test_a_token_is_sent_nowhere_but_to_the_service(core: Core, twin: GraphTwin) -> None:
    boxes = with_mailboxes(core, **graph_settings(twin))
    async with GraphTwin() as stranger:
        await core.database.write(lambda s: mailboxes.known(s, boxes[0].name, core.clock()))
        await core.database.write(lambda s: mailboxes.looked(s, boxes[0].name, mark=f"{stranger.url}/v1.0/users/x"))
        twin.put(a_mail(1))
        async with fetching(core, boxes):
            await until(lambda: len(kept(core)) == 1)
        twin.leads_to = stranger.url
        assert await recalled(a_pulling(core, boxes)) is None
        assert stranger.asked == []


def mark_of(core: Core) -> str:
    with core.database.reading() as session:
        row = session.get(Mailbox, f"graph:{ADDRESS}/inbox")
        return row.mark if row else ""

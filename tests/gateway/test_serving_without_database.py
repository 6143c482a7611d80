"""``frontdoor serve`` while its database is away: the doors open, a kill loses nothing, and all of it is told so."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from gateway.core import open_core
from gateway.settings import Settings, WrongSetting
from gateway.verifying import faults
from tests.house import TOKEN, free_port
from tests.outages import Outage, StoppedCluster, outage, own_cluster

__all__ = ["outage", "own_cluster"]

AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def stopped(own_cluster: tuple[str, str]) -> Iterator[StoppedCluster]:
    """A PostgreSQL server that is not running."""
    found = StoppedCluster(*own_cluster)
    yield found
    found.end()


@dataclass(kw_only=True)
class Served:
    """A process of ours and how to reach it."""

    process: asyncio.subprocess.Process
    web: httpx.AsyncClient
    smtp: int

    async def mail(self, number: int) -> str:
        """Send a mail; what the door answered."""
        head = f"From: a@example.org\r\nTo: referrals@northshire.example\r\nMessage-ID: <m{number}@example.org>\r\n"
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.smtp, timeout=30) as client:
            await client.mail("a@example.org")
            await client.rcpt("referrals@northshire.example")
            return (await client.data(f"{head}Subject: Report\r\n\r\nReport {number}.\r\n".encode())).message

    async def parts(self) -> tuple[int, dict[str, str]]:
        """What ``/health/ready`` says."""
        answer = await self.web.get("/health/ready")
        return answer.status_code, answer.json()["parts"]


@asynccontextmanager
async def served(folder: Path, url: str) -> AsyncIterator[Served]:
    """``frontdoor serve``, killed at the end."""
    smtp, http = free_port(), free_port()
    settings = {
        "FRONTDOOR_DATA_DIR": str(folder / "data"), "FRONTDOOR_DATABASE_URL": url, "FRONTDOOR_API_TOKEN": TOKEN,
        "FRONTDOOR_SMTP": f"127.0.0.1:{smtp}", "FRONTDOOR_HTTP": f"127.0.0.1:{http}",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http}", timeout=30) as web:
            for _ in range(600):
                if process.returncode is not None:
                    break
                try:
                    await web.get("/health/live")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    break
            yield Served(process=process, web=web, smtp=smtp)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


def with_key(folder: Path) -> None:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "key").write_bytes(b"k" * 32)


async def test_started_without_its_database_it_takes_mail_and_a_kill_loses_none(
    tmp_path: Path, stopped: StoppedCluster
) -> None:
    with_key(tmp_path)
    stopped.begin()
    async with served(tmp_path, stopped.url) as gateway:
        told = [await gateway.mail(number) for number in range(10)]
        status, parts = await gateway.parts()
        assert (status, parts["spool"]) == (503, "holding 10 messages until the database is back")
        assert parts["database"] == "cannot be reached since the start"
        metrics = (await gateway.web.get("/metrics")).text
        assert "frontdoor_spool_messages 10.0" in metrics
        assert "frontdoor_database_answers 0.0" in metrics
    async with served(tmp_path, stopped.url) as gateway:
        assert [await gateway.mail(number) for number in (3, 7)] == [told[3], told[7]]
        told.append(await gateway.mail(10))
        stopped.end()
        referrals: list[dict[str, str]] = []
        for _ in range(300):
            answer = await gateway.web.get("/api/v1/referrals", headers=AUTHORISED)
            referrals = answer.json() if answer.status_code == 200 else []
            if len(referrals) == 11:
                break
            await asyncio.sleep(0.1)
        assert [f"2.0.0 Kept as {row['reference']}" for row in referrals] == told
        for _ in range(100):
            status, parts = await gateway.parts()
            if status == 200:
                break
            await asyncio.sleep(0.1)
        assert (status, parts["spool"]) == (200, "ready")
    core = open_core(Settings(data_dir=tmp_path / "data", database_url=stopped.url))
    assert [fault for fault in faults(core) if fault] == []
    core.close()


async def test_pages_say_that_they_cannot_be_shown_and_the_form_is_still_taken(
    tmp_path: Path, stopped: StoppedCluster
) -> None:
    with_key(tmp_path)
    stopped.begin()
    async with served(tmp_path, stopped.url) as gateway:
        sent = await gateway.web.post("/report", data={"what": "The baby cries"})
        assert sent.status_code == 303
        assert (await gateway.web.get(sent.headers["location"])).status_code == 200
        tracked = await gateway.web.post("/track", data={"reference": "KMR-4729-HX", "code": "1234"})
        assert (tracked.status_code, "cannot be shown now" in tracked.text) == (503, True)
        assert (await gateway.web.get("/report")).status_code == 200
        asked = await gateway.web.get("/api/v1/queue", headers=AUTHORISED)
        assert (asked.status_code, asked.headers["content-type"]) == (503, "application/problem+json")
        signed_in = await gateway.web.post("/sign-in", data={"name": "sam", "password": "a long pass phrase"})
        assert signed_in.status_code in (403, 503)


async def test_without_a_key_nothing_opens_while_the_database_is_away(tmp_path: Path, stopped: StoppedCluster) -> None:
    stopped.begin()
    async with served(tmp_path, stopped.url) as gateway:
        assert await gateway.process.wait() == 2
    with_key(tmp_path)
    with pytest.raises(WrongSetting, match=r"^FRONTDOOR_DATABASE_URL: "):
        open_core(Settings(data_dir=tmp_path / "data", database_url=stopped.url))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db@no-such-host.invalid/frontdoor",
        "postgresql://127.0.0.1:many/frontdoor",
        "sqlite:////dev/null/frontdoor.db",
    ],
)
def test_an_address_that_is_wrong_keeps_even_the_doors_shut(tmp_path: Path, url: str) -> None:
    with_key(tmp_path)
    with pytest.raises(WrongSetting, match=r"^FRONTDOOR_DATABASE_URL: "):
        open_core(Settings(data_dir=tmp_path / "data", database_url=url), may_wait=True)


def test_a_database_that_is_not_there_or_lets_us_not_in_keeps_even_the_doors_shut(
    tmp_path: Path, postgres_url: str
) -> None:
    with_key(tmp_path)
    for url in (postgres_url.replace("/postgres?", "/no_such_database?"), postgres_url.replace("postgres@", "nobody@")):
        with pytest.raises(WrongSetting, match=r"^FRONTDOOR_DATABASE_URL: "):
            open_core(Settings(data_dir=tmp_path / "data", database_url=url), may_wait=True)


async def test_a_process_that_runs_holds_what_comes_and_says_so(tmp_path: Path, outage: Outage) -> None:
    with_key(tmp_path)
    async with served(tmp_path, outage.url) as gateway:
        first = await gateway.mail(1)
        outage.begin()
        second = await gateway.mail(2)
        assert (await gateway.mail(1), await gateway.mail(2)) == (first, second)
        status, parts = await gateway.parts()
        assert (status, parts["spool"]) == (503, "holding 1 message until the database is back")
        outage.end()
        for _ in range(300):
            status, parts = await gateway.parts()
            if status == 200:
                break
            await asyncio.sleep(0.1)
        assert status == 200, parts
        referrals = (await gateway.web.get("/api/v1/referrals", headers=AUTHORISED)).json()
        assert len(referrals) == 2 or len((await gateway.web.get("/api/v1/queue", headers=AUTHORISED)).json()) == 2

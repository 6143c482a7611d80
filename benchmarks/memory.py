"""What doors and desks hold in memory: idle, and after thousands of messages went through."""

from __future__ import annotations

import time

import httpx

from benchmarks.figures import Figure, at_most
from benchmarks.gateways import Gateway, a_gateway
from benchmarks.mail_servers import NOTHING
from benchmarks.processes import memory_mb, serving, told_by
from benchmarks.run import Run

IDLE_MB = 150.0
GROWTH_MB = 5.0
SETTLE_SECONDS = 3
PATIENCE_SECONDS = 180
CONNECTIONS = 8
LOADS = 3


def measure(run: Run) -> list[Figure]:
    """On each database, in one process with every door and desk open and no model loaded."""
    figures = []
    for kind in run.kinds:
        with (
            run.database(kind) as url,
            run.data_dir() as folder,
            serving("benchmarks.mail_servers", NOTHING, folder, "") as relay_port,
            a_gateway(folder, url, mail_relay=f"smtp://127.0.0.1:{relay_port}") as gateway,
        ):
            time.sleep(SETTLE_SECONDS)
            idle = memory_mb(gateway.pid)
            figures.append(at_most(f"memory, doors and desks idle, {kind}", idle, "MB", IDLE_MB))
            run.say(f"memory: load on {kind}")
            figures += _after_load(kind, gateway, seconds=1 if run.quick else 5)
    return figures


def _after_load(kind: str, gateway: Gateway, *, seconds: int) -> list[Figure]:
    """The first loads fill what is kept ready; what the last adds is growth."""
    held, mails = [], []
    for _ in range(LOADS):
        told = told_by("benchmarks.mail_load", gateway.smtp_port, CONNECTIONS, seconds)
        mails.append(told["mails"])
        wait_until_idle(gateway)
        held.append(memory_mb(gateway.pid))
    return [
        Figure(what=f"memory after {sum(mails[:-1]):,} mails, {kind}", value=held[-2], unit="MB"),
        at_most(
            f"memory that {mails[-1]:,} more mails add, {kind}", held[-1] - held[-2], "MB", GROWTH_MB,
            anchor=f"{held[-2]:.0f} MB",
        ),
    ]  # fmt: skip


def wait_until_idle(gateway: Gateway) -> None:
    """Until nothing has been due for some seconds."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < SETTLE_SECONDS:
        if time.monotonic() > give_up:
            raise RuntimeError("the desks did not get through the load in time")
        if _is_busy(gateway):
            quiet_since = time.monotonic()
        time.sleep(0.5)


def _is_busy(gateway: Gateway) -> bool:
    told = httpx.get(f"{gateway.url}/metrics", trust_env=False, timeout=60).text
    ages = [line.split()[-1] for line in told.splitlines() if line.startswith("frontdoor_oldest_due_seconds{")]
    return any(float(age) > 0 for age in ages)

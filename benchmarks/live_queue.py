"""The live queue with two hundred browsers: from the answer to a sender until each of them is told, and its cost."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gateways import Gateway, a_gateway
from benchmarks.processes import memory_mb, processor_ms, serving
from benchmarks.run import TOKEN, Run, settings
from gateway.clock import now
from gateway.core import Core, open_core
from gateway.staff import accounts
from storage import staff
from storage.staff import Role

CLIENTS, FEW = 200, 20
PEOPLE = 40
BEFORE, ARRIVALS = 15, 34
"""With nobody watching, and then; together they stand on one page, so that each arrival is a line of everybody's."""
P99_MS = 1000.0
SETTLE_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Spent:
    """While messages arrived one a second: the share of a core the gateway used, and what it held in memory."""

    core: float
    memory_mb: float


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One message: its reference and when its sender had the answer (seconds since 1970)."""

    reference: str
    at: float


def measure(run: Run) -> list[Figure]:
    """On each database, in one process with every door and desk; the browsers are in another."""
    return [figure for kind in run.kinds for figure in _measured(run, kind)]


def _measured(run: Run, kind: str) -> list[Figure]:
    clients, arrivals = (FEW, ARRIVALS // 3) if run.quick else (CLIENTS, ARRIVALS)
    with run.database(kind) as url, run.data_dir() as folder:
        core = open_core(settings(folder, url))
        (folder / "cookies.json").write_text(json.dumps(_signed_in(core, clients)))
        core.close()
        with a_gateway(folder, url) as gateway:
            time.sleep(SETTLE_SECONDS)
            run.say(f"live queue: nobody watches, {kind}")
            without, _ = _arrive(gateway, BEFORE)
            with serving("benchmarks.queue_watchers", urlsplit(gateway.url).port, folder):
                run.say(f"live queue: {clients} watch, {kind}")
                time.sleep(SETTLE_SECONDS)
                watched, sent = _arrive(gateway, arrivals)
                time.sleep(2)
        took = _took(folder, sent)
    run.say(f"live queue: {len(took):,} of {len(sent) * clients:,} told, p99 {percentile(took, 99):.0f} ms, {kind}")
    told = Figure(
        what=f"of the news owed, told, {kind}", value=100 * len(took) / (len(sent) * clients), unit="%",
        target="100 %", met=len(took) >= len(sent) * clients,
    )  # fmt: skip
    return [_quick(kind, clients, took), told, *_cost(kind, clients, without, watched)]


def _signed_in(core: Core, clients: int) -> list[str]:
    """A cookie for each browser; every person has several open."""
    with core.database.transaction() as session:
        cookies = []
        for number in range(clients):
            name = f"worker {number % PEOPLE}"
            if number < PEOPLE:
                accounts.add_user(session, name, Role.SOCIAL_WORKER, "a password for this run", at=now())
                session.flush()
            row = staff.by_name(session, name)
            if row is None:
                raise LookupError("the account was not made")
            cookies.append(accounts.sign_in(session, row, at=now()))
        return cookies


def _arrive(gateway: Gateway, arrivals: int) -> tuple[Spent, list[Arrived]]:
    """A call taker's note each second, by the API."""
    sent: list[Arrived] = []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=gateway.url, headers=headers, trust_env=False, timeout=60) as client:
        used, began = processor_ms(gateway.pid), time.monotonic()
        for number in range(arrivals):
            time.sleep(max(0.0, began + number - time.monotonic()))
            answer = client.post("/api/v1/notes", json={"text": f"Shouting at night again, the {number}. time"})
            at = time.time()
            sent.append(Arrived(reference=answer.raise_for_status().json()["reference"], at=at))
        time.sleep(max(0.0, began + arrivals - time.monotonic()))
        share = (processor_ms(gateway.pid) - used) / 1000 / (time.monotonic() - began)
    return Spent(core=share, memory_mb=memory_mb(gateway.pid)), sent


def _took(folder: Path, sent: list[Arrived]) -> list[float]:
    """From the answer to its sender until each browser was told (ms); before the answer counts as at once."""
    at = {each.reference: each.at for each in sent}
    told = json.loads((folder / "told.json").read_text())
    return [max(0.0, when - at[reference]) * 1000 for each in told for reference, when in each if reference in at]


def _quick(kind: str, clients: int, took: list[float]) -> Figure:
    what = f"arrival told to {clients} live queues, p99, {kind}"
    return at_most(what, percentile(took, 99), "ms", P99_MS, anchor=f"p50 {percentile(took, 50):.0f} ms")


def _cost(kind: str, clients: int, without: Spent, watched: Spent) -> list[Figure]:
    return [
        Figure(
            what=f"processor, one message a second, {clients} live queues, {kind}", value=100 * watched.core,
            unit="% of a core", anchor=f"{100 * without.core:.1f} % with none",
        ),
        Figure(
            what=f"memory, {clients} live queues, {kind}", value=watched.memory_mb, unit="MB",
            anchor=f"{without.memory_mb:.0f} MB with none",
        ),
    ]  # fmt: skip

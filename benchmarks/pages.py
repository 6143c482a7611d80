"""The queue, a referral and the API with 1,000,000 referrals, beside the same with 10,000."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack

import httpx

from benchmarks.figures import Figure, at_most, beside, percentile
from benchmarks.gateways import a_gateway
from benchmarks.many_referrals import fill, reference_of
from benchmarks.run import TOKEN, Run, settings
from gateway.clock import now
from gateway.core import Core, open_core
from gateway.staff import accounts
from gateway.staff.signed_in import COOKIE
from storage import staff
from storage.staff import Role

SMALL, LARGE = 10_000, 1_000_000
QUICK_LARGE = 50_000
TIMES = 200
P95_MS = 50.0
MOST = 1.2
Path = Callable[[random.Random, int], str]
Asked = Callable[[httpx.Client, random.Random, int], httpx.Response]
PATHS: Mapping[str, Path] = {
    "queue page": lambda _, __: "/queue",
    "queue, its fifth page": lambda _, __: "/queue?page=5",
    "referral page": lambda chance, size: f"/referrals/{_one(chance, size)}",
    "API queue of 50": lambda _, __: "/api/v1/queue?limit=50",
    "API 50 in order of receipt": lambda chance, size: f"/api/v1/referrals?limit=50&after={chance.randrange(size)}",
    "API one referral": lambda chance, size: f"/api/v1/referrals/{_one(chance, size)}",
}


def measure(run: Run) -> list[Figure]:
    """Both sizes are asked in turn, so that noise hits both alike. The bytes people sent are not made."""
    sizes = (SMALL, QUICK_LARGE if run.quick else LARGE)
    asked = {name: page(path) for name, path in PATHS.items()}
    return [figure for kind in run.kinds for figure in measured(run, kind, sizes, part="pages", asked=asked, make=fill)]


def page(path: Path) -> Asked:
    """One that is looked at."""
    return lambda client, chance, size: client.get(path(chance, size))


def measured(
    run: Run,
    kind: str,
    sizes: tuple[int, int],
    *,
    part: str,
    asked: Mapping[str, Asked],
    make: Callable[[Core, int], None],
    role: Role = Role.SOCIAL_WORKER,
    reports: Collection[str] = (),
) -> list[Figure]:
    """Each of what is asked at both sizes, by requests to a gateway that is served; ``make`` fills a database.

    Somebody of this ``role`` asks. The ``reports`` are compared between both sizes alone.
    """
    with ExitStack() as stack:
        clients = {}
        for size in sizes:
            run.say(f"{part}: {size:,} referrals on {kind}")
            url, folder = stack.enter_context(run.database(kind)), stack.enter_context(run.data_dir())
            core = open_core(settings(folder, url))
            make(core, size)
            cookie = _signed_in(core, role)
            core.close()
            gateway = stack.enter_context(a_gateway(folder, url, "--doors"))
            client = httpx.Client(base_url=gateway.url, trust_env=False, timeout=60, cookies={COOKIE: cookie})
            client.headers["Authorization"] = f"Bearer {TOKEN}"
            clients[size] = stack.enter_context(client)
        run.say(f"{part}: asking on {kind}")
        took = {name: _ask(clients, one) for name, one in asked.items()}
    found = []
    for name, times in took.items():
        figures = _figures(f"{name}, {kind}", times, *sizes)
        found += figures[1:] if name in reports else figures
    return found


def _signed_in(core: Core, role: Role) -> str:
    """The cookie of their browser."""
    with core.database.transaction() as session:
        accounts.add_user(session, "sam", role, "a password for this run", at=now())
        session.flush()
        row = staff.by_name(session, "sam")
        if row is None:
            raise LookupError("the account was not made")
        return accounts.sign_in(session, row, at=now())


def _ask(clients: Mapping[int, httpx.Client], one: Asked) -> dict[int, list[float]]:
    """How long each answer took (ms), by size; the first few are not counted."""
    chance, took = random.Random(1), {size: list[float]() for size in clients}
    for number in range(TIMES + 10):
        for size, client in clients.items():
            began = time.perf_counter()
            answer = one(client, chance, size)
            if answer.is_error:
                raise ValueError(f"{answer.request.method} answered with {answer.status_code}")
            if number >= 10:
                took[size].append((time.perf_counter() - began) * 1000)
    return took


def _figures(what: str, took: Mapping[int, list[float]], small: int, large: int) -> list[Figure]:
    at_small, at_large = (percentile(took[size], 95) for size in (small, large))
    middle, before = percentile(took[large], 50), percentile(took[small], 50)
    return [
        at_most(f"{what}, {large:,} referrals, p95", at_large, "ms", P95_MS, anchor=f"p50 {middle:.1f} ms"),
        beside(
            f"{what}, p95 beside {small:,}", at_large, "ms",
            anchor=f"{at_small:.1f} ms; p50 {middle / before:.2f} times",
            ratio=at_large / at_small, most=MOST,
        ),
    ]  # fmt: skip


def _one(chance: random.Random, size: int) -> str:
    return reference_of(chance.randrange(1, size + 1))

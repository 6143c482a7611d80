"""A whole gateway in a process of its own, with the settings a benchmark needs and any free ports."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mail_load import MAILBOX
from benchmarks.processes import frontdoor
from benchmarks.run import TOKEN

NO_LIMIT = 1_000_000  # of answers: the load comes from one mail domain, as no day's mail does


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Where it is."""

    pid: int
    url: str
    smtp_port: int


@contextmanager
def a_gateway(
    folder: Path, database_url: str, *arguments: str, web_port: int | None = None, **given: object
) -> Iterator[Gateway]:
    """``frontdoor serve`` with these arguments and settings, once it is ready."""
    web, smtp = web_port or free_port(), free_port()
    values = {
        "data_dir": folder, "database_url": database_url, "http": f"127.0.0.1:{web}", "smtp": f"127.0.0.1:{smtp}",
        "public_url": f"http://127.0.0.1:{web}", "mailboxes": MAILBOX, "api_token": TOKEN,
        "answers_per_domain": NO_LIMIT, "answers_in_all": NO_LIMIT,
    } | given  # fmt: skip
    with frontdoor(values, *arguments) as pid:
        yield Gateway(pid=pid, url=f"http://127.0.0.1:{web}", smtp_port=smtp)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

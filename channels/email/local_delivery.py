"""The same conversation as LMTP (RFC 2033), for a mail server on our own side: each recipient has an answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.lmtp import LMTP

from channels.email.arriving import Conversation

_OWNER_AND_GROUP = 0o660


class LocalDelivery(LMTP, Conversation):
    """One mail is kept once; what is said of it is said once for every recipient that was taken."""

    protocol = "LMTP"

    async def tell(self, answer: str) -> None:
        """RFC 2033 4.2: one answer after the final dot for each RCPT that succeeded, in their order."""
        for _ in self.envelope.rcpt_tos if self.envelope else ():
            await self.push(answer)

    async def check_helo_needed(self, helo: str = "LHLO") -> bool:
        """LHLO comes first."""
        return await super().check_helo_needed("LHLO")


async def listen(entry: Callable[[], asyncio.Protocol], address: str) -> asyncio.Server:
    """At ``host:port``, or at a path: a socket for our own user and group, in place of one a killed process left.

    Raises OSError.
    """
    loop = asyncio.get_running_loop()
    if is_path(address):
        server = await loop.create_unix_server(entry, address, backlog=1024)
        _let_the_group_in(Path(address))
        return server
    host, _, port = address.rpartition(":")
    return await loop.create_server(entry, host.strip("[]"), int(port), backlog=1024)


def is_path(address: str) -> bool:
    """Whether it names a socket of this host rather than an address of a network."""
    return address.startswith("/")


def socket_at(address: str) -> tuple[int, int] | None:
    """Which file lies at a path, and since when: another as soon as somebody else listens there; None for none."""
    try:
        found = os.stat(address) if is_path(address) else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns) if found else None


def remove_socket(address: str, ours: tuple[int, int] | None) -> None:
    """Nobody listens there any more, unless another gateway took the place while we were still closing."""
    if ours and socket_at(address) == ours:
        Path(address).unlink(missing_ok=True)


def _let_the_group_in(path: Path) -> None:
    path.chmod(_OWNER_AND_GROUP)

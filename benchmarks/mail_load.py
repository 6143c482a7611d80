"""Sends mails of 5 kB as fast as a server takes them, over some connections, one command at a time."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import count

from benchmarks.figures import percentile

MAILBOX = "referrals@northshire.example"
BYTES = 5 * 1024
LINE = b"I am worried about the boy in the house with the blue door, he is often alone.\r\n"
HEAD = (
    "From: A Neighbour <neighbour{n}@example.org>\r\nTo: {to}\r\nSubject: Worried, number {n}\r\n"
    "Message-ID: <load-{began}-{n}@example.org>\r\nDate: Mon, 23 Nov 2026 10:15:00 +0000\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
)
numbers = count(1)
BEGAN = time.time_ns()


def a_mail(number: int, *, size: int = BYTES) -> bytes:
    """A mail that no other run or connection sends."""
    head = HEAD.format(n=number, to=MAILBOX, began=BEGAN).encode()
    return head + LINE * ((size - len(head)) // len(LINE) + 1)


class Sending(asyncio.Protocol):
    """One connection: HELO once, then MAIL, RCPT, DATA, the mail, and again."""

    def __init__(self, until: float) -> None:
        self.until, self.took, self.refused = until, list[float](), 0
        self.ended = asyncio.get_running_loop().create_future()
        self._step, self._buffer = 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server speaks first."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a stream")
        self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        """However it ended."""
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """One answer, one next command."""
        self._buffer += data
        if (
            not self._buffer.endswith(b"\r\n")
            or self._buffer.rpartition(b"\r\n")[0].rpartition(b"\r\n")[2][3:4] == b"-"
        ):
            return
        answer, self._buffer = self._buffer, b""
        self._next(answer)

    def _next(self, answer: bytes) -> None:
        self._step += 1
        if self._step == 1:
            self._transport.write(b"HELO load.example.org\r\n")
        elif self._step == 2:
            self._begin()
        elif self._step == 3:
            self._transport.write(f"RCPT TO:<{MAILBOX}>\r\n".encode())
        elif self._step == 4:
            self._transport.write(b"DATA\r\n")
        elif self._step == 5:
            self._transport.write(a_mail(next(numbers)) + b".\r\n")
        else:
            self._answered(answer)

    def _begin(self) -> None:
        self._began, self._step = time.perf_counter(), 2
        self._transport.write(b"MAIL FROM:<neighbour@example.org>\r\n")

    def _answered(self, answer: bytes) -> None:
        if answer.startswith(b"250"):
            self.took.append(time.perf_counter() - self._began)
        else:
            self.refused += 1
        if time.perf_counter() < self.until:
            self._begin()
        else:
            self._transport.close()


async def main(port: int, connections: int, seconds: float) -> None:
    """Send for some seconds and tell what was taken."""
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    opened = [
        await loop.create_connection(lambda: Sending(began + seconds), "127.0.0.1", port) for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(one.ended for _, one in opened)), seconds + 60)
    took = [each for _, one in opened for each in one.took]
    lasted = time.perf_counter() - began
    told = {
        "per_second": len(took) / lasted, "mails": len(took), "refused": sum(one.refused for _, one in opened),
        "p50_ms": percentile(took, 50) * 1000, "p99_ms": percentile(took, 99) * 1000,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))

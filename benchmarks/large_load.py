"""Sends large mails all at once, and tells how long each took and how long another conversation waited meanwhile."""

from __future__ import annotations

import base64
import json
import multiprocessing
import random
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event

from benchmarks.figures import percentile
from benchmarks.mail_load import BEGAN, MAILBOX

PAUSE_SECONDS = 0.005
BOUNDARY = b"--a-film\r\n"
HEAD = (
    "From: A Neighbour <neighbour{n}@example.org>\r\nTo: {to}\r\nSubject: A film, number {n}\r\n"
    "Message-ID: <film-{began}-{n}@example.org>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="a-film"\r\n\r\n'
)
TEXT = BOUNDARY + b"Content-Type: text/plain\r\n\r\nThis is what I saw.\r\n"
FILM = BOUNDARY + b"Content-Type: application/octet-stream; name=film.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
LINES = base64.encodebytes(random.Random(30).randbytes(570_000)).replace(b"\n", b"\r\n")


def a_film(number: int, size: int) -> bytes:
    """A mail that no other sends, most of it an attachment."""
    head = HEAD.format(n=number, to=MAILBOX, began=BEGAN).encode() + TEXT + FILM
    return head + LINES * ((size - len(head)) // len(LINES) + 1) + BOUNDARY[:-2] + b"--\r\n"


def send(port: int, mail: bytes) -> tuple[float, bool]:
    """Seconds from the go-ahead to the answer, and whether it was taken."""
    with socket.create_connection(("127.0.0.1", port)) as peer, peer.makefile("rb") as answers:
        answers.readline()
        for said in ("HELO load.example.org", "MAIL FROM:<neighbour@example.org>", f"RCPT TO:<{MAILBOX}>", "DATA"):
            peer.sendall(said.encode() + b"\r\n")
            answers.readline()
        began = time.perf_counter()
        peer.sendall(mail + b".\r\n")
        answer = answers.readline()
        return time.perf_counter() - began, answer.startswith(b"250")


def ask(port: int, over: Event, told: multiprocessing.SimpleQueue[list[float]]) -> None:
    """Another conversation, which asks for little every few milliseconds: the seconds each answer took."""
    waited = []
    with socket.create_connection(("127.0.0.1", port)) as peer, peer.makefile("rb") as answers:
        answers.readline()
        while not over.is_set():
            began = time.perf_counter()
            peer.sendall(b"RSET\r\n")
            answers.readline()
            waited.append(time.perf_counter() - began)
            time.sleep(PAUSE_SECONDS)
    told.put(waited)


def main(port: int, count: int, size: int) -> None:
    """All of them at once, each in a thread of its own; the other conversation is in another process."""
    mails = [a_film(number, size) for number in range(count)]
    context = multiprocessing.get_context("spawn")
    over, told = context.Event(), context.SimpleQueue()
    asking = context.Process(target=ask, args=(port, over, told))
    asking.start()
    time.sleep(1)
    with ThreadPoolExecutor(count) as threads:
        sent = list(threads.map(lambda mail: send(port, mail), mails))
    over.set()
    waited = told.get()
    asking.join()
    print(
        json.dumps(
            {
                "seconds": [seconds for seconds, _ in sent], "refused": sum(not taken for _, taken in sent),
                "longest_wait_ms": max(waited) * 1000, "p99_wait_ms": percentile(waited, 99) * 1000,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

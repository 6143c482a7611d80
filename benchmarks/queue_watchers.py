"""Browsers that watch the queue live, in a process of their own: when each was told of each reference, on one clock."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from gateway.staff.signed_in import COOKIE

READ_AT_ONCE = 65536


async def watch(port: int, cookie: str, told: list[tuple[str, float]], ready: asyncio.Event) -> None:
    """One stream, read as its bytes come; the first event says that it is told from now on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    asked = (
        f"GET /queue/news?has=none HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}={cookie}\r\n"
        "Accept: text/event-stream\r\n\r\n"
    )
    writer.write(asked.encode())
    seen: set[str] = set()
    try:
        while line := await reader.readline():
            if not line.startswith(b"data: "):
                continue
            at, event = time.time(), json.loads(line[6:])
            standing = {*event["overdue"], *event["rest"]}
            if ready.is_set():
                told += [(reference, at) for reference in standing - seen]
            seen |= standing
            ready.set()
    finally:
        writer.close()


async def main(port: int, cookies: list[str], folder: Path) -> None:
    """Until our input ends; then what was told is in ``told.json``."""
    told: list[list[tuple[str, float]]] = [[] for _ in cookies]
    ready = [asyncio.Event() for _ in cookies]
    watching = []
    for number, cookie in enumerate(cookies):
        watching.append(asyncio.create_task(watch(port, cookie, told[number], ready[number])))
        await asyncio.sleep(0.005)
    await asyncio.gather(*(each.wait() for each in ready))
    print(len(cookies), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    (folder / "told.json").write_text(json.dumps(told))
    for each in watching:
        each.cancel()
    await asyncio.gather(*watching, return_exceptions=True)


if __name__ == "__main__":
    given = Path(sys.argv[2])
    asyncio.run(main(int(sys.argv[1]), json.loads((given / "cookies.json").read_text()), given))

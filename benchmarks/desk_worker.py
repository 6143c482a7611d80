"""A desk in a process of its own: writes down the subject of each row and when its step began, and ends the row."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TextIO

from sqlmodel import Session

from gateway.clock import now
from gateway.desk import Desk
from storage import work
from storage.database import Database
from storage.news import News
from storage.work import Claim

QUEUE = "reading"


async def main(url: str, told: TextIO) -> None:
    """Work until our input ends."""
    database = Database(url)

    async def step(held: Claim) -> None:
        print(held.subject, time.monotonic_ns(), file=told)
        await database.write(lambda session: work.done(session, held))

    def give_up(_: Session, held: Claim, error: str) -> None:
        raise RuntimeError(error)

    desk = Desk(QUEUE, step, give_up, database=database, clock=now)
    tasks = [asyncio.create_task(desk.run()), asyncio.create_task(News(database, lambda _: desk.wake()).run())]
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    database.close()


if __name__ == "__main__":
    with Path(sys.argv[2]).open("w") as told:
        asyncio.run(main(sys.argv[1], told))

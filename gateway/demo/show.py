"""The demo from start to end: its folder, its stage, the script, and a clean close at Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from gateway.commands.running import until_stopped
from gateway.demo import folder
from gateway.demo.console import Teller
from gateway.demo.performance import Performance
from gateway.demo.stage import open_stage
from gateway.settings import Settings, load

WATCHED, WAITED_FOR = 1.0, 0.25
CALL_SPEED = 15.0


def show(*, port: int, exit_when_done: bool) -> int:
    """Run it until Ctrl-C; 0, or 1 if something sent has no answer. Raises ``WrongSetting`` if it cannot begin."""
    logging.getLogger().setLevel(logging.WARNING)
    asked = load()
    wanted = asked.data_dir if "data_dir" in asked.model_fields_set else folder.USUAL
    with folder.emptied(wanted) as data_dir:
        return asyncio.run(_demo(asked, data_dir, port=port, exit_when_done=exit_when_done))


async def _demo(asked: Settings, data_dir: Path, *, port: int, exit_when_done: bool) -> int:
    pace = WAITED_FOR if exit_when_done else WATCHED
    teller, stopped = Teller(), asyncio.create_task(until_stopped())
    async with open_stage(asked, data_dir, port=port, speed=CALL_SPEED / pace) as stage:
        teller.welcome(stage.where)
        performance = Performance(stage, teller, pace=pace)
        following = asyncio.create_task(performance.follow())
        playing = asyncio.create_task(_play(performance, teller, stage.where.url, exit_when_done=exit_when_done))
        await asyncio.wait({stopped, following, playing}, return_when=asyncio.FIRST_COMPLETED)
        ended = [task.result() for task in (following, playing) if task.done()]
        for task in (stopped, following, playing):
            task.cancel()
        await asyncio.gather(stopped, following, playing, return_exceptions=True)
    teller.bye(data_dir)
    return next((code for code in ended if code is not None), 1 if exit_when_done else 0)


async def _play(performance: Performance, teller: Teller, url: str, *, exit_when_done: bool) -> int:
    """The scripted minute and its summary; then, for somebody who watches, a message now and then without end."""
    found = await performance.scripted()
    teller.summary(found)
    teller.missing(found)
    if not exit_when_done:
        teller.stays_up(url)
        await performance.now_and_then()
    return 1 if any(outcome.missing for outcome in found) else 0

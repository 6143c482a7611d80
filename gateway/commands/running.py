"""``serve`` and ``demo``: the gateway itself, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable
from typing import Any

from gateway.commands.checks import moment
from gateway.commands.memory import give_memory_back
from gateway.core import open_core
from gateway.settings import Settings, WrongSetting

Load = Callable[..., Settings]
log = logging.getLogger(__name__)


def add_to(commands: Any) -> None:
    """The parsers of these commands."""
    serve = commands.add_parser("serve", help="doors and desks in one process, or a part of them")
    serve.add_argument("--doors", action="store_true", help="only the doors (add --desks for some desks beside them)")
    serve.add_argument("--desks", metavar="NAMES", help="only these desks: reading,transcribing,notifying,watch")
    serve.set_defaults(run=_serve)
    recall = commands.add_parser("recall", help="ask every provider and mailbox what we missed")
    recall.add_argument("--since", metavar="TIME", help="from this time instead, ISO 8601")
    recall.set_defaults(run=_recall)
    demo = commands.add_parser("demo", help="the whole gateway with a pretend provider and a scripted minute")
    demo.add_argument("--exit-when-done", action="store_true", help="stop when every message has its acknowledgement")
    demo.add_argument("--port", type=int, default=8000, help="web port; the next free one is taken if it is busy")
    demo.set_defaults(run=_demo)


def _serve(asked: argparse.Namespace, load: Load) -> int:
    from gateway.app import running
    from gateway.wiring import DESKS

    give_memory_back()
    desks = tuple(asked.desks.split(",")) if asked.desks else (() if asked.doors else DESKS)
    if unknown := set(desks) - set(DESKS):
        raise WrongSetting(f"--desks: there is no desk called {', '.join(sorted(unknown))}")
    doors = asked.doors or not asked.desks
    core = open_core(load(), may_wait=doors)

    async def serve() -> None:
        async with running(core, doors=doors, desks=desks):
            settle_memory()
            log.info("frontdoor is open%s", f" at {core.settings.public_url}" if doors else "")
            await until_stopped()
            log.info("frontdoor is closing: finishing what is under way")

    try:
        asyncio.run(serve())
    except OSError as error:
        mail = "FRONTDOOR_SMTP or FRONTDOOR_LMTP" if core.settings.lmtp else "FRONTDOOR_SMTP"
        name = "FRONTDOOR_SCAN_DIR" if error.filename else mail
        raise WrongSetting(f"{name}: {error.strerror or error}") from None
    finally:
        core.close()
    return 0


def settle_memory() -> None:
    """What was loaded at start stays: the garbage collector need not walk it, which took 0.1 s of some answers."""
    gc.collect()
    gc.freeze()


def _recall(asked: argparse.Namespace, load: Load) -> int:
    from gateway.recalling import summary
    from gateway.wiring import wire_channels, wire_pulling, wire_recall

    core = open_core(load())
    since = moment(asked.since, core, "--since") if asked.since else None

    async def recall() -> int:
        channels = wire_channels(core)
        try:
            of_providers = await wire_recall(core, channels).recall(since)
            outcome = {**of_providers, **await wire_pulling(core, channels).recall(since)}
        finally:
            await channels.close()
        print("\n".join(summary(outcome)))
        return 1 if None in outcome.values() else 0

    try:
        return asyncio.run(recall())
    finally:
        core.close()


async def until_stopped() -> None:
    """Wait for Ctrl-C or the operator's TERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stopped.set)
    await stopped.wait()


def _demo(asked: argparse.Namespace, load: Load) -> int:
    from gateway.demo import run_demo

    return run_demo(port=asked.port, exit_when_done=asked.exit_when_done)

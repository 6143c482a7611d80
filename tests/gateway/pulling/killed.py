"""A process that fetches from a mailbox and is killed once its first mail is kept and before it is marked or noted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from gateway.clock import now
from gateway.core import build_core
from gateway.settings import Settings
from storage.blobs import open_blobs
from storage.database import Database
from storage.sealing import Seal
from tests.gateway.pulling.fetching import a_pulling, with_mailboxes
from tests.gateway.pulling.struck import Struck


def main(folder: str, database: str, mailboxes: str) -> None:
    """With the key of the tests."""
    settings, seal = Settings(data_dir=Path(folder), database_url=database), Seal(b"k" * 32)
    blobs = open_blobs(f"file://{folder}/sealed", seal)
    core = build_core(settings, clock=now, seal=seal, database=Database(database), blobs=blobs)
    (box,) = with_mailboxes(core, **json.loads(mailboxes))
    struck = Struck(box, before_put_away=lambda: os.kill(os.getpid(), signal.SIGKILL))
    asyncio.run(a_pulling(core, [struck]).recall())


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The ``frontdoor`` command: exit 0 well, 1 something found, 2 wrong usage or setting."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from gateway.commands import (
    checks,
    doctor,
    evaluate,
    exports,
    fallback,
    keeping,
    letters,
    people,
    post,
    running,
    speech,
)
from gateway.settings import WrongSetting, load

WRONG = 2


def parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    top = argparse.ArgumentParser(prog="frontdoor", description="The front door of a children's-services department.")
    commands = top.add_subparsers(dest="command", required=True)
    for room in (running, checks, doctor, fallback, keeping, exports, letters, post, speech, evaluate, people):
        room.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("alembic", "httpx", "uvicorn.error", "rapidocr", "faster_whisper"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked, load))
    except WrongSetting as error:
        print(f"frontdoor: {error}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())

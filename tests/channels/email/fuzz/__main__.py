"""The fuzzer as a command: draws mails, has them read, keeps and prints those that do harm; exit 1 if there are any."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.progress import Progress

from tests.channels.email.fuzz.drawing import drawn_mail, published
from tests.channels.email.fuzz.watching import run


def main() -> int:
    asked = _asked()
    begun_from = published(asked.cases)
    started = time.monotonic()
    with Progress(disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("Reading", total=asked.mails)
        findings = run(
            seed=asked.seed, mails=asked.mails, workers=asked.workers, begun_from=begun_from,
            progress=lambda more: shown.advance(task, more),
        )  # fmt: skip
    for finding in findings:
        asked.keep.mkdir(parents=True, exist_ok=True)
        kept = asked.keep / f"{asked.seed}-{finding.number}.eml"
        kept.write_bytes(drawn_mail(asked.seed, finding.number, begun_from))
        print(f"{kept}: {finding.what}")
    print(f"{asked.mails} mails in {time.monotonic() - started:.0f} s, {len(findings)} did harm")
    return 1 if findings else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cases", type=Path, help="a folder of published mails with manifest.json")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "frontdoor-fuzz")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

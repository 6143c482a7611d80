"""Has one scan looked at in a process of its own and tells how long it took and how much memory; itself very small."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main(scan: str) -> None:
    """Prints JSON: ``pages``, ``seconds``, and ``peak_mb`` of the process that looked."""
    content, began = Path(scan).read_bytes(), time.perf_counter()
    command = [sys.executable, "-m", "transcription.sheets.child", "application/pdf"]
    told = subprocess.run(command, input=content, capture_output=True, check=True, cwd=ROOT).stdout
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"pages": json.loads(told[8:])["count"], "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1])

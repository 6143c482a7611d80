"""Opens what strangers sent in a process of its own, which knows none of our settings, keys or tokens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


class ChildFailed(Exception):
    """It ended with an error, or took too long."""


def in_a_child(module: str, *given: str, content: bytes, seconds: float) -> bytes:
    """What the module makes of ``content``, which it gets on standard input; raises ``ChildFailed``. Blocks."""
    command = [sys.executable, "-m", module, *given]
    try:
        made = subprocess.run(
            command, input=content, capture_output=True, check=True, timeout=seconds, cwd=ROOT, env=ENVIRONMENT
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ChildFailed(type(error).__name__) from None
    return made.stdout

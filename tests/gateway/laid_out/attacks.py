"""Pages that try to run something (it would ask ran.example) or to fetch something (fetched.example), in many ways."""

from __future__ import annotations

import json
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples" / "laid_out" / "attacks.jsonl"
ATTACKS: tuple[str, ...] = tuple(json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines())

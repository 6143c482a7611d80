"""Has a virus scanner look at every file that came: it marks, nothing waits for it and nothing is deleted."""

from __future__ import annotations

from gateway.scanning.clamd import Clamd, ScannerAway, Verdict
from gateway.scanning.step import Scanning

__all__ = ["Clamd", "ScannerAway", "Scanning", "Verdict"]

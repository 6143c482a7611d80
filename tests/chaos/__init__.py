"""The proof harness: load on every channel while faults strike, then a verdict from an outside record alone."""

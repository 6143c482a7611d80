"""A small honest intake for the tests of doors: keeps raw messages in a list, once per key, and can be told to fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from channels.contract import NotKept, RawMessage, Receipt

REFERENCES = ("KMR-4729-HX", "FWX-6238-LM", "HZQ-9347-RK", "LYM-7682-WF", "MXR-2973-QH", "QKL-8426-YR")


class Keeping:
    """Gives each new message the next reference; ``failing`` makes every call raise ``NotKept``."""

    def __init__(self) -> None:
        self.kept: list[RawMessage] = []
        self.asked = 0
        self.failing = False

    async def __call__(self, raw: RawMessage) -> Receipt:
        self.asked += 1
        if self.failing:
            raise NotKept
        keys = [each.source_key for each in self.kept]
        repeated = raw.source_key in keys
        if not repeated:
            self.kept.append(raw)
            keys.append(raw.source_key)
        received_at = raw.received_at or datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
        return Receipt(
            reference=REFERENCES[keys.index(raw.source_key) % len(REFERENCES)],
            received_at=received_at,
            look_by=received_at + timedelta(days=1),
            repeated=repeated,
        )

"""What stands in the queue of a file in the scan folder that is too large to be taken."""

from __future__ import annotations

from channels.contract import RawMessage
from gateway.pulling.trouble import told

MB = 1_000_000


def too_large_to_scan(most_bytes: int, name: str, size: int, written_ns: int) -> RawMessage:
    """A note for whoever looks at the queue; of the same file always the same."""
    words = (
        f"A file in the scan folder is too large to be taken: {name}, {-(-size // MB)} MB, where {most_bytes // MB} MB "
        "are the most. It is still in the folder and none of its letters is in the queue. Scan its letters again in "
        "smaller batches or with a lower resolution, then take the file out of the folder."
    )
    return told(f"scan too large;{name};{size};{written_ns}", words)

"""Bounds the memory one document may take in the process that reads it, so that a bomb ends in an answer."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

DOCUMENT_MEMORY_MB = 1024
"""Beyond what the process holds when it begins; the largest document that is not refused needs about half."""


@contextlib.contextmanager
def memory_bounded(extra_mb: int = DOCUMENT_MEMORY_MB) -> Iterator[None]:
    """Inside, an allocation past the bound raises MemoryError, or ends the process where a library asked for it."""
    try:
        import resource
    except ImportError:
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = _address_space() + extra_mb * 1024 * 1024
    ceilings = [limit for limit in (before, most) if limit != resource.RLIM_INFINITY]
    if bound <= extra_mb * 1024 * 1024 or any(bound >= limit for limit in ceilings):
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (bound, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def _address_space() -> int:
    """Bytes of addresses in use; 0 where the system does not tell."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, IndexError, ValueError, ImportError):
        return 0
    return pages * resource.getpagesize()

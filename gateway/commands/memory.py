"""Keeps a gateway's memory small over months: what a large message needed goes back to the system when it is read."""

from __future__ import annotations

import contextlib
import ctypes

_MMAP_THRESHOLD, _TRIM_THRESHOLD, _ARENA_MAX = -3, -1, -8  # malloc.h of glibc
LARGE_BYTES = 1024 * 1024
FREE_BYTES = 4 * 1024 * 1024
ARENAS = 2


def give_memory_back() -> None:
    """Blocks of a megabyte and more are the system's own and go back at once; threads share two heaps.

    By itself glibc raises its limit to 32 MB at the first such block, and then keeps what falls free between others.
    Other C libraries have no such call and are left as they are.
    """
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        for what, value in ((_MMAP_THRESHOLD, LARGE_BYTES), (_TRIM_THRESHOLD, FREE_BYTES), (_ARENA_MAX, ARENAS)):
            library.mallopt(what, value)

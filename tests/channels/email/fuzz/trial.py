"""Reads one mail and says what went wrong: an exception, too long, or too much memory."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from channels.contract import Unreadable
from tests.channels.email.northshire import as_kept, email_channel

MOST_SECONDS = 2.0
MOST_TIMES_THE_MAIL = 10
ALWAYS_ALLOWED = 20 * 1024 * 1024
_STATUS, _FORGET_THE_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_CHANNEL = email_channel()


def tried(mail: bytes) -> str:
    """What went wrong when this mail was read; empty if nothing did."""
    raw = as_kept(mail)

    def read() -> None:
        with contextlib.suppress(Unreadable):
            _CHANNEL.parse(raw)

    return judged(read, size=len(mail))


def judged(read: Callable[[], object], *, size: int, most_seconds: float = MOST_SECONDS) -> str:
    """What went wrong with a mail of ``size`` bytes. Seconds are of the processor; memory is the most that was held."""
    before, started = _forget_peak(), time.process_time()
    try:
        read()
    except BaseException as error:  # whatever it is, it is a finding
        return f"{type(error).__name__} in {_where(error)}"
    seconds, grown = time.process_time() - started, _peak() - before
    if seconds > most_seconds:
        return f"took {seconds:.1f} s"
    most = max(ALWAYS_ALLOWED, MOST_TIMES_THE_MAIL * size)
    return f"took {grown // 1024} kB of memory for {size // 1024} kB" if grown > most else ""


def _where(error: BaseException) -> str:
    frame = error.__traceback__
    names = []
    while frame is not None:
        names.append(f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}")
        frame = frame.tb_next
    return " > ".join(names[-4:])


def _forget_peak() -> int:
    """How much the process holds now, in bytes; its peak counts from here. Zero where the system does not tell."""
    with contextlib.suppress(OSError):
        _FORGET_THE_PEAK.write_text("5")
    return _kilobytes("VmRSS:") * 1024


def _peak() -> int:
    return _kilobytes("VmHWM:") * 1024


def _kilobytes(name: str) -> int:
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0

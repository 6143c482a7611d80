"""What can go wrong between the twin of GOV.UK Notify and the gateway."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class NotifyFaults:
    """What goes wrong. Queues and counts are used up; the rest stays in force. Delays are real seconds.

    ``writes``: what becomes of the next sends: "429", "429-day", "403", "500", "502", "503", "hang", "drop" or "ok",
    or "400:", the type of the error, a colon and its words. With "hang" and "drop" it is taken, and
    only the answer is late or lost.
    ``reads``: what becomes of the next questions: "429", "500", "503", "hang", "drop" or "ok".
    ``hang``: how long an answer hangs. ``retry_after``: seconds a 429 asks to wait, 0 names none.
    ``lose_callbacks``: nothing is called back. ``early_callbacks``: before the send is answered.
    ``duplicate_callbacks``: each comes N more times. ``wrong_token``: with a bearer token that is not the gateway's.
    """

    writes: deque[str] = field(default_factory=deque)
    reads: deque[str] = field(default_factory=deque)
    hang: float = 5.0
    retry_after: int = 0
    lose_callbacks: bool = False
    early_callbacks: bool = False
    duplicate_callbacks: int = 0
    wrong_token: bool = False

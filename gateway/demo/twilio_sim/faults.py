"""What can go wrong between the pretend provider and the gateway."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Faults:
    """What goes wrong. Counts and the queue are used up; the rest stays in force. Delays are real seconds.

    ``bad_signature``: webhooks are signed with the wrong token.
    ``lose_responses``: the connection drops after the status line of the next N replies, then a retry, same token.
    ``duplicate_callbacks``: every status callback comes N more times, each with a token of its own.
    ``reverse_callbacks``: later states first. ``callback_delay``: before status callbacks.
    ``lose_callbacks``: no status callback of a text, call or recording is ever made.
    ``recording_first``: recordingStatusCallback before the Record action.
    ``recording_delay``: for how long a recording's media answers 404.
    ``failure_rate``: share of texts that end undelivered.
    ``rest``: what becomes of the next REST writes: "429", "500", "timeout", "drop" or "ok".
    ``rest_hang``: how long a "timeout" hangs (the write is accepted, as with "drop").
    ``retry_after``: seconds a client that was answered 429 is asked to wait; 0 names none.
    ``list_errors``: how many of the next lists are answered 503; ``read_errors``: of the next single texts.
    """

    bad_signature: bool = False
    lose_responses: int = 0
    duplicate_callbacks: int = 0
    reverse_callbacks: bool = False
    callback_delay: float = 0.0
    lose_callbacks: bool = False
    recording_first: bool = False
    recording_delay: float = 0.0
    failure_rate: float = 0.0
    rest: deque[str] = field(default_factory=deque)
    rest_hang: float = 5.0
    retry_after: int = 0
    list_errors: int = 0
    read_errors: int = 0

"""What can go wrong between a channel and the gateway, each named after what follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.outgoing import Address


class NotKept(Exception):
    """The message could not be kept now: the door says "try later" in its own protocol and never "received"."""


class NoRoom(NotKept):
    """The disk is nearly full: nothing was written at all."""


class Unreadable(Exception):
    """The bytes cannot be read as this channel's kind of message: they go before a person as they are.

    ``sender`` is who sent them, where that stands beside them; ``by_machine``: what stands there says that it is one.
    """

    def __init__(self, reason: str, *, sender: Address | None = None, by_machine: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.sender, self.by_machine = reason, sender, by_machine


class SendError(StrEnum):
    """Why a notice was not taken. The channel names it; when it is tried again is settled in the gateway alone."""

    BAD_ADDRESS = "bad address"  # no such number or mailbox
    OPTED_OUT = "opted out"  # the recipient told the provider not to write
    BLOCKED = "blocked"  # a network or mail system lets ours not through
    NOT_TAKEN = "not taken"  # this very notice is refused: too long, malformed
    UNREACHABLE = "unreachable"  # switched off, mailbox full, greylisted: may work later
    THROTTLED = "throttled"  # the provider takes no more from us for the moment
    AWAY = "away"  # the provider or relay cannot be reached or is out of order
    NOT_SET_UP = "not set up"  # our own account or setting: the operator must act
    UNNAMED = "unnamed"


FOR_GOOD = frozenset({SendError.BAD_ADDRESS, SendError.OPTED_OUT, SendError.BLOCKED, SendError.NOT_TAKEN})


class SendFailed(Exception):
    """A notice was not sent. ``permanent``: this address will not work; else it is tried again later.

    ``error`` says why; without it a permanent failure counts as ``BLOCKED``, another as ``UNNAMED``.
    ``retry_after``: seconds the provider asked us to wait.
    """

    def __init__(
        self,
        *,
        permanent: bool | None = None,
        reason: str,
        error: SendError | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.error = error or (SendError.BLOCKED if permanent else SendError.UNNAMED)
        self.permanent = self.error in FOR_GOOD if permanent is None else permanent
        self.reason, self.retry_after = reason, retry_after


class SendUnknown(Exception):
    """The provider's answer was lost: the notice may have gone. It is looked up, not repeated blindly."""


class NotReadyYet(Exception):
    """The provider does not have the media yet: ask again later."""


class Gone(Exception):
    """The provider will never have the media: a person is told that it is missing."""

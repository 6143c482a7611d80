"""Hands one notice to its channel, once: where an earlier try may have got through, that is looked up first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from channels.contract import Finder, Outgoing, Sender

FOUND = "the provider's answer was lost; it was looked up and is there"
TWICE = "the provider's answer was lost; it was sent again and may have arrived twice"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try; ``may_be_sent``: an earlier one was begun and its outcome is not known."""

    notice: Outgoing
    channel: str
    may_be_sent: bool
    number: int
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What the provider calls the notice it took; ``remark`` says what was in doubt on the way."""

    provider_id: str
    remark: str | None = None


IsAnothers = Callable[[str, str], Awaitable[bool]]
"""Whether a provider's id belongs to a notice that is not this one."""


class CannotAsk(Exception):
    """The provider cannot be asked whether it took an earlier try: nothing is sent, and the doubt stays."""


async def hand_over(sender: Sender, attempt: Attempt, is_anothers: IsAnothers) -> Taken:
    """The provider's id of the notice; a channel without a list to look it up in sends it under the same id again.

    What the provider has may be an earlier notice in the same words: ``is_anothers`` knows. Raises ``SendFailed``,
    ``SendUnknown``, and ``CannotAsk`` where only asking failed.
    """
    remark = None
    if attempt.may_be_sent and isinstance(sender, Finder):
        try:
            found = await sender.find(attempt.notice)
        except ConnectionError as error:
            raise CannotAsk from error
        if found is not None and not await is_anothers(found, attempt.notice.notice_id):
            return Taken(provider_id=found, remark=FOUND)
    elif attempt.may_be_sent:
        remark = TWICE
    return Taken(provider_id=await sender.send(attempt.notice), remark=remark)

"""Everything that was said and done about one referral, in the order it happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.part_view import PartView
from gateway.view import HistoryView, MessageView, NoticeView, ReferralView

SPOKEN = frozenset({"phone", "voicemail"})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing: a message with its parts, what the sender was told, or a line of history.

    ``goes_on``: later texts that are read as one with this one. ``sound_is_above``: it stands with the call it is of.
    """

    at: datetime
    message: MessageView | None = None
    goes_on: Sequence[MessageView] = ()
    sound_is_above: bool = False
    parts: Sequence[PartView] = ()
    notice: NoticeView | None = None
    line: HistoryView | None = None


def timeline(seen: ReferralView) -> list[Entry]:
    """The oldest first; parts of a call's later events stand with the call. Open tasks are shown elsewhere."""
    known = {message.id for message in seen.messages}
    places = {part.id: part.stands_with or part.message_id for part in seen.parts}
    stands_first = any(part.message_id not in known for part in seen.parts)
    going_on: dict[str, list[MessageView]] = {}
    for message in seen.messages:
        going_on.setdefault(message.goes_on or "", []).append(message)
    entries = []
    for place, message in enumerate(seen.messages):
        if message.goes_on:
            continue
        later = going_on.get(message.id, [])
        theirs = {message.id, *(each.id for each in later)}
        own = [p for p in seen.parts if places[p.id] in theirs or (not place and places[p.id] not in known)]
        own.sort(key=lambda part: part.second_to is not None)
        at = min(each.received_at for each in (message, *later))
        above = place > 0 and not own and message.channel in SPOKEN and stands_first
        entries.append(Entry(at=at, message=message, goes_on=later, parts=own, sound_is_above=above))
    entries += [Entry(at=n.sent_at or n.due_at, notice=n) for n in seen.notices if n.kind != "staff_task"]
    entries += [Entry(at=line.at, line=line) for line in seen.history]
    return sorted(entries, key=_order)


def open_tasks(seen: ReferralView) -> list[NoticeView]:
    """The tasks people still owe, the most urgent first."""
    return sorted((n for n in seen.notices if n.channel == "staff" and n.state == "owed"), key=lambda n: n.due_at)


def _order(entry: Entry) -> tuple[datetime, int]:
    return entry.at, 0 if entry.message else 2 if entry.notice else 1

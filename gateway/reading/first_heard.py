"""Of a call's recording and of what was heard of it while it was on, which is shown first and whose words count."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from channels.contract import Inbound
from storage import attachment
from storage.attachment import Attachment

AS_GOOD_WITHIN = 1.0  # seconds of voice


def is_live(inbound: Inbound) -> bool:
    """Whether this is what was heard of a call while it was on."""
    return any(enclosure.heard_live for enclosure in inbound.enclosures)


def said(inbound: Inbound) -> str:
    """What the history says of it, with what is missing in it."""
    facts = inbound.facts
    gaps = int(facts.get("gaps", "0"))
    where = f", with {gaps} gap{'' if gaps == 1 else 's'} of {facts.get('gap_seconds')} s in all as silence"
    return f"What the caller said was kept while they spoke: {facts.get('streamed_seconds')} s{where if gaps else ''}"


def settle(session: Session, conversation: str | None) -> None:
    """The provider's recording comes first if there is as much voice in it; whichever does not is kept beside it."""
    if conversation is None:
        return
    parts = [part for part in attachment.of_conversation(session, conversation) if part.sha256]
    live = [part for part in parts if part.heard_live]
    recorded = [part for part in parts if not part.heard_live and part.media_type.startswith("audio/")]
    if not live or not recorded:
        return
    first, second = (recorded, live) if _is_as_good(recorded, live) else (live, recorded)
    for part in first:
        part.second_to = None
    for part in second:
        part.second_to = first[0].id
    session.add_all(parts)


def _is_as_good(recorded: Sequence[Attachment], live: Sequence[Attachment]) -> bool:
    """One whose voice cannot be measured is taken to be whole."""
    if any(part.voice_seconds is None for part in (*recorded, *live)):
        return True
    return _voice(recorded) >= _voice(live) - AS_GOOD_WITHIN


def _voice(parts: Sequence[Attachment]) -> float:
    return sum(part.voice_seconds or 0.0 for part in parts)

"""What tests are made of, saying only what matters: a message, a referral that has been read."""

from __future__ import annotations

import itertools
import json
from typing import Any

from channels.contract import RawMessage
from channels.note import note_message
from gateway.core import Core
from gateway.wiring import Channels, wire_channels, wire_desks
from storage import referral
from storage.referral import Referral

_numbers = itertools.count(1)


def a_message(body: bytes = b"Please check on the kids next door", **given: Any) -> RawMessage:
    """A raw message of some channel with a key of its own."""
    values = {"channel": "sms", "source_key": f"key-{next(_numbers)}", "media_type": "text/plain"} | given
    return RawMessage(body=body, **values)


def a_note(text: str = "A neighbour rang about shouting", **fields: str) -> RawMessage:
    """What a call taker typed."""
    return note_message(json.dumps({"text": text, **fields}).encode(), taken_by="casey")


async def read_all(core: Core, channels: Channels | None = None) -> None:
    """Run the reading desk until nothing is due."""
    wired = channels or wire_channels(core)
    await wire_desks(core, wired, ["reading"]).named("reading").drain()


async def a_referral(core: Core, text: str = "A neighbour rang about shouting", **fields: str) -> Referral:
    """A referral in the queue, come by a call taker's note."""
    receipt = await core.intake.accept(a_note(text, **fields))
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
    if row is None:
        raise LookupError("the note was not read")
    return row

"""What a stream left, as a message of its call: made when it ends, and read like any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.calls.reading import NOT_TOLD, WITHHELD
from channels.contract import AddressClass, Enclosure, Inbound, Purpose, RawMessage
from channels.numbers import address_of
from channels.streams.events import StreamBegan
from channels.streams.whole import Whole, as_wav

CHANNEL = "voicemail"
STEP = "stream"
NAME = "heard-while-they-spoke.wav"
CALLER, CALLED = ("from", "caller"), ("to", "called")


@dataclass(frozen=True, kw_only=True)
class StreamHead:
    """What is known of a stream from its beginning."""

    began: StreamBegan
    at: datetime

    @property
    def conversation(self) -> str:
        """The call's, as all its webhooks have it."""
        return f"call:{self.began.call}" if self.began.call else f"stream:{self.began.stream}"

    def fact(self, names: tuple[str, ...]) -> str | None:
        """One of the facts we gave along, by any of its names; None if we gave none."""
        given = {name.lower(): value for name, value in self.began.facts.items()}
        return next((given[name] for name in names if name in given), None)

    def as_bytes(self) -> bytes:
        """To be kept before any sound."""
        began = self.began
        values = {"stream": began.stream, "call": began.call, "facts": dict(began.facts), "at": self.at.isoformat()}
        return json.dumps(values).encode()

    @classmethod
    def from_bytes(cls, kept: bytes) -> StreamHead:
        """What ``as_bytes`` gave."""
        values = json.loads(kept)
        began = StreamBegan(stream=values["stream"], call=values["call"], facts=values["facts"])
        return cls(began=began, at=datetime.fromisoformat(values["at"]))


def message_of(head: StreamHead, heard: Whole) -> RawMessage:
    """The whole stream as news of its call: it opens a referral only where nothing else of the call is known."""
    envelope = {
        "step": STEP, "seconds": f"{heard.seconds:.1f}",
        "gaps": str(len(heard.gaps)), "gap_seconds": f"{sum(gap.seconds for gap in heard.gaps):.1f}",
    }  # fmt: skip
    known = {"from": head.fact(CALLER), "to": head.fact(CALLED)}
    return RawMessage(
        channel=CHANNEL, source_key=f"stream:{head.began.stream}", body=as_wav(heard.sound) if heard.sound else b"",
        media_type="audio/wav", envelope=envelope | {name: value for name, value in known.items() if value is not None},
        received_at=head.at, conversation=head.conversation, purpose=Purpose.REPORT,
    )  # fmt: skip


def streamed(raw: RawMessage) -> Inbound:
    """A kept stream as a message: the caller's sound as we heard it ourselves, and what is missing in it."""
    sender = address_of(raw.envelope.get("from"))
    sound = Enclosure(name=NAME, media_type=raw.media_type, content=raw.body, heard_live=True)
    withheld = sender.kind is AddressClass.WITHHELD
    return Inbound(
        sender=sender,
        enclosures=(sound,) if raw.body else (),
        by_hand="" if withheld else NOT_TOLD,
        cannot_answer=WITHHELD if withheld else "",
        facts=_facts(raw.envelope),
    )


def _facts(envelope: Mapping[str, str]) -> dict[str, str]:
    facts = {"called": envelope.get("to", ""), "streamed_seconds": envelope.get("seconds", "")}
    if envelope.get("gaps", "0") != "0":
        facts |= {"gaps": envelope["gaps"], "gap_seconds": envelope.get("gap_seconds", "")}
    return {name: value for name, value in facts.items() if value}

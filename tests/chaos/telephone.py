"""People who ring and text, by the pretend provider, which keeps everything it was given and offers it for recall."""

from __future__ import annotations

import random
import uuid
from contextlib import suppress

import httpx

from gateway.demo.twilio_sim import Call, HangUp, Press, Silent, Speak, Text, tone
from gateway.demo.twilio_sim.caller import Action
from tests.chaos.content import SPOKEN, marker_of, number_of
from tests.chaos.plan import PlannedMessage
from tests.chaos.record import What
from tests.chaos.world import World

LANDLINES = "+441632960"


async def send_text(world: World, message: PlannedMessage) -> None:
    """One text; whatever becomes of its webhook, the provider has it and lists it."""
    number, marker = number_of(message.number), marker_of(message)
    world.sent(message, who=number, marker=marker)
    before = set(world.sim.incoming)
    try:
        await world.sim.sms("/twilio/sms", f"{SPOKEN} {marker}", frm=number)
    finally:
        new = [text.sid for sid, text in world.sim.incoming.items() if sid not in before and marker in text.body]
        for sid in new:
            world.taken(message, key=sid)


async def make_call(world: World, message: PlannedMessage) -> None:
    """A caller who speaks, says nothing, asks for a text, or hangs up: within the greeting, or after the message."""
    chance = random.Random(message.draw)
    number = None if chance.random() < 0.1 else _number(message, chance)
    world.sent(message, who=number or "withheld")
    call = await world.sim.call("/twilio/voice", _script(chance), frm=number)
    world.taken(message, key=call.sid)
    world.told(message, way="voice", words=_heard(call))


def texted(world: World, text: Text) -> None:
    """A phone received a text of the gateway's."""
    world.record.write(What.TOLD, way="sms", key=text.sid, who=text.recipient, words=text.body)


async def forge(world: World, draw: int) -> None:
    """A stranger who cannot sign posts a text and the news of a call that never were."""
    sid = "SM" + uuid.UUID(int=draw).hex
    world.record.write(What.FORGED, key=sid)
    form = {"MessageSid": sid, "From": number_of(draw), "To": world.sim.number, "Body": "forged", "NumMedia": "0"}
    headers = {"X-Twilio-Signature": "bm90IHNpZ25lZA=="}
    with suppress(httpx.HTTPError):
        await world.web.post("/twilio/sms", data=form, headers=headers)


def _number(message: PlannedMessage, chance: random.Random) -> str:
    return number_of(message.number) if chance.random() < 0.5 else f"{LANDLINES}{message.number % 1000:03d}"


def _script(chance: random.Random) -> list[Action]:
    speaks = Speak(tone(chance.uniform(0.5, 4)))
    scripts: tuple[list[Action], ...] = (
        [speaks, Silent(30), Silent(30)],
        [speaks, Silent(30), Silent(30)],
        [speaks, Silent(30), Press("2")],
        [speaks, HangUp()],
        [HangUp(at=chance.uniform(0.5, 8))],
        [Silent(30), Silent(30), Silent(30)],
    )
    return chance.choice(scripts)


def _heard(call: Call) -> str:
    """Everything said to the caller; digits and letters of a reference are read out one by one."""
    return " ".join(call.heard)

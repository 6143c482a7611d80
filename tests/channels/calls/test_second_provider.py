"""Another telephony provider is one adapter: here one that speaks JSON, and knows nothing of the first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import pytest

from channels.calls.choosing import Numbers
from channels.calls.commands import (
    Bridge,
    Command,
    Document,
    GoTo,
    HangUp,
    Join,
    Listen,
    Menu,
    Record,
    Say,
    StopListening,
)
from channels.calls.conversation import Conversation
from channels.calls.events import BridgeEnded, CallEvent, CallStarted, KeysPressed, MovedOn, RecordingStopped
from channels.calls.keeping import Keep
from channels.calls.reading import read
from channels.calls.script import CallScript
from channels.calls.steps import SoFar, Step, StepName
from channels.contract import Inbound, RawMessage, Receipt
from channels.numbers import address_of
from tests.channels.telephone import DUTY, NOON, NUMBER, Ledger, Words

Answer = Sequence[Mapping[str, Any]]


class JsonCalls:
    """A provider that posts JSON and is answered with a list of actions; each step is an address with its way there."""

    def __init__(self, ledger: Ledger, conversation: Conversation) -> None:
        self._ledger, self._conversation = ledger, conversation

    async def post(self, address: str, posted: Mapping[str, Any]) -> Answer:
        name, _, way = address.partition("?")
        step = Step(name=StepName(name), so_far=SoFar.from_fields(json.loads(way or "{}")))

        async def keep(what: Keep, so_far: SoFar) -> Receipt:
            raw = RawMessage(
                channel=what.channel, source_key=what.key, body=json.dumps(dict(posted)).encode(),
                media_type="application/json", envelope={"step": what.step, "so_far": json.dumps(so_far.as_fields())},
                conversation=f"call:{posted['uuid']}", purpose=what.purpose,
            )  # fmt: skip
            return await self._ledger.accept(raw)

        return list(map(action, await self._conversation.go_on(step, event(step.name, posted), keep)))

    def parse(self, raw: RawMessage) -> Inbound:
        posted = json.loads(raw.body)
        so_far = SoFar.from_fields(json.loads(raw.envelope["so_far"]))
        name = StepName(raw.envelope["step"]) if raw.envelope["step"] in set(StepName) else StepName.DIALLED
        found = read(raw.envelope["step"], event(name, posted), so_far)
        assert isinstance(found, Inbound)
        return found


def event(name: StepName, posted: Mapping[str, Any]) -> CallEvent:
    call, caller = posted["uuid"], address_of(posted.get("from"))
    match posted.get("kind"):
        case "ringing":
            return CallStarted(call=call, caller=caller, called=NUMBER)
        case "dtmf":
            return KeysPressed(call=call, caller=caller, called=NUMBER, keys=posted["digits"])
        case "recorded":
            return RecordingStopped(call=call, caller=caller, called=NUMBER, recording=posted["url"])
        case "connected":
            return BridgeEnded(call=call, caller=caller, called=NUMBER, answered=posted["answered"])
    return MovedOn(call=call, caller=caller, called=NUMBER)


def action(command: Command) -> Mapping[str, Any]:
    match command:
        case Say(words=words):
            return {"action": "talk", "text": words}
        case Menu(says=says, then=then, keys=keys):
            return {"action": "input", "text": [said.words for said in says], "max": keys, "to": address(then)}
        case Record(then=then, longest=longest):
            return {"action": "record", "timeOut": longest, "to": address(then)}
        case Bridge(number=number, then=then, recorded=recorded):
            return {"action": "connect", "number": number, "recorded": recorded, "to": address(then)}
        case GoTo(step=step):
            return {"action": "notify", "to": address(step)}
        case Listen() | StopListening():
            return {"action": "stream", "on": isinstance(command, Listen)}
        case HangUp() | Join():
            return {"action": "hangup" if isinstance(command, HangUp) else "join"}
        case _:
            assert_never(command)


def address(step: Step) -> str:
    return f"{step.name}?{json.dumps(step.so_far.as_fields())}"


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def calls(ledger: Ledger) -> JsonCalls:
    words = Words()
    script = CallScript(words, Numbers(duty=DUTY))
    return JsonCalls(ledger, Conversation(script=script, words=words, clock=lambda: NOON))


def posted(kind: str, **more: object) -> Mapping[str, Any]:
    return {"uuid": "call-7", "from": "+447700900123", "kind": kind} | more


def to(answer: Answer, name: str) -> str:
    """Where this action of an answer leads."""
    return str(next(each["to"] for each in answer if each["action"] == name))


async def test_a_caller_of_another_provider_is_greeted_put_through_recorded_and_told_their_reference(
    calls: JsonCalls, ledger: Ledger
) -> None:
    greeted = await calls.post("", posted("ringing"))
    assert [each["action"] for each in greeted] == ["input", "connect", "notify"]
    chosen = await calls.post(to(greeted, "input"), posted("dtmf", digits="2"))
    assert chosen[0] == {"action": "talk", "text": "Put through child."}
    unanswered = await calls.post(to(chosen, "connect"), posted("connected", answered=False))
    assert unanswered[0]["text"] == "Prompt child."
    recorded = await calls.post(to(unanswered, "record"), posted("recorded", url="https://media.example.org/7"))
    assert recorded[0]["text"] == ["Receipt KMR-4729-HX."]
    assert [raw.source_key for raw in ledger.kept] == [
        "chosen:call-7:under-18", "unanswered:call-7:1", "recorded:https://media.example.org/7",
    ]  # fmt: skip
    left = calls.parse(ledger.kept[-1])
    assert (left.facts["child_told_us"], left.enclosures[0].handle) == ("yes", "https://media.example.org/7")


async def test_a_call_that_cannot_be_kept_is_not_called_received_whoever_carries_it(
    calls: JsonCalls, ledger: Ledger
) -> None:
    ledger.failures = 1
    recorded = await calls.post(StepName.RECORDED, posted("recorded", url="x"))
    assert [each["action"] for each in recorded] == ["talk", "notify"]
    assert recorded[0]["text"] == "Unkept."
    again = await calls.post(to(recorded, "notify"), posted("moved"))
    assert again[0]["text"] == ["Receipt KMR-4729-HX."]


def test_nothing_of_the_first_provider_stands_in_a_document() -> None:
    script = CallScript(Words(), Numbers(duty=DUTY))
    document: Document = script.failed(Step(name=StepName.CHOSEN))
    assert [type(command) for command in document] == [Say, Record, GoTo]

"""Every way a call can take, key by key: no step without an answer, no silence without an end, no refusal forgotten."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from channels.calls.asking import Answer, Standing
from channels.calls.choosing import Numbers, after
from channels.calls.commands import Bridge, Document, GoTo, HangUp, Join, Menu, Record
from channels.calls.conversation import Conversation
from channels.calls.events import BridgeEnded, CallEvent, CallStarted, KeysPressed, MovedOn, RecordingStopped
from channels.calls.here import Here
from channels.calls.keeping import Keep, to_keep
from channels.calls.script import CallScript
from channels.calls.steps import SoFar, Step, StepName
from channels.contract import Address, AddressClass, Receipt
from channels.spoken import Language, Spoken
from channels.twilio_account.call_events import KEYED

OPEN = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
CLOSED = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
DUTY, NIGHT, INTERPRETERS = "+441632960100", "+441632960200", "+441632960300"
MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
WITHHELD = Address(kind=AddressClass.WITHHELD)
REFERENCE = "567472949"
KEYS = (*"1234590#", "", REFERENCE)
ANSWERS = (
    Answer(standing=Standing.READ, may_try_again=True), Answer(standing=Standing.NOT_SAID, may_try_again=False)
)  # fmt: skip
LONGEST_SILENCE = 6
"""Steps: the greeting, the interpreters, a person, the recorder twice, the reference, goodbye."""

LANGUAGES = tuple(
    Language(
        code=code, name=code, voice=code, offer="9", choose="{key}", put_through="wait", prompt="tell", receipt="ref"
    )
    for code in ("pl",)
)

Place = tuple[Step, CallEvent]


class PlainWords:
    """Sentences that only say which they are."""

    languages = LANGUAGES

    def is_closed(self, at: datetime) -> bool:
        return at == CLOSED

    def greeting(self, at: datetime) -> str:
        return "greeting"

    def said(self, what: Spoken) -> str:
        return what

    def receipt(self, receipt: Receipt) -> str:
        return receipt.reference

    def after_talk(self, receipt: Receipt) -> str:
        return receipt.reference

    def asked(self, answer: Answer) -> str:
        return answer.standing

    def whisper(self, *, is_child: bool, is_recorded: bool, language: str) -> str:
        return "whisper"


@dataclass(kw_only=True)
class EveryWay:
    """All that a caller can come to who does anything at all; ``quietly`` is where doing nothing leads from each."""

    numbers: Numbers
    caller: Address
    at: datetime
    documents: dict[Place, list[Document]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        spoken = PlainWords()
        self._script = CallScript(spoken, self.numbers, listens=True)
        self._codes = tuple(each.code for each in spoken.languages)
        waiting: deque[Place] = deque([(Step(name=StepName.GREETED), CallStarted(call="CA1", caller=self.caller))])
        while waiting:
            place = waiting.popleft()
            if place not in self.documents:
                self.documents[place] = list(self._answered(place))
                waiting.extend(next for document in self.documents[place] for next in self._onward(document))

    def _answered(self, place: Place) -> Iterator[Document]:
        step, event = place
        so_far = after(step, event, self._codes)
        is_kept = to_keep(step.name, event, so_far) is not None
        receipt = Receipt(reference="KMR-4729-HX", received_at=self.at, look_by=self.at) if is_kept else None
        for answer in (None, *ANSWERS) if step.name is StepName.REFERENCE else (None,):
            here = Here(event=event, so_far=so_far, now=self.at, receipt=receipt, answer=answer)
            yield self._script.answer(step.name, here)

    def _onward(self, document: Document) -> Iterator[Place]:
        for command in document:
            match command:
                case Menu():
                    yield from ((command.then, self._keys(keys)) for keys in KEYS)
                    yield from ((command.then, self._keys("", words)) for words in command.hears)
                case Record():
                    yield command.then, RecordingStopped(call="CA1", caller=self.caller, recording="RE1")
                case Bridge():
                    for answered in (True, False):
                        yield command.then, BridgeEnded(call="CA1", caller=self.caller, answered=answered)
                    yield command.whisper, self._keys("")
                case GoTo():
                    yield command.step, self._moved_on(command.step)

    def silence(self, document: Document) -> Place | None:
        """Where a caller comes to who does nothing and whom nobody answers; None is the end of the call."""
        for command in document:
            match command:
                case Bridge():
                    return command.then, BridgeEnded(call="CA1", caller=self.caller)
                case GoTo():
                    return command.step, self._moved_on(command.step)
        return None

    def _keys(self, keys: str, words: str = "") -> KeysPressed:
        return KeysPressed(call="CA1", caller=self.caller, keys=keys, words=words)

    def _moved_on(self, step: Step) -> CallEvent:
        return self._keys("") if step.name in KEYED else MovedOn(call="CA1", caller=self.caller)


@pytest.fixture(scope="module", params=["nobody", "duty", "everybody", "night only", "interpreters only"])
def ways(request: pytest.FixtureRequest) -> list[EveryWay]:
    """For one set of numbers that can be rung: by day from a number that is shown, by night from a withheld one."""
    numbers = {
        "nobody": Numbers(),
        "duty": Numbers(duty=DUTY),
        "everybody": Numbers(duty=DUTY, night=NIGHT, language_line=INTERPRETERS),
        "night only": Numbers(night=NIGHT),
        "interpreters only": Numbers(language_line=INTERPRETERS),
    }[request.param]
    return [EveryWay(numbers=numbers, caller=who, at=at) for who, at in ((MOBILE, OPEN), (WITHHELD, CLOSED))]


def places(ways: list[EveryWay]) -> Iterator[tuple[EveryWay, Place, Document]]:
    for way in ways:
        yield from ((way, place, document) for place, found in way.documents.items() for document in found)


def test_every_document_goes_on_hangs_up_or_joins(ways: list[EveryWay]) -> None:
    for _, place, document in places(ways):
        assert isinstance(document[-1], GoTo | HangUp | Join), place


def test_whoever_does_nothing_comes_to_an_end_wherever_they_are(ways: list[EveryWay]) -> None:
    for way, place, document in places(ways):
        steps, next = 0, way.silence(document)
        while next is not None:
            steps, next = steps + 1, way.silence(way.documents[next][0])
            assert steps <= LONGEST_SILENCE, place


def test_a_silent_call_is_recorded_and_told_its_reference_before_it_ends(ways: list[EveryWay]) -> None:
    for way in ways:
        passed = [way.documents[next(iter(way.documents))][0]]
        while (place := way.silence(passed[-1])) is not None:
            passed.append(way.documents[place][0])
        commands = [command for document in passed for command in document]
        assert any(isinstance(command, Record) for command in commands)
        last_but_one = passed[-2]
        assert isinstance(last_but_one[0], Menu)
        assert last_but_one[0].says[-1].words == "KMR-4729-HX"


def test_nobody_who_refused_is_recorded_with_a_person_or_heard_live_later(ways: list[EveryWay]) -> None:
    for _, (step, event), document in places(ways):
        if not step.so_far.refused:
            continue
        for command in document:
            assert not (isinstance(command, Bridge) and command.recorded), (step, event)
            then = getattr(command, "then", None) or getattr(command, "step", None)
            assert then is None or then.name is StepName.HEARD or then.so_far.refused, (step, event)


@pytest.mark.parametrize("name", list(StepName))
def test_nobody_who_refused_is_recorded_because_a_step_failed(name: StepName) -> None:
    script = CallScript(PlainWords(), Numbers(duty=DUTY), listens=True)
    document = script.failed(Step(name=name, so_far=SoFar(refused=True)))
    assert not any(isinstance(command, Record) for command in document)
    assert isinstance(document[-1], GoTo | HangUp)


class NoWordsForIt(PlainWords):
    """A wording that cannot be used."""

    def said(self, what: Spoken) -> str:
        raise LookupError(what)


async def test_who_refuses_in_a_step_that_fails_has_refused_all_the_same() -> None:
    spoken = NoWordsForIt()
    script = CallScript(spoken, Numbers(duty=DUTY))
    conversation = Conversation(script=script, words=spoken, clock=lambda: OPEN)

    async def kept(keep: Keep, so_far: SoFar) -> Receipt:
        return Receipt(reference="KMR-4729-HX", received_at=OPEN, look_by=OPEN)

    refuses = KeysPressed(call="CA1", caller=MOBILE, keys="5")
    menu, last = await conversation.go_on(Step(name=StepName.CHOSEN), refuses, kept)
    assert isinstance(menu, Menu) and "press 1" in menu.says[0].words
    assert isinstance(last, GoTo) and last.step.so_far.refused


def test_by_night_the_day_team_is_rung_only_where_there_is_no_night_team(ways: list[EveryWay]) -> None:
    for way, place, document in places(ways):
        rung = {command.number for command in document if isinstance(command, Bridge)}
        if way.numbers.night and way.at == CLOSED:
            assert DUTY not in rung, place
        if way.at == OPEN:
            assert NIGHT not in rung, place


def test_a_reference_never_travels_in_an_address(ways: list[EveryWay]) -> None:
    for _, (step, _), _ in places(ways):
        assert REFERENCE not in " ".join(step.so_far.as_fields().values())


def test_nobody_is_offered_a_call_back_whose_number_is_not_known(ways: list[EveryWay]) -> None:
    for way, place, document in places(ways):
        offered = {each.words for command in document if isinstance(command, Menu) for each in command.says}
        assert way.caller.kind is not AddressClass.WITHHELD or Spoken.UNRECORDED not in offered, place

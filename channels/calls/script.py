"""The way of a call, pure: a step and what happened there, to the document that leads on. Nobody is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from channels.calls.after_the_tone import AfterTheTone, recorded
from channels.calls.asking import KEYS_OF_A_REFERENCE
from channels.calls.choosing import (
    MOST_TRIES,
    NOT_RECORDED,
    OTHER_LANGUAGE,
    REFUSING,
    Numbers,
    can_be_called_back,
    may_ask_again,
)
from channels.calls.commands import (
    FINDING_A_KEY,
    Bridge,
    Document,
    GoTo,
    HangUp,
    Join,
    Listen,
    Menu,
    Say,
    StopListening,
)
from channels.calls.events import BridgeEnded, CallEvent
from channels.calls.here import Here, language_of, offers
from channels.calls.keeping import INSTEAD
from channels.calls.steps import Choice, SoFar, Step, StepName
from channels.contract import AddressClass
from channels.spoken import Spoken, SpokenWords

YES = "1"


class CallScript:
    """Every document of a call. ``listens``: we take the caller's sound as it is spoken."""

    def __init__(self, words: SpokenWords, numbers: Numbers, *, listens: bool = False) -> None:
        self._words, self._numbers, self._listens, self._tone = words, numbers, listens, AfterTheTone(words)
        self._answers: Mapping[StepName, Callable[[Here], Document]] = {
            StepName.GREETED: self._greet,
            StepName.CHOSEN: self._chosen,
            StepName.CHOICES: self._chosen,
            StepName.MESSAGE: lambda here: self._tone.message(here.so_far),
            StepName.DIALLED: self._dialled,
            StepName.WHISPER: self._whisper,
            StepName.LANGUAGE: self._somebody,
            StepName.UNRECORDED: self._unrecorded,
            StepName.OFFERED: self._offered,
            StepName.REFERENCE: self._asked,
            StepName.ADDING: self._adding,
            StepName.RECORDED: self._tone.receipt,
            StepName.SILENT: self._tone.listen_again,
            StepName.QUIET: self._tone.receipt,
            StepName.AGAIN: self._tone.receipt,
            StepName.AFTER: self._tone.after,
            StepName.HEARD: lambda _: self._tone.last(Spoken.GOODBYE),
        }

    def answer(self, name: StepName, here: Here) -> Document:
        """What the line does next."""
        return self._answers[name](here)

    def failed(self, step: Step) -> Document:
        """What it does when this step failed on our side. Never raises."""
        return self._tone.failed(step)

    def _greet(self, here: Here) -> Document:
        """The choices, or at once the message where nobody can be rung."""
        so_far = SoFar(closed=self._words.is_closed(here.now))
        greeting = self._words.greeting(here.now)
        listen = (Listen(facts=_facts(here.event)),) if self._listens else ()
        if self._numbers.next(so_far) is None:
            words = f"{greeting}\n{self._words.said(Spoken.PROMPT)}"
            return listen + recorded(Say(words=words), then=StepName.SILENT, so_far=SoFar())
        says = (Say(words=greeting), *offers(self._words, so_far))
        menu = Menu(says=says, then=Step(name=StepName.CHOSEN, so_far=so_far), hears=REFUSING)
        return (*listen, menu, *self._person(so_far))

    def _chosen(self, here: Here) -> Document:
        if here.keys == NOT_RECORDED or (here.so_far.refused and not here.keys):
            stop = (StopListening(),) if self._listens else ()
            says = (Say(words=self._words.said(Spoken.REFUSED)),) if self._numbers.next(here.so_far) else ()
            return (*stop, *says, *self._somebody(here))
        if here.keys == OTHER_LANGUAGE and self._words.languages:
            return self._languages(here)
        match here.so_far.choice:
            case Choice.FOR_A_WORKER | Choice.LATER:
                return self._tone.message(here.so_far)
            case Choice.ADD_OR_ASK:
                return self._which_reference(here)
            case Choice.UNDER_18 if self._numbers.next(here.so_far):
                return Say(words=self._words.said(Spoken.PUT_THROUGH_CHILD)), *self._somebody(here)
        return self._somebody(here)

    def _languages(self, here: Here) -> Document:
        lines = tuple(
            Say(words=each.choose.format(key=key), language=each.voice)
            for key, each in enumerate(self._words.languages, start=1)
        )
        return Menu(says=lines, then=Step(name=StepName.LANGUAGE, so_far=here.so_far)), *self._somebody(here)

    def _person(self, so_far: SoFar) -> Document:
        """Ring the next one who can be rung; when there is nobody, take a message."""
        number, language = self._numbers.next(so_far), language_of(self._words, so_far)
        if number is None:
            return self._tone.message(so_far)
        says = (Say(words=language.put_through, language=language.voice),) if language and not so_far.rung else ()
        ringing = Bridge(
            number=number, then=Step(name=StepName.DIALLED, so_far=so_far),
            whisper=Step(name=StepName.WHISPER, so_far=so_far), recorded=not so_far.refused,
        )  # fmt: skip
        rest = StepName.UNRECORDED if so_far.refused else StepName.MESSAGE
        return *says, ringing, GoTo(step=Step(name=rest, so_far=so_far))

    def _dialled(self, here: Here) -> Document:
        """A mailbox that presses no key is not joined to the caller and counts as nobody."""
        if isinstance(here.event, BridgeEnded) and here.event.answered:
            told = (Say(words=self._words.after_talk(here.receipt)),) if here.receipt else ()
            return *told, HangUp()
        return self._somebody(here)

    def _somebody(self, here: Here) -> Document:
        """A person; where there is none to be had, who refused to be recorded is asked what else would do."""
        if here.so_far.refused and self._numbers.next(here.so_far) is None:
            return self._unrecorded(here)
        return self._person(here.so_far)

    def _whisper(self, here: Here) -> Document:
        if here.keys == YES:
            return (Join(),)
        if here.keys:
            return (HangUp(),)
        so_far, language = here.so_far, language_of(self._words, here.so_far)
        words = self._words.whisper(
            is_child=so_far.choice is Choice.UNDER_18, is_recorded=not so_far.refused,
            language=language.name if language else "",
        )  # fmt: skip
        return Menu(says=(Say(words=words),), then=Step(name=StepName.WHISPER, so_far=so_far)), HangUp()

    def _unrecorded(self, here: Here) -> Document:
        """A caller who would not be recorded, and whom nobody could speak to: asked twice at most."""
        so_far, is_known = here.so_far, can_be_called_back(here.event.caller)
        words = self._words.said(Spoken.UNRECORDED if is_known else Spoken.UNRECORDED_WITHHELD)
        again, end = Step(name=StepName.UNRECORDED, so_far=so_far), Step(name=StepName.QUIET, so_far=so_far)
        menu = Menu(says=(Say(words=words),), then=Step(name=StepName.OFFERED, so_far=so_far))
        return menu, GoTo(step=again if so_far.tries + 1 < MOST_TRIES else end)

    def _offered(self, here: Here) -> Document:
        """Called back, or a message after all; who pressed neither is asked once more."""
        if here.keys == INSTEAD:
            return self._tone.message(here.so_far)
        return self._unrecorded(here) if here.receipt is None else self._tone.receipt(here)

    def _which_reference(self, here: Here) -> Document:
        menu = Menu(
            says=(Say(words=self._words.said(Spoken.KEY_REFERENCE)),), keys=KEYS_OF_A_REFERENCE, may_end_early=True,
            then=Step(name=StepName.REFERENCE, so_far=here.so_far), patience=FINDING_A_KEY,
        )  # fmt: skip
        return menu, *self._somebody(replace(here, so_far=replace(here.so_far, tries=0)))

    def _asked(self, here: Here) -> Document:
        """One of the few words, and then: add to it, try again, or a person."""
        if here.answer is None:
            return self._somebody(here)
        says = (Say(words=self._words.asked(here.answer)),)
        menu = Menu(says=says, then=Step(name=StepName.ADDING, so_far=here.so_far))
        return menu, *self._somebody(here)

    def _adding(self, here: Here) -> Document:
        if here.so_far.choice is Choice.ADDITION:
            return self._tone.message(here.so_far)
        if may_ask_again(here.keys, here.so_far):
            return self._which_reference(here)
        return self._somebody(here)


def _facts(event: CallEvent) -> dict[str, str]:
    """What a stream is to say of its call, of which it knows no more than the id."""
    withheld = "anonymous" if event.caller.kind is AddressClass.WITHHELD else ""
    facts = {"from": event.caller.value or withheld, "to": event.called}
    return {name: value for name, value in facts.items() if value}

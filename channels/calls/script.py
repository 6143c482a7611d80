"""The way of a call, pure: a step and what happened there, to the document that leads on. Nobody is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from channels.calls.asking import KEYS_OF_A_REFERENCE, Answer
from channels.calls.choosing import MOST_TRIES, NOT_RECORDED, OTHER_LANGUAGE, REFUSING, Numbers, may_ask_again
from channels.calls.commands import Bridge, Document, GoTo, HangUp, Join, Listen, Menu, Record, Say, StopListening
from channels.calls.events import BridgeEnded, CallEvent, KeysPressed
from channels.calls.keeping import INSTEAD, OTHER_CHOICES, TEXT_ME
from channels.calls.steps import Choice, SoFar, Step, StepName
from channels.contract import AddressClass, Receipt
from channels.spoken import LAST_GOODBYE, LAST_WORDS, Language, Spoken, SpokenWords

YES = "1"
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Here:
    """Where a call stands: what happened, what it has come to by that, when, and what is known for the answer."""

    event: CallEvent
    so_far: SoFar
    now: datetime
    receipt: Receipt | None = None
    answer: Answer | None = None

    @property
    def keys(self) -> str:
        """The keys that were pressed, if any were."""
        return self.event.keys if isinstance(self.event, KeysPressed) else ""


class CallScript:
    """Every document of a call. ``listens``: we take the caller's sound as it is spoken."""

    def __init__(self, words: SpokenWords, numbers: Numbers, *, listens: bool = False) -> None:
        self._words, self._numbers, self._listens = words, numbers, listens
        self._answers: Mapping[StepName, Callable[[Here], Document]] = {
            StepName.GREETED: self._greet,
            StepName.CHOSEN: self._chosen,
            StepName.CHOICES: self._chosen,
            StepName.MESSAGE: lambda here: self._message(here.so_far),
            StepName.DIALLED: self._dialled,
            StepName.WHISPER: self._whisper,
            StepName.LANGUAGE: lambda here: self._person(here.so_far),
            StepName.UNRECORDED: self._unrecorded,
            StepName.OFFERED: self._offered,
            StepName.REFERENCE: self._asked,
            StepName.ADDING: self._adding,
            StepName.RECORDED: self._receipt,
            StepName.SILENT: lambda here: self._record(Spoken.NO_INPUT, here.so_far, then=StepName.QUIET),
            StepName.QUIET: self._receipt,
            StepName.AGAIN: self._receipt,
            StepName.AFTER: self._after,
            StepName.HEARD: lambda _: self._last(Spoken.GOODBYE),
        }

    def answer(self, name: StepName, here: Here) -> Document:
        """What the line does next."""
        return self._answers[name](here)

    def failed(self, step: Step) -> Document:
        """What it does when this step failed on our side: a message is taken, or not yet called kept. Never raises."""
        match step.name:
            case StepName.RECORDED | StepName.QUIET | StepName.OFFERED:
                return self._not_kept_yet(GoTo(step=replace(step, name=StepName.AGAIN)))
            case StepName.AGAIN | StepName.AFTER:
                return self._not_kept_yet(HangUp())
            case StepName.HEARD | StepName.WHISPER:
                return (HangUp(),)
        sorry = _words_or(lambda: self._words.said(Spoken.SORRY), LAST_WORDS)
        return _recorded(Say(words=sorry), then=StepName.QUIET, so_far=step.so_far)

    def _greet(self, here: Here) -> Document:
        """The choices, or at once the message where nobody can be rung."""
        so_far = SoFar(closed=self._words.is_closed(here.now))
        greeting = self._words.greeting(here.now)
        listen = (Listen(facts=_facts(here.event)),) if self._listens else ()
        if self._numbers.next(so_far) is None:
            words = f"{greeting}\n{self._words.said(Spoken.PROMPT)}"
            return listen + _recorded(Say(words=words), then=StepName.SILENT, so_far=SoFar())
        offers = (Say(words=each.offer, language=each.voice) for each in self._words.languages)
        menu = Menu(says=(Say(words=greeting), *offers), then=Step(name=StepName.CHOSEN, so_far=so_far), hears=REFUSING)
        return (*listen, menu, *self._person(so_far))

    def _chosen(self, here: Here) -> Document:
        if here.keys == NOT_RECORDED or (here.so_far.refused and not here.keys):
            stop = (StopListening(),) if self._listens else ()
            return (*stop, Say(words=self._words.said(Spoken.REFUSED)), *self._person(here.so_far))
        if here.keys == OTHER_LANGUAGE and self._words.languages:
            return self._languages(here.so_far)
        match here.so_far.choice:
            case Choice.FOR_A_WORKER | Choice.LATER:
                return self._message(here.so_far)
            case Choice.ADD_OR_ASK:
                return self._which_reference(here.so_far)
            case Choice.UNDER_18 if self._numbers.next(here.so_far):
                return Say(words=self._words.said(Spoken.PUT_THROUGH_CHILD)), *self._person(here.so_far)
        return self._person(here.so_far)

    def _languages(self, so_far: SoFar) -> Document:
        lines = tuple(
            Say(words=each.choose.format(key=key), language=each.voice)
            for key, each in enumerate(self._words.languages, start=1)
        )
        return Menu(says=lines, then=Step(name=StepName.LANGUAGE, so_far=so_far)), *self._person(so_far)

    def _person(self, so_far: SoFar) -> Document:
        """Ring the next one who can be rung; when there is nobody, take a message or ask how to go on without one."""
        number, language = self._numbers.next(so_far), self._language(so_far)
        if number is None:
            return self._unrecorded_menu(so_far, Spoken.UNRECORDED) if so_far.refused else self._message(so_far)
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
        if here.so_far.refused and self._numbers.next(here.so_far) is None:
            return self._unrecorded(here)
        return self._person(here.so_far)

    def _whisper(self, here: Here) -> Document:
        if here.keys == YES:
            return (Join(),)
        if here.keys:
            return (HangUp(),)
        so_far, language = here.so_far, self._language(here.so_far)
        words = self._words.whisper(
            is_child=so_far.choice is Choice.UNDER_18, is_recorded=not so_far.refused,
            language=language.name if language else "",
        )  # fmt: skip
        return Menu(says=(Say(words=words),), then=Step(name=StepName.WHISPER, so_far=so_far)), HangUp()

    def _unrecorded(self, here: Here) -> Document:
        """A caller who would not be recorded, and whom nobody could speak to: asked twice at most."""
        is_known = here.event.caller.kind in (AddressClass.MOBILE, AddressClass.LANDLINE)
        return self._unrecorded_menu(here.so_far, Spoken.UNRECORDED if is_known else Spoken.UNRECORDED_WITHHELD)

    def _unrecorded_menu(self, so_far: SoFar, words: Spoken) -> Document:
        again = Step(name=StepName.UNRECORDED, so_far=so_far)
        end = Step(name=StepName.QUIET, so_far=so_far)
        menu = Menu(says=(Say(words=self._words.said(words)),), then=Step(name=StepName.OFFERED, so_far=so_far))
        return menu, GoTo(step=again if so_far.tries + 1 < MOST_TRIES else end)

    def _offered(self, here: Here) -> Document:
        """Called back, or a message after all."""
        return self._message(here.so_far) if here.keys == INSTEAD else self._receipt(here)

    def _which_reference(self, so_far: SoFar) -> Document:
        menu = Menu(
            says=(Say(words=self._words.said(Spoken.KEY_REFERENCE)),), keys=KEYS_OF_A_REFERENCE, may_end_early=True,
            then=Step(name=StepName.REFERENCE, so_far=so_far),
        )  # fmt: skip
        return menu, *self._person(replace(so_far, tries=0))

    def _asked(self, here: Here) -> Document:
        """One of the few words, and then: add to it, try again, or a person."""
        if here.answer is None:
            return self._person(here.so_far)
        says = (Say(words=self._words.asked(here.answer)),)
        menu = Menu(says=says, then=Step(name=StepName.ADDING, so_far=here.so_far))
        return menu, *self._person(here.so_far)

    def _adding(self, here: Here) -> Document:
        if here.so_far.choice is Choice.ADDITION:
            return self._message(here.so_far)
        if may_ask_again(here.keys, here.so_far):
            return self._which_reference(here.so_far)
        return self._person(here.so_far)

    def _message(self, so_far: SoFar) -> Document:
        prompts = {
            Choice.UNDER_18: Spoken.PROMPT_CHILD,
            Choice.FOR_A_WORKER: Spoken.PROMPT_WORKER,
            Choice.ADDITION: Spoken.PROMPT_ADDITION,
        }
        return self._record(prompts.get(so_far.choice, Spoken.PROMPT), so_far, then=StepName.SILENT)

    def _record(self, what: Spoken, so_far: SoFar, *, then: StepName) -> Document:
        language = self._language(so_far)
        said = Say(words=self._words.said(what))
        if language and what is not Spoken.NO_INPUT:
            said = Say(words=language.prompt, language=language.voice)
        return _recorded(said, then=then, so_far=so_far)

    def _receipt(self, here: Here) -> Document:
        """Read out the reference; a key asks for more, staying on the line says it was heard."""
        if here.receipt is None:
            raise LookupError("nothing was kept, so nothing is told")
        language = self._language(here.so_far)
        first = (Say(words=language.receipt, language=language.voice),) if language else ()
        menu = Menu(
            says=(*first, Say(words=self._words.receipt(here.receipt))),
            then=Step(name=StepName.AFTER, so_far=here.so_far),
        )
        return menu, GoTo(step=Step(name=StepName.HEARD))

    def _after(self, here: Here) -> Document:
        """A key during the receipt: 2 asks for a text, 3 for the other choices, any other cut the reference short."""
        if here.keys == OTHER_CHOICES:
            afresh = replace(here.so_far, choice=Choice.NOTHING, rung=0, tries=0)
            choices = Menu(
                says=(Say(words=self._words.said(Spoken.CHOICES)),), then=Step(name=StepName.CHOICES, so_far=afresh)
            )
            return choices, GoTo(step=Step(name=StepName.HEARD))
        if here.keys != TEXT_ME:
            return self._receipt(here)
        if here.receipt is None:
            cannot = Say(words=self._words.said(Spoken.CANNOT_TEXT))
            return cannot, GoTo(step=Step(name=StepName.AGAIN, so_far=here.so_far))
        return self._last(Spoken.TEXTED)

    def _language(self, so_far: SoFar) -> Language | None:
        return next((each for each in self._words.languages if each.code == so_far.language), None)

    def _last(self, what: Spoken) -> Document:
        return Say(words=self._words.said(what)), HangUp()

    def _not_kept_yet(self, then: GoTo | HangUp) -> Document:
        return Say(words=_words_or(lambda: self._words.said(Spoken.NOT_KEPT_YET), LAST_GOODBYE)), then


def _recorded(said: Say, *, then: StepName, so_far: SoFar) -> Document:
    """Say, beep, record; ``then`` is where a caller goes who was not heard at all."""
    return said, Record(then=Step(name=StepName.RECORDED, so_far=so_far)), GoTo(step=Step(name=then, so_far=so_far))


def _facts(event: CallEvent) -> dict[str, str]:
    """What a stream is to say of its call, of which it knows no more than the id."""
    withheld = "anonymous" if event.caller.kind is AddressClass.WITHHELD else ""
    facts = {"from": event.caller.value or withheld, "to": event.called}
    return {name: value for name, value in facts.items() if value}


def _words_or(words: Callable[[], str], last: str) -> str:
    """The words, or the last ones we have: whatever is wrong with them, the caller is not dropped."""
    try:
        return words()
    except Exception as error:
        log.error("the words for a failed call could not be had: %s", type(error).__name__)
        return last

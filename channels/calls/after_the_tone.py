"""A call from the recorder on, pure: the message, the reference, and what a caller may still do after it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from channels.calls.commands import Document, GoTo, HangUp, Menu, Record, Say
from channels.calls.here import Here, language_of, offers
from channels.calls.keeping import OTHER_CHOICES, TEXT_ME
from channels.calls.steps import Choice, SoFar, Step, StepName
from channels.spoken import LAST_GOODBYE, LAST_UNRECORDED, LAST_WORDS, Spoken, SpokenWords

log = logging.getLogger(__name__)
PROMPTS = {
    Choice.UNDER_18: Spoken.PROMPT_CHILD,
    Choice.FOR_A_WORKER: Spoken.PROMPT_WORKER,
    Choice.ADDITION: Spoken.PROMPT_ADDITION,
}


class AfterTheTone:
    """Every document that records, or that follows a recording."""

    def __init__(self, words: SpokenWords) -> None:
        self._words = words

    def failed(self, step: Step) -> Document:
        """What it does when this step failed on our side: a message is taken, or not yet called kept. Never raises.

        Who does not want to be recorded is not.
        """
        match step.name:
            case StepName.RECORDED | StepName.QUIET | StepName.OFFERED:
                return self._not_kept_yet(GoTo(step=replace(step, name=StepName.AGAIN)))
            case StepName.AGAIN | StepName.AFTER:
                return self._not_kept_yet(HangUp())
            case StepName.HEARD | StepName.WHISPER:
                return (HangUp(),)
        if step.so_far.refused:
            return self._unrecorded(step.so_far)
        sorry = _words_or(lambda: self._words.said(Spoken.SORRY), LAST_WORDS)
        return recorded(Say(words=sorry), then=StepName.QUIET, so_far=step.so_far)

    def message(self, so_far: SoFar) -> Document:
        """Ask for what this caller chose to leave, and record it."""
        return self._record(PROMPTS.get(so_far.choice, Spoken.PROMPT), so_far, then=StepName.SILENT)

    def listen_again(self, here: Here) -> Document:
        """After a silence, perhaps of somebody who did not understand us: other languages, then the recorder."""
        document = self._record(Spoken.NO_INPUT, here.so_far, then=StepName.QUIET)
        if not (others := offers(self._words, here.so_far)):
            return document
        said = tuple(command for command in document if isinstance(command, Say))
        chosen = Step(name=StepName.CHOSEN, so_far=here.so_far)
        return Menu(says=(*said, *others), then=chosen), *document[len(said) :]

    def _record(self, what: Spoken, so_far: SoFar, *, then: StepName) -> Document:
        language = language_of(self._words, so_far)
        said = Say(words=self._words.said(what))
        if language and what is not Spoken.NO_INPUT:
            said = Say(words=language.prompt, language=language.voice)
        return recorded(said, then=then, so_far=so_far)

    def receipt(self, here: Here) -> Document:
        """Read out the reference; a key asks for more, staying on the line says it was heard."""
        if here.receipt is None:
            raise LookupError("nothing was kept, so nothing is told")
        language = language_of(self._words, here.so_far)
        first = (Say(words=language.receipt, language=language.voice),) if language else ()
        menu = Menu(
            says=(*first, Say(words=self._words.receipt(here.receipt))),
            then=Step(name=StepName.AFTER, so_far=here.so_far),
        )
        return menu, GoTo(step=Step(name=StepName.HEARD))

    def after(self, here: Here) -> Document:
        """A key during the receipt: 2 asks for a text, 3 for the other choices, any other cut the reference short."""
        if here.keys == OTHER_CHOICES:
            afresh = replace(here.so_far, choice=Choice.NOTHING, rung=0, tries=0)
            choices = Menu(
                says=(Say(words=self._words.said(Spoken.CHOICES)), *offers(self._words, afresh)),
                then=Step(name=StepName.CHOICES, so_far=afresh),
            )
            return choices, GoTo(step=Step(name=StepName.HEARD))
        if here.keys != TEXT_ME:
            return self.receipt(here)
        if here.receipt is None:
            cannot = Say(words=self._words.said(Spoken.CANNOT_TEXT))
            return cannot, GoTo(step=Step(name=StepName.AGAIN, so_far=here.so_far))
        return self.last(Spoken.TEXTED)

    def last(self, what: Spoken) -> Document:
        """Say it and end the call."""
        return Say(words=self._words.said(what)), HangUp()

    def _unrecorded(self, so_far: SoFar) -> Document:
        """Who does not want to be recorded is asked how to go on, whatever failed."""
        asked = _words_or(lambda: self._words.said(Spoken.UNRECORDED), LAST_UNRECORDED)
        menu = Menu(says=(Say(words=asked),), then=Step(name=StepName.OFFERED, so_far=so_far))
        return menu, GoTo(step=Step(name=StepName.QUIET, so_far=so_far))

    def _not_kept_yet(self, then: GoTo | HangUp) -> Document:
        return Say(words=_words_or(lambda: self._words.said(Spoken.NOT_KEPT_YET), LAST_GOODBYE)), then


def recorded(said: Say, *, then: StepName, so_far: SoFar) -> Document:
    """Say, beep, record; ``then`` is where a caller goes who was not heard at all."""
    return said, Record(then=Step(name=StepName.RECORDED, so_far=so_far)), GoTo(step=Step(name=then, so_far=so_far))


def _words_or(words: Callable[[], str], last: str) -> str:
    """The words, or the last ones we have: whatever is wrong with them, the caller is not dropped."""
    try:
        return words()
    except Exception as error:
        log.error("the words for a failed call could not be had: %s", type(error).__name__)
        return last

"""Plays the script on the stage, tells what happens, and waits until every sender has an answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from email.message import EmailMessage

import aiosmtplib
import httpx
from sqlmodel import Session

from gateway import reference
from gateway.demo.console import Teller
from gateway.demo.following import Follower, Happening, Tone
from gateway.demo.outcome import Outcome, Played, outcomes
from gateway.demo.outside import NotTaken
from gateway.demo.script import Scene, now_and_then, scripted_minute
from gateway.demo.stage import Stage, note_sent
from gateway.posting.run_making import make_run
from gateway.working_days import in_london
from storage import mark

LIMIT_SECONDS = 90.0
READING_SECONDS = 45.0  # after the last acknowledgement: pictures of pages take a machine a while
LOOK_EVERY_SECONDS = 0.25
NOW_AND_THEN_SECONDS = 45.0
STARTING_SECONDS = 10.0
CLERK = "sam"
RECALLED = ("voicemail", "sms")
log = logging.getLogger(__name__)


class Performance:
    """``pace`` multiplies the times of the script: 1 for somebody who watches, less for somebody who waits."""

    def __init__(self, stage: Stage, teller: Teller, *, pace: float) -> None:
        self._stage, self._teller, self._pace = stage, teller, pace
        self._hears, self._telling = stage.where.hears, asyncio.Lock()
        self._follower, self._arrived = Follower(hears=self._hears), list[Happening]()
        stage.outside.relay.on_mail = self._mail_arrived

    async def follow(self) -> None:
        """Tell every event, until cancelled."""
        while True:
            await self._tell()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def scripted(self) -> list[Outcome]:
        """Play the scripted minute; what became of it once every sender has an answer, or when time is up."""
        await self._asked_at_start()
        began = asyncio.get_running_loop().time()
        scenes = scripted_minute(in_london(self._stage.core.clock()).date())
        plays = [asyncio.create_task(self._play(scene)) for scene in scenes]
        try:
            async with asyncio.timeout_at(began + LIMIT_SECONDS):
                played = list(await asyncio.gather(*plays))
                found = await self._until(played, answered=True)
                await self._letters_printed()
        except TimeoutError:
            return await self._outcomes([_so_far(scene, play) for scene, play in zip(scenes, plays, strict=True)])
        try:
            async with asyncio.timeout(READING_SECONDS):
                found = await self._until(played, answered=False)
        except TimeoutError:
            found = await self._outcomes(played)
        await self._tell()
        return found

    async def _letters_printed(self) -> None:
        """The answers by post, as a clerk prints them in one run: they wait to be marked posted."""
        core = self._stage.core
        run = await asyncio.to_thread(make_run, core, CLERK)
        if run is not None:
            what = f"print run {run.number} is made: {run.letters} letters to post"
            self._arrived.append(Happening(at=run.made_at, reference="", channel="letter", what=what, tone=Tone.PERSON))

    async def _asked_at_start(self) -> None:
        """Until the providers were asked what had been missed: what comes meanwhile could come by their lists first."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STARTING_SECONDS):
                while not await self._stage.core.database.read(_all_asked):  # noqa: ASYNC110  # by another desk
                    await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def now_and_then(self) -> None:
        """A message every little while, until cancelled."""
        for scene in now_and_then():
            await asyncio.sleep(NOW_AND_THEN_SECONDS)
            await self._play(scene)

    async def _play(self, scene: Scene) -> Played:
        await asyncio.sleep(scene.at * self._pace)
        try:
            sent = await scene.act(self._stage.outside)
        except (NotTaken, OSError, TimeoutError, httpx.HTTPError, aiosmtplib.SMTPException) as error:
            log.warning("%s did not get through: %s", scene.what, type(error).__name__)
            return Played(scene=scene, sent=None, failure=f"it did not get through ({type(error).__name__})")
        note_sent(self._stage.where.data_dir, scene.what, sent)
        return Played(scene=scene, sent=sent)

    async def _until(self, played: Sequence[Played], *, answered: bool) -> list[Outcome]:
        """Until every sender has an answer or, if that is not asked, until machines have read what they can."""
        while True:
            found = await self._outcomes(played)
            if all((o.is_answered or not o.channel) if answered else o.is_read(hears=self._hears) for o in found):
                return found
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _outcomes(self, played: Sequence[Played]) -> list[Outcome]:
        return await self._stage.core.database.read(lambda session: outcomes(session, played))

    async def _tell(self) -> None:
        async with self._telling:
            arrived, self._arrived = self._arrived, []
            now = self._stage.core.clock()
            for happening in await self._stage.core.database.read(lambda session: self._follower.look(session, now)):
                self._teller.line(happening)
            for happening in arrived:
                self._teller.line(happening)

    def _mail_arrived(self, mail: EmailMessage) -> None:
        """The pretend relay stands for the mailbox as well."""
        for told in reference.find_in(str(mail["Subject"]))[:1]:
            at, what = self._stage.core.clock(), "the mail is in the sender's mailbox"
            self._arrived.append(Happening(at=at, reference=told, channel="email", what=what, tone=Tone.WELL))


def _all_asked(session: Session) -> bool:
    return all(mark.of_channel(session, channel) for channel in RECALLED)


def _so_far(scene: Scene, play: asyncio.Task[Played]) -> Played:
    """What came of a scene when time was up."""
    if play.done() and not play.cancelled():
        return play.result()
    return Played(scene=scene, sent=None, failure="it did not get through in time")

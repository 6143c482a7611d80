"""However sending and the news of it are interleaved, no notice ever falls back and nobody is forgotten."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from channels.contract import DeliveryReport, DeliveryState, Outgoing, SendFailed, SendUnknown
from gateway.core import Core, build_core
from gateway.delivery import RANK
from gateway.desk import Desk
from gateway.notifying import Notifying
from gateway.settings import Settings
from storage import notice, referral
from storage.blobs import open_blobs
from storage.columns import new_id
from storage.database import Database
from storage.notice import Notice, NoticeKind, NoticeState
from storage.sealing import Seal
from tests.builders import a_message, read_all
from tests.fakes import MovableClock

FORM = "application/x-www-form-urlencoded"
OPEN = {NoticeState.OWED, NoticeState.SENT, NoticeState.DELIVERED}
ANSWERS = (NoticeKind.RECEIPT, NoticeKind.STAFF_TASK)


class Phones:
    """A texting provider that gives ids in order; ``answers`` decides what becomes of the next tries."""

    name = "sms"

    def __init__(self) -> None:
        self.given = 0
        self.taken: dict[str, str] = {}
        self.answers: list[str] = []

    def id_of(self, number: int) -> str:
        """The id of one text, known beforehand."""
        return f"SM-out-{number}"

    async def send(self, told: Outgoing) -> str:
        """Take it, refuse it, or take it and lose the answer."""
        answer = self.answers.pop(0) if self.answers else "taken"
        if answer == "refused":
            raise SendFailed(permanent=True, reason="refused")
        if answer == "busy":
            raise SendFailed(permanent=False, reason="busy")
        self.given += 1
        self.taken[told.notice_id] = self.id_of(self.given)
        if answer == "lost":
            raise SendUnknown
        return self.taken[told.notice_id]

    async def find(self, told: Outgoing) -> str | None:
        """What became of a lost answer."""
        return self.taken.get(told.notice_id)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happens: ``what`` is text, send, time or news; the other fields are for one of these each.

    News is of the text sent so many ``back``; with -1 of the next one, so that it comes before its own sending.
    """

    what: str
    answers: list[str]
    minutes: int
    back: int
    states: list[DeliveryState]


STEPS = st.builds(
    Step,
    what=st.sampled_from(["text", "send", "time", "news", "news", "news"]),
    answers=st.lists(st.sampled_from(["taken", "taken", "refused", "busy", "lost"]), max_size=3),
    minutes=st.sampled_from([1, 7, 90]),
    back=st.sampled_from([-1, 0, 0, 1, 2]),
    states=st.lists(st.sampled_from(DeliveryState), min_size=1, max_size=4),
)


BEGINNING = Step(what="text", answers=[], minutes=0, back=0, states=[])


class Story:
    """Texts come, answers go out, and the provider's news of them comes early, late, twice, reversed or never."""

    def __init__(self, core: Core, clock: MovableClock) -> None:
        self.core, self.clock, self.phones = core, clock, Phones()
        step = Notifying(
            database=core.database, seal=core.seal, clock=clock, senders={"sms": self.phones}, delivery=core.delivery
        )
        self.desk = Desk("notifying", step.step, step.give_up, database=core.database, clock=clock)
        self.references: list[str] = []
        self.highest: dict[str, int] = {}
        self.matched = 0

    async def happens(self, step: Step) -> None:
        match step.what:
            case "text":
                await self._somebody_texts()
            case "send":
                self.phones.answers = list(step.answers)
                await self.desk.drain()
            case "time":
                self.clock.move(minutes=step.minutes)
            case _:
                for state in step.states:
                    await self._news(self.phones.id_of(self.phones.given - step.back), state)
                    self.holds()
        self.holds()

    async def _somebody_texts(self) -> None:
        key, number = f"SM-in-{len(self.references)}", f"+4477009{len(self.references):05}"
        fields = {"MessageSid": key, "From": number, "To": "+441632960000", "Body": "The baby cries"}
        raw = a_message(urlencode(fields).encode(), source_key=key, media_type=FORM)
        self.references.append((await self.core.intake.accept(raw)).reference)
        await read_all(self.core)

    async def _news(self, provider_id: str, state: DeliveryState) -> None:
        report = DeliveryReport(provider_id=provider_id, state=state, reason="because", permanent=True)
        before = {row.id: row.state for row in self._notices()}
        found = await self.core.database.write(lambda s: self._reported(s, report))
        if not found:
            assert {row.id: row.state for row in self._notices()} == before, "news of nothing known changed something"
        self.matched += bool(found)

    def _reported(self, session: Session, report: DeliveryReport) -> str:
        row = self.core.delivery.reported(session, report)
        if row is not None and report.state is DeliveryState.DELIVERED:
            assert row.state == NoticeState.DELIVERED
        return row.id if row else ""

    def holds(self) -> None:
        """No notice falls back, a failure has one substitute, and each sender an answer or a person who owes it."""
        rows = self._notices()
        for row in rows:
            rank = RANK[NoticeState(row.state)]
            assert rank >= self.highest.get(row.id, 0), f"{row.channel} fell back to {row.state}"
            self.highest[row.id] = rank
            instead = [one for one in rows if one.substitute_for == row.id]
            assert len(instead) <= 1, "more than one instead"
            assert instead or row.state != NoticeState.FAILED, "nothing instead"
        for about in {row.referral_id for row in rows}:
            states = {row.state for row in rows if row.referral_id == about and row.kind in ANSWERS}
            assert states & OPEN, "nobody owes an answer"

    def _notices(self) -> list[Notice]:
        with self.core.database.reading() as session:
            found = [referral.by_reference(session, reference) for reference in self.references]
            return list(notice.of_referrals(session, [row.id or 0 for row in found if row]))


def a_core(folder: Path, clock: MovableClock) -> Core:
    """A gateway of its own: a copy of the empty database, files beside it."""
    data = folder / new_id()
    data.mkdir()
    database, seal = Database(f"sqlite:///{shutil.copy(folder / 'empty.db', data / 'frontdoor.db')}"), Seal(b"k" * 32)
    values = Settings(data_dir=data, http="", smtp="", _env_file=None)
    blobs = open_blobs(f"file://{data / 'sealed'}", seal)
    return build_core(values, clock=clock, seal=seal, database=database, blobs=blobs)


async def news_in_this_order(folder: Path, steps: list[Step]) -> None:
    clock = MovableClock()
    core = a_core(folder, clock)
    try:
        story = Story(core, clock)
        await story.happens(BEGINNING)
        for step in steps:
            await story.happens(step)
    finally:
        core.close()
    event(f"news matched: {min(story.matched, 10)}")


def test_news_in_any_order_never_undoes_what_is_known(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "empty.db")

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(st.lists(STEPS, min_size=4, max_size=12))
    def in_any_order(steps: list[Step]) -> None:
        asyncio.run(news_in_this_order(tmp_path, steps))

    in_any_order()

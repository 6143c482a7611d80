"""One invented day at the desk, come through the doors: something of every state that a page may have to show."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import select

from channels.contract import RawMessage
from gateway.core import Core, build_core
from gateway.demo.twilio_sim import read_wav
from gateway.settings import Settings
from gateway.translating import PageWords
from gateway.versions import add_read, add_typed
from gateway.wiring import wire_climbing
from storage import agreement, migrations
from storage.attachment import TextState
from storage.blobs import open_blobs
from storage.database import Database
from storage.message import Message
from storage.sealing import Seal
from storage.staff import Role
from tests.builders import a_message, a_referral, read_all
from tests.fakes import MovableClock
from tests.gateway.dividing.sorted_scans import a_scan
from tests.gateway.live.caller import began, speak, spoken
from tests.gateway.office import Browser, Office, words_of
from tests.gateway.pages_read import a_letter, a_line
from tests.gateway.posting.post import HOME, a_letter_out
from tests.gateway.staff.test_mail_page import a_page
from tests.gateway.staff.test_part_page import a_picture
from tests.gateway.staff.test_referral_page import with_part
from tests.gathered_words import marked_words

SAMPLES = Path(__file__).parent.parent / "samples"
FORM = "application/x-www-form-urlencoded"
TEXT = {"From": "+447700900123", "To": "+441632960000", "NumMedia": "0", "MessageSid": "SM" + "3c7a" * 8}
FRIDAY = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
MANY = 12
STAFF = {
    "sam": Role.SOCIAL_WORKER, "robin": Role.MANAGER, "casey": Role.CALL_TAKER, "alex": Role.ADMINISTRATOR,
}  # fmt: skip
TOM = {"child": "Tom Example, 6", "where": "3 Mill Lane"}
STREETS = ("Harrow Way", "Mill Lane", "Station Road", "Quarry Close", "Elm Grove")


@dataclass(kw_only=True)
class Day:
    """The gateway of that day and what stands in it: references, and the ids of parts, messages and scans."""

    core: Core
    clock: MovableClock
    references: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def a_core(folder: Path, template: Path, clock: MovableClock) -> Core:
    """A gateway on a copy of the empty database, with a folder and a key of its own."""
    path = folder / "data" / "frontdoor.db"
    path.parent.mkdir(parents=True)
    shutil.copy(template, path)
    seal = Seal(b"k" * 32)
    settings = Settings(
        data_dir=folder / "data", database_url=f"sqlite:///{path}", http="", smtp="127.0.0.1:0",
        scan_dir=folder / "scans", api_token="administrator-for-tests", _env_file=None,
    )  # fmt: skip
    core = build_core(
        settings, clock=clock, seal=seal, database=Database(settings.database),
        blobs=open_blobs(f"file://{folder / 'data' / 'sealed'}", seal),
    )  # fmt: skip
    core.intake.patience_seconds = 60.0
    return replace(core, page_words=PageWords(marked_words(folder / "words")))


def a_core_of_its_own(stack: ExitStack, clock: MovableClock) -> Core:
    """An empty one with all its tables, in a folder that is gone with the stack."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    empty = Database(f"sqlite:///{folder / 'empty.db'}")
    migrations.upgrade(empty)
    empty.close()
    core = a_core(folder / "gateway", folder / "empty.db", clock)
    stack.callback(core.close)
    return core


async def a_day(core: Core, clock: MovableClock) -> Day:
    """From Friday morning to Monday at a quarter past ten."""
    day = Day(core=core, clock=clock)
    monday, clock.at = clock.at, FRIDAY
    day.references["late"] = (
        await a_referral(core, "Two children alone in the flat above us since yesterday")
    ).reference
    day.references["closed"] = (await a_referral(core, "I think the school said he moved away")).reference
    clock.move(hours=1)
    await _work(core, day.references["closed"], open={}, decide=NO_ACTION, close={"reason": "Nothing more to do"})
    clock.at = monday
    clock.move(minutes=-50)
    await _spoken(day)
    await _written(day)
    await _worked(day)
    seats = await _signed_in(core)
    await _by_hand(day, seats["sam"], seats["casey"])
    for number in range(MANY):
        clock.move(seconds=20)
        words = f"A neighbour on {STREETS[number % 5]} rang about shouting, the {number + 3} time this month"
        day.references[f"note {number}"] = (await a_referral(core, words)).reference
    clock.at = monday
    await core.capturing.open()
    hearing = core.capturing.begin(began("CA1"))
    assert hearing is not None
    speak(hearing, spoken(2))
    await core.capturing.write()
    await core.capturing.index.write()
    await wire_climbing(core).look()
    return day


NO_ACTION = {"code": "nfa", "reason": "The family moved and the new council has the report", "level": "1"}


async def _spoken(day: Day) -> None:
    core = day.core
    row = await a_referral(core, "A voicemail about a boy at the bus station", child="Tom Example")
    sound = (SAMPLES / "voicemails" / "vm00.wav").read_bytes()
    said = (SAMPLES / "voicemails" / "vm00.txt").read_text().split()
    step = len(read_wav(SAMPLES / "voicemails" / "vm00.wav")) / 16000 / max(1, len(said))
    words = [
        [word, round(at * step, 2), round((at + 1) * step, 2), 0.4 if at == 3 else 0.95] for at, word in enumerate(said)
    ]
    segments = [[" ".join(said), 0.0, round(len(said) * step, 2), None, 0.9, False, words]]
    day.ids["sound_id"] = with_part(
        core, row, size=len(sound), sha256=core.blobs.put(sound), text=" ".join(said), text_state=TextState.DONE,
        segments=json.dumps(segments), confidence=0.9,
    )  # fmt: skip
    day.references["voicemail"] = row.reference
    row = await a_referral(core, "Another voicemail, not written down yet")
    with_part(core, row, text_state=TextState.WAITING, note="Not transcribed yet.")
    day.references["waiting"] = row.reference


async def _written(day: Day) -> None:
    core = day.core
    mail = a_message(a_page(), channel="email", media_type="message/rfc822")
    day.references["mail"] = await _read(core, mail)
    with core.database.reading() as session:
        day.ids["mail_id"] = session.exec(select(Message).where(Message.reference == day.references["mail"])).one().id
    row = await a_referral(core, "A letter by hand", child="Ada Example")
    picture = {"name": "letter.png", "media_type": "image/png", "sha256": core.blobs.put(a_picture())}
    day.ids["letter_id"] = with_part(core, row, text_state=TextState.WAITING, **picture)
    read = a_letter(
        a_line("The boy has a bruise", sure=(0.9, 0.4, 0.9, 0.9, 0.9)), a_line("at Harrow Way", row=1, by_hand=True)
    )
    with core.database.transaction() as session:
        add_read(session, day.ids["letter_id"], read, at=core.clock())
        add_typed(session, day.ids["letter_id"], "The boy has bruises\nat Harrow Way", who="sam", at=core.clock())
    day.references["letter"] = row.reference
    for words in ("There is a baby crying at number 12 all night", "And now I hear a man shouting"):
        text = a_message(urlencode({**TEXT, "Body": words}).encode(), channel="sms", media_type=FORM)
        day.references["text"] = await _read(core, text)
    broken = a_message(
        b"%PDF-1.7 and nothing more", channel="letter", media_type="application/pdf", envelope={"name": "s.pdf"}
    )
    day.references["unreadable"] = await _read(core, broken)
    day.ids["scan_id"] = await a_scan(core, 5)
    await a_letter_out(core, HOME)


async def _signed_in(core: Core) -> dict[str, Browser]:
    return {name: await Office(core).browser(role, name=name) for name, role in STAFF.items()}


async def _by_hand(day: Day, sam: Browser, casey: Browser) -> None:
    """What only people at a browser do: a step that a second person has to agree to, and calls that are taken."""
    row = await a_referral(day.core, "My sister says that dad hits her", child="Ada Example")
    day.references["agreed"], home = row.reference, f"/referrals/{row.reference}"
    for step in ("open",):
        await sam.send(await sam.see(home), f"{home}/{step}")
    typed = {"code": "nfa", "reason": "She was at school today and well", "level": "1", "child_told_us": "yes"}
    asked = await sam.send(await sam.see(home), f"{home}/decide", **typed)
    card = LexborHTMLParser(asked.text)
    hidden = {str(i.attributes["name"]): i.attributes.get("value") or "" for i in card.css("main input[type=hidden]")}
    answer = await sam.client.post(f"{home}/decide/agreement", data=hidden)
    assert answer.status_code == 303, words_of(answer)
    with day.core.database.reading() as session:
        day.ids["agreement_id"] = agreement.pending(session, limit=1)[0].id
    await casey.send(await casey.see("/post/letters"), "/post/runs")
    for name, words in (("call_id", "A teacher rings about Tom"), ("done_id", "A man rings for his social worker")):
        begun = await casey.send(await casey.see("/calls"), "/calls")
        path = begun.headers["location"]
        day.ids[name] = path.rpartition("/")[2]
        typed = {"text": words, **({"do": "save", **TOM} if name == "call_id" else {"do": "finish"})}
        await casey.send(await casey.see(path), path, **typed)


async def _read(core: Core, raw: RawMessage) -> str:
    receipt = await core.intake.accept(raw)
    await read_all(core)
    return receipt.reference


async def _worked(day: Day) -> None:
    core = day.core
    red = await a_referral(core, "He is locked in the shed at 3 Mill Lane now", child="Tom Example")
    day.references["red"] = red.reference
    await _work(core, red.reference, claim={}, open={}, rate={"severity": "red", "reason": "Locked in, now"})
    amber = await a_referral(core, "She came to school with a burn again", callback="07700 900124", safe_text="yes")
    day.references["asked"] = amber.reference
    question = {"question": "Which class is she in?", "answer_by": "2026-11-25"}
    await _work(core, amber.reference, claim={}, open={}, rate={"severity": "amber", "reason": "Burn"}, ask=question)
    decided = await a_referral(
        core, "The father drinks and the mother is afraid", callback="07700 900125", safe_text="yes"
    )
    day.references["decided"] = decided.reference
    reason = {"code": "s17", "reason": "Fear at home over months", "level": "3"}
    await _work(core, decided.reference, open={}, rate={"severity": "green", "reason": "No harm now"}, decide=reason)


async def _work(core: Core, reference: str, **steps: dict[str, str]) -> None:
    async with Office(core).program(Role.MANAGER, name=f"robin {reference}") as program:
        for step, body in steps.items():
            answer: httpx.Response = await program.post(f"/api/v1/referrals/{reference}/{step}", json=body)
            assert answer.status_code == 200, (step, answer.text)

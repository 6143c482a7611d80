"""Sets the stage: a whole gateway with its own settings and accounts, and a pretend provider and relay around it."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from channels.numbers import as_printed
from gateway.app import running
from gateway.core import Core, open_core
from gateway.demo import people
from gateway.demo.console import Whereabouts
from gateway.demo.outside import Outside, Sent
from gateway.demo.ports import next_free_port
from gateway.demo.relay import PretendRelay
from gateway.demo.twilio_sim import TwilioSim
from gateway.settings import Settings, load
from gateway.staff import accounts
from storage.staff import Role
from transcription.worker import model_state

STAFF = (("sam", Role.SOCIAL_WORKER), ("jo", Role.MANAGER))
DUTY_NUMBER = "+441632960009"
CALL_TAKERS = "telephone team"
SENT = "sent.jsonl"
TINY_MODEL = Path(__file__).parents[2] / "tests" / "samples" / "tiny-whisper" / "ct2"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything that is open while the demo runs."""

    core: Core
    outside: Outside
    where: Whereabouts


@asynccontextmanager
async def open_stage(asked: Settings, folder: Path, *, port: int, speed: float) -> AsyncIterator[Stage]:
    """Open inside the block, all closed after it. ``asked`` are the operator's settings; few of them count here.

    ``speed`` is seconds of a pretend call per second.
    """
    async with AsyncExitStack() as stack:
        http_host, smtp_host = (address.rpartition(":")[0] or "127.0.0.1" for address in (asked.http, asked.smtp))
        url = f"http://127.0.0.1:{next_free_port(http_host, port)}"
        smtp_port, token = next_free_port(smtp_host, 2525), secrets.token_hex(16)
        relay = await stack.enter_async_context(PretendRelay())
        sim = await stack.enter_async_context(TwilioSim(url, token=token, speed=speed))
        sim.status_callback = f"{url}/twilio/call-status"
        settings = demo_settings(
            asked, folder, http=f"{http_host}:{url.rpartition(':')[2]}", smtp=f"{smtp_host}:{smtp_port}",
            public_url=url, mail_relay=relay.url, mail_border=people.BORDER,
            twilio_account_sid=sim.account, twilio_auth_token=token,
            twilio_number=sim.number, twilio_api_url=sim.url, duty_number=DUTY_NUMBER,
            api_token=secrets.token_urlsafe(24),
        )  # fmt: skip
        core = open_core(settings)
        stack.callback(core.close)
        password = secrets.token_hex(6)
        note_token = _let_in(core, password)
        await stack.enter_async_context(running(core))
        web = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=30))
        outside = Outside(
            sim=sim, relay=relay, web=web, smtp_port=smtp_port, mailbox=settings.mailbox_list[0],
            scan_dir=folder / "scans", note_token=note_token, organisation=settings.organisation,
        )  # fmt: skip
        yield Stage(core=core, outside=outside, where=_whereabouts(settings, folder, password=password))


def demo_settings(asked: Settings, folder: Path, **chosen: Any) -> Settings:
    """The defaults and what the demo chose, so that no real database, account or relay is ever touched.

    Of what the operator set only the speech model counts; without one, the tiny model of the tests is taken if it is
    there.
    """
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    speech = {"speech_model": asked.speech_model, "speech_engine": asked.speech_engine}
    if not asked.model_fields_set & set(speech) and TINY_MODEL.is_dir():
        speech["speech_model"] = str(TINY_MODEL)
    scans = folder / "scans"
    scans.mkdir(exist_ok=True)
    return load(
        **{**defaults, **speech, **chosen, "data_dir": folder, "scan_dir": scans, "print_dir": folder / "print"}
    )


def note_sent(folder: Path, what: str, sent: Sent) -> None:
    """Write down the hash of what went over the wire, so that it can be compared with what is kept."""
    with (folder / SENT).open("a") as out:
        out.write(json.dumps({"what": what, **asdict(sent)}) + "\n")


def _let_in(core: Core, password: str) -> str:
    """Accounts for people and the token of the pretend call takers."""
    at = core.clock()
    with core.database.transaction() as session:
        for name, role in STAFF:
            accounts.add_user(session, name, role, password, at=at)
        token = accounts.add_token(session, CALL_TAKERS, Role.CALL_TAKER, at=at)
    return token or ""


def _whereabouts(settings: Settings, folder: Path, *, password: str) -> Whereabouts:
    here = folder.absolute()
    state = model_state(settings.speech_model, settings.data_dir / "models", settings.speech_engine)
    return Whereabouts(
        url=settings.public_url, staff=tuple((name, role.replace("_", " ")) for name, role in STAFF),
        password=password, api_token=settings.api_token or "", mailbox=settings.mailbox_list[0], smtp=settings.smtp,
        number=as_printed(settings.twilio_number or ""), scan_dir=here / "scans", print_dir=here / "print",
        data_dir=here, hears=state.is_ready,
    )  # fmt: skip

"""The doctor as an operator types it: exit codes, what is shown before it is set, and what is set only if agreed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.__main__ import parser
from gateway.demo.twilio_sim import TwilioSim
from gateway.settings import Settings, WrongSetting
from tests.channels.static_host import StaticHost, a_static_host

PUBLIC = "http://127.0.0.1:9"  # where nothing answers
FIRST = '<Response><Say>Dial 9 9 9.</Say><Record action="after.xml" method="GET"/></Response>'


@dataclass(frozen=True, kw_only=True)
class Said:
    """How the command ended, and what it printed."""

    code: int
    out: str

    @property
    def told(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)


@dataclass(kw_only=True)
class Surgery:
    """A folder to type in, the pretend provider, and a host for the fallback that has another name than ours."""

    folder: Path
    sim: TwilioSim
    static: StaticHost
    printed: pytest.CaptureFixture[str]

    def settings(self, **changed: str) -> dict[str, str]:
        """The settings of the account, its number and the fallback."""
        fallback = self.static.url.replace("127.0.0.1", "localhost") + "/fallback.xml"
        return {
            "data_dir": str(self.folder / "data"), "public_url": PUBLIC, "twilio_account_sid": self.sim.account,
            "twilio_auth_token": self.sim.token, "twilio_number": self.sim.number, "twilio_api_url": self.sim.url,
            "twilio_fallback_url": fallback,
        } | changed  # fmt: skip

    async def doctor(self, *words: str, **changed: str) -> Said:
        """Run it where there is no terminal."""
        asked = parser().parse_args(["doctor", *words])
        settings = Settings(**self.settings(**changed), _env_file=None)  # type: ignore[arg-type]
        code = await asyncio.to_thread(asked.run, asked, lambda: settings)
        return Said(code=code, out=self.printed.readouterr().out)

    async def on_a_terminal(self, types: str) -> str:
        """Run the command itself with ``--set``, and answer what it asks."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDOOR_")}
        named = {f"FRONTDOOR_{name.upper()}": value for name, value in self.settings().items()}
        keyboard, terminal = os.openpty()
        os.write(keyboard, types.encode() + b"\n")
        try:
            answer = await asyncio.to_thread(
                subprocess.run, [sys.executable, "-m", "gateway", "doctor", "--set"], text=True, capture_output=True,
                stdin=terminal, check=False, cwd=self.folder, env=clean | named | {"PYTHONPATH": str(Path.cwd())},
                timeout=120,
            )  # fmt: skip
        finally:
            os.close(keyboard)
            os.close(terminal)
        assert answer.returncode == 1, answer.stderr  # there is no relay
        return answer.stdout


@pytest.fixture
async def surgery(tmp_path: Path, capsys: pytest.CaptureFixture[str], sqlite_template: Path) -> AsyncIterator[Surgery]:
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "frontdoor.db")
    async with a_static_host() as static, TwilioSim("http://127.0.0.1:9") as sim:
        static.files = {"fallback.xml": FIRST, "after.xml": "<Response><Hangup/></Response>"}
        yield Surgery(folder=tmp_path, sim=sim, static=static, printed=capsys)


async def test_looking_shows_what_would_be_set_and_sets_nothing(surgery: Surgery) -> None:
    seen = await surgery.doctor()
    assert (seen.code, surgery.sim.ours.voice_url) == (1, "")
    assert "wrong  telephone, calls: no address is set\n       -> set it with frontdoor doctor --set" in seen.out
    assert f"  VoiceUrl\n    is   not set\n    to   {PUBLIC}/twilio/voice#rc=2" in seen.out
    assert "unseen telephone, region: " in seen.out
    assert "unseen telephone, public address: nothing answered" in seen.out
    assert {one.method for one in surgery.sim.asked} == {"GET"}


async def test_it_sets_only_what_is_agreed_to_on_the_terminal(surgery: Surgery) -> None:
    refused = await surgery.on_a_terminal("n")
    assert ("[y/N]" in refused, surgery.sim.ours.voice_url) == (True, "")
    agreed = await surgery.on_a_terminal("y")
    assert surgery.sim.ours.voice_url.startswith(f"{PUBLIC}/twilio/voice#rc=2&rp=ct,rt,5xx")
    assert surgery.sim.ours.voice_url.endswith("&e=dublin")
    assert (surgery.sim.fallback_url[-13:], surgery.sim.ours.voice_fallback_method) == ("/fallback.xml", "GET")
    assert "The number has been set:" in agreed
    assert "ok     telephone, calls: " in agreed


async def test_a_script_agrees_beforehand_and_reads_what_was_before_and_is_now(surgery: Surgery) -> None:
    surgery.sim.ours.sms_url = "https://old.example.org/sms"
    answer = await surgery.doctor("--set", "--yes", "--json")
    changes = {one["setting"]: one for one in answer.told["changes"]}
    assert changes["SmsUrl"]["before"] == "https://old.example.org/sms"
    assert {one["set"] for one in changes.values()} == {True}
    assert surgery.sim.ours.sms_url == changes["SmsUrl"]["after"]
    states = {one["part"]: one["state"] for one in answer.told["findings"]}
    assert (states["telephone, texts"], states["telephone, region"], states["wording"]) == ("ok", "unseen", "ok")
    assert answer.code == 1  # there is no relay
    again = await surgery.doctor("--set", "--yes", "--json")
    assert again.told["changes"] == []


@pytest.mark.parametrize("words", [("--set",), ("--set", "--json")])
async def test_without_a_terminal_nothing_is_set_unasked(surgery: Surgery, words: tuple[str, ...]) -> None:
    with pytest.raises(WrongSetting, match="--yes"):
        await surgery.doctor(*words)
    assert list(surgery.sim.asked) == []


async def test_credentials_that_are_not_accepted_are_named_and_no_secret_is_printed(surgery: Surgery) -> None:
    answer = await surgery.doctor("--set", "--yes", twilio_auth_token="another-token")
    assert "does not accept our credentials" in answer.out
    assert "another-token" not in answer.out
    assert surgery.sim.ours.voice_url == ""


async def test_a_provider_that_is_away_is_not_called_wrong(surgery: Surgery) -> None:
    answer = await surgery.doctor("--json", twilio_api_url="http://127.0.0.1:9")
    states = {one["part"]: one["state"] for one in answer.told["findings"]}
    assert states["telephone, account"] == "unseen"


async def test_a_mailbox_for_voicemail_is_looked_at_where_there_is_one(surgery: Surgery) -> None:
    """A stranger who knows it could have a number texted, unless the telephone system's own address is set."""
    assert "voicemail by mail" not in (await surgery.doctor()).out
    box = "voicemail@northshire.example"
    assert "look   voicemail by mail: recordings come" in (await surgery.doctor(voicemail_mailbox=box)).out
    known = await surgery.doctor(voicemail_mailbox=box, voicemail_from="@pbx.example.org")
    assert "ok     voicemail by mail: recordings come; a telephone system by mail has no live calls" in known.out

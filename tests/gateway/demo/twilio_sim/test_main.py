"""The pretend provider from the command line."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from gateway.demo.twilio_sim import HangUp, Press, Silent, Speak, TwilioSim, parse_script, tone, write_wav
from tests.gateway.demo.twilio_sim.sample_gateway import PUBLIC, SampleGateway


async def run(sim: TwilioSim, *words: str) -> str:
    command = [sys.executable, "-m", "gateway.demo.twilio_sim", *words]
    command += ["--gateway", sim.gateway, "--public", PUBLIC, "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def test_one_call_is_placed_and_told(sim: TwilioSim, gateway: SampleGateway) -> None:
    words = ["--path", "/voice/start", "--script", "press:3,press:77#,hangup", "--sender", "withheld"]
    assert "Reference 77 is open." in await run(sim, "call", *words)
    assert gateway.got("lookup")[0]["Digits"] == "77"


async def test_one_text_is_sent_with_a_picture(sim: TwilioSim, gateway: SampleGateway, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    said = await run(sim, "sms", "--path", "/sms/in", "--body", "hello", "--media", str(tmp_path / "a.png"))
    assert "200  sms POST https://gw.council.test/sms/in" in said
    assert gateway.got("sms-in")[0]["NumMedia"] == "1"


def test_scripts_are_read_as_written(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(write_wav(tone(1)))
    read = parse_script(f"press:1,silent:2,speak:0.5,speak:{tmp_path / 'a.wav'},hangup,hangup@9")
    assert read == [Press("1"), Silent(2.0), Speak(tone(0.5)), Speak(tone(1)), HangUp(), HangUp(9.0)]
    with pytest.raises(ValueError, match="unknown action"):
        parse_script("sing:3")

"""The installed demo, run as a stranger runs it: what it sent is what is kept, and every sender has an answer."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway import working_days
from gateway.app import build_app
from gateway.core import open_core
from gateway.demo import folder
from gateway.demo.ports import next_free_port
from gateway.demo.stage import demo_settings
from gateway.settings import PREFIX, WrongSetting, load
from gateway.wiring import wire_channels

FRONTDOOR = Path(sys.executable).parent / "frontdoor"
CHANNELS = {"phone", "voicemail", "sms", "email", "letter", "web_form", "note"}
TOLD = ("sent", "delivered")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A demo that went through its script: what it printed, sent and kept."""

    printed: str
    sent: list[Any]
    referrals: list[Any]

    def of(self, what: str) -> Any:
        """The referral of the scene with this name."""
        sha256 = next(one["sha256"] for one in self.sent if one["what"] == what)
        return next(r for r in self.referrals if any(m["sha256"] == sha256 for m in r["messages"]))


def start(place: Path, *arguments: str) -> subprocess.Popen[str]:
    """The demo in a process group of its own, as a terminal starts it, with none of the settings of this machine."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return subprocess.Popen(
        [FRONTDOOR, "demo", "--port", str(a_free_port()), *arguments],
        cwd=place, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, process_group=0,
    )  # fmt: skip


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def read_until(demo: subprocess.Popen[str], is_enough: Callable[[str], bool]) -> str:
    """Everything it printed up to the line that is enough."""
    assert demo.stdout is not None
    printed = ""
    for line in demo.stdout:
        printed += line
        if is_enough(line):
            return printed
    raise AssertionError(f"the demo ended early:\n{printed}")


def web_answers(printed: str) -> bool:
    """Whether the public page is up at the address it printed."""
    found = re.search(r"Public pages +(http\S+)", printed)
    assert found
    with httpx.Client(trust_env=False, timeout=30) as web:
        return web.get(found[1]).status_code == httpx.codes.OK


def kept_in(data_dir: Path) -> list[Any]:
    """What the API tells of a data folder, once its demo is over."""

    async def ask() -> list[Any]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as web:
            headers = {"Authorization": "Bearer administrator-for-tests"}
            answer = await web.get("/api/v1/referrals?limit=500", headers=headers)
            answer.raise_for_status()
            return list(answer.json())

    core = open_core(load(data_dir=data_dir, api_token="administrator-for-tests"))
    try:
        app = build_app(core, wire_channels(core))
        return asyncio.run(ask())
    finally:
        core.close()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """One demo for all these tests, which ends by itself."""
    place = tmp_path_factory.mktemp("demo")
    demo = start(place, "--exit-when-done")
    try:
        printed, _ = demo.communicate(timeout=110)
    finally:
        demo.kill()
    assert demo.returncode == 0, printed
    data_dir = place / folder.USUAL
    sent = [json.loads(line) for line in (data_dir / "sent.jsonl").read_text().splitlines()]
    return Shown(printed=printed, sent=sent, referrals=kept_in(data_dir))


def test_messages_come_by_all_seven_channels(shown: Shown) -> None:
    assert len(shown.sent) >= 12
    assert {one["channel"] for one in shown.sent} == CHANNELS
    assert {message["channel"] for r in shown.referrals for message in r["messages"]} == CHANNELS


def test_what_was_sent_is_what_is_kept(shown: Shown) -> None:
    kept = [message["sha256"] for r in shown.referrals for message in r["messages"]]
    assert sorted(one["sha256"] for one in shown.sent for _ in range(one["letters"])) == sorted(kept)
    files = {part["sha256"] for r in shown.referrals for part in r["parts"]}
    assert {sha256 for one in shown.sent for sha256 in one["files"]} <= files


def test_every_sender_has_an_answer_but_the_withheld_caller_who_hung_up(shown: Shown) -> None:
    silent = shown.of("a withheld caller who hangs up in the menu")["reference"]
    for r in shown.referrals:
        receipts = [n for n in r["notices"] if n["kind"] == "receipt"]
        assert any(n["state"] in TOLD for n in receipts) or r["reference"] == silent
        assert not [n for n in receipts if n["state"] == "owed"]


def test_every_referral_is_looked_at_within_one_working_day(shown: Shown) -> None:
    for r in shown.referrals:
        received, look_by = (datetime.fromisoformat(r[name]) for name in ("received_at", "look_by"))
        assert look_by == working_days.look_by(received)


def test_a_withheld_caller_who_hung_up_is_a_referral_that_says_why_nobody_was_told(shown: Shown) -> None:
    (receipt,) = shown.of("a withheld caller who hangs up in the menu")["notices"]
    assert receipt["state"] == "cancelled"
    assert "withheld" in receipt["reason"]


@pytest.mark.parametrize(
    ("first", "more"),
    [("a mail that names no child", "a reply to an acknowledgement"), ("a text", "a text that goes on")],
)
def test_what_continues_a_conversation_joins_it(shown: Shown, first: str, more: str) -> None:
    assert shown.of(more)["reference"] == shown.of(first)["reference"]


def test_a_message_for_a_worker_is_known_as_one(shown: Shown) -> None:
    assert shown.of("a note for a named worker")["kind"] == "message_for_worker"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("a voicemail whose caller asks for a text", "I heard a child crying at the house"),
        ("a withheld caller who hears the reference", "they are shouting at the flat every night"),
        ("a letter stamped three days ago", "practice nurse"),
        ("a letter photographed with a phone", "Somebody should go and see"),
        ("a school's referral as a Word document", "Robin Example"),
        ("our own form, filled in as Word", "Child 1, First name: Sky"),
    ],
)
def test_the_words_in_sound_pictures_and_documents_are_read(shown: Shown, what: str, words: str) -> None:
    assert words.lower() in " ".join(shown.of(what)["text"].split()).lower()


def test_what_our_form_says_is_stated_value_by_value_and_not_checked(shown: Shown) -> None:
    claims = shown.of("our own form, filled in as Word")["claims"]
    assert {claim["status"] for claim in claims} == {"proposed"}
    assert ("child", 1, "2019-05-03") in {(each["entity"], each["entity_no"], each["value_norm"]) for each in claims}


def test_a_school_that_the_border_server_vouches_for_is_known_as_one(shown: Shown) -> None:
    marks = [each["sender_mark"] for each in shown.of("a school's referral as a Word document")["messages"]]
    assert "School, proven" in marks
    assert {each["sender_mark"] for each in shown.of("a mail with a photo")["messages"]} == {""}


def test_three_letters_in_one_scan_are_three_referrals_that_wait_to_be_answered_by_post(shown: Shown) -> None:
    sha256 = next(one["sha256"] for one in shown.sent if one["what"] == "three letters in one scan")
    letters = [r for r in shown.referrals if any(m["sha256"] == sha256 for m in r["messages"])]
    assert len({r["reference"] for r in letters}) == 3
    for r, words in zip(letters, ("dentist", "chip shop", "librarian"), strict=True):
        assert words in r["text"]
    assert "print run 1 is made" in shown.printed


def test_the_stamp_of_a_letter_says_when_it_reached_the_council(shown: Shown) -> None:
    assert "RECEIVED" in shown.of("a letter stamped three days ago")["text"]


def test_a_broken_scan_stands_in_the_queue(shown: Shown) -> None:
    (part,) = shown.of("a scan that is broken")["parts"]
    assert part["text_state"] == "failed"


def test_every_event_is_a_line_without_words_numbers_or_addresses(shown: Shown) -> None:
    lines = [line for line in shown.printed.splitlines() if re.match(r"\d\d:\d\d:\d\d ", line)]
    for r in shown.referrals:
        assert any(r["reference"] in line and "received" in line for line in lines)
    assert not re.search(r"07700|example\.org|\+44|crying|shouting|Robin", "\n".join(lines))


def test_a_summary_says_what_came_and_that_nothing_is_missing(shown: Shown) -> None:
    assert f"{len(shown.sent)} messages, 7 channels" in shown.printed
    assert "missing" not in shown.printed
    assert "Traceback" not in shown.printed


def test_it_ends_at_ctrl_c_without_a_trace_and_leaves_no_child(tmp_path: Path) -> None:
    demo = start(tmp_path)
    try:
        printed = read_until(demo, lambda line: "acknowledged" in line)
        assert web_answers(printed)
        os.killpg(demo.pid, signal.SIGINT)
        rest, _ = demo.communicate(timeout=30)
    finally:
        demo.kill()
    assert demo.returncode == 0, rest
    assert "Traceback" not in rest
    assert rest.splitlines()[-1].startswith("closed")
    with pytest.raises(ProcessLookupError):
        os.killpg(demo.pid, 0)


def test_a_demo_never_empties_a_folder_that_no_demo_made(tmp_path: Path) -> None:
    (tmp_path / "frontdoor.db").write_text("somebody's referrals")
    with pytest.raises(WrongSetting, match="FRONTDOOR_DATA_DIR"), folder.emptied(tmp_path):
        pass
    assert (tmp_path / "frontdoor.db").read_text() == "somebody's referrals"


def test_a_demo_begins_with_an_empty_folder_unless_another_demo_runs_in_it(tmp_path: Path) -> None:
    with folder.emptied(tmp_path / "demo") as mine:
        (mine / "sealed").mkdir()
        (mine / "sealed" / "left").write_text("from the last demo")
        with pytest.raises(WrongSetting, match="running"), folder.emptied(mine):
            pass
        assert (mine / "sealed" / "left").exists()
    with folder.emptied(mine):
        assert [left.name for left in mine.iterdir()] == [folder.MARK]


def test_the_next_free_port_is_taken_when_the_wished_one_is_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        wished = int(busy.getsockname()[1])
        assert next_free_port("127.0.0.1", wished) > wished


def test_no_setting_of_the_operator_leads_a_demo_to_real_data(tmp_path: Path) -> None:
    real = load(
        database_url="postgresql://db.example.org/frontdoor", blobs_url="s3://bucket/real", data_dir=tmp_path / "real",
        mail_relay="smtp://relay.example.org", organisation="Southshire Council",
    )  # fmt: skip
    chosen = demo_settings(real, tmp_path, mail_relay="smtp://127.0.0.1:1")
    assert chosen.database == f"sqlite:///{tmp_path / 'frontdoor.db'}"
    assert chosen.blobs == f"file://{tmp_path / 'sealed'}"
    assert chosen.mail_relay == "smtp://127.0.0.1:1"
    assert chosen.organisation == "Northshire Council"

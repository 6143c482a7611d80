"""Whoever is handed a pack can check it with nothing but the files in it."""

import csv
import hashlib
import io
import statistics
import zipfile

import pytest
from sqlmodel import select

from gateway import sampling
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.sampling import Pack
from storage.audit import Audit
from tests.builders import a_note, a_referral, read_all
from tests.fakes import MovableClock

SAM = Actor(name="sam", role="social_worker")
HARM = ("red", "amber")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def lines_of(pack: Pack, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.files[name].decode())))


async def a_pack(core: Core, clock: MovableClock) -> Pack:
    """Six reports, one of them red and late, two never looked at, and one message that belongs to another."""
    for hours, severity in enumerate(("green", "red", "amber", "", "green", "")):
        row = await a_referral(core)
        if hours == 2:
            await core.intake.accept(a_note("And another thing", reference=row.reference))
            await read_all(core)
        clock.move(hours=hours + 1)
        if severity:
            with core.database.transaction() as session:
                core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
                core.deciding.act(session, row.reference, Action.RATE, SAM, {"severity": severity, "reason": "so"})
    return sampling.take(core, n=100, as_at=clock(), who="sam")


async def test_the_sentence_is_recomputed_from_the_table_by_a_few_lines(core: Core, clock: MovableClock) -> None:
    pack = await a_pack(core, clock)
    rows = lines_of(pack, "sample.csv")
    assert f"the latest {len(rows)} reports" in pack.sentence
    assert f"(nos {rows[0]['ledger_no']}-{rows[-1]['ledger_no']})" in pack.sentence
    for who, chosen in (
        ("Of all of them", rows),
        ("In the 2 rated red or amber", [row for row in rows if row["severity"] in HARM]),
    ):
        hours = sorted(float(row["hours_to_first_look"]) for row in chosen if row["hours_to_first_look"])
        unanswered = sum(row["state"] == "not looked at" for row in chosen)
        [said] = [part for part in pack.sentence.split(". ") if part.startswith(who)]
        assert f"within {statistics.median(hours):.1f} hours (median), {max(hours):.1f} (slowest)" in said
        assert f"; {unanswered} had no response by" in said
    assert len(rows) == 6


async def test_the_ledger_in_it_has_no_gap_and_its_chain_holds(core: Core, clock: MovableClock) -> None:
    pack = await a_pack(core, clock)
    ledger = lines_of(pack, "ledger.csv")
    numbers = [int(row["ledger_no"]) for row in ledger]
    assert numbers == list(range(numbers[0], numbers[0] + 7))
    for row, before in zip(ledger, [None, *ledger], strict=False):
        linked = "|".join(row[name] for name in ("prev_hash", "ledger_no", "channel", "received_at", "sha256"))
        assert hashlib.sha256(linked.encode()).hexdigest() == row["chain_hash"]
        assert before is None or row["prev_hash"] == before["chain_hash"]
    reports = [row["ledger_no"] for row in ledger if row["became"] == "a report"]
    assert reports == [row["ledger_no"] for row in lines_of(pack, "sample.csv")]
    assert f"The last number is {numbers[-1]} and its hash is {ledger[-1]['chain_hash']}." in _read_me(pack)


async def test_every_file_has_its_checksum_and_the_archive_is_of_no_moment(core: Core, clock: MovableClock) -> None:
    pack = await a_pack(core, clock)
    sums = dict(line.split("  ")[::-1] for line in pack.files["SHA256SUMS.txt"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(kept).hexdigest() for name, kept in pack.files.items() if name != "SHA256SUMS.txt"
    }
    kept = sampling.zipped(pack)
    assert kept == sampling.zipped(pack)
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {name: archive.read(name) for name in archive.namelist()} == dict(pack.files)


async def test_it_is_on_record_who_took_it_and_nothing_in_it_says_who_told_us(core: Core, clock: MovableClock) -> None:
    note = {"caller_name": "Alex Example", "callback": "07700 900123", "text": "Alex from 4 Mill Lane rang"}
    await core.intake.accept(a_note(**note))
    await read_all(core)
    pack = sampling.take(core, n=7, as_at=clock(), who="morgan")
    everything = b"".join(pack.files.values())
    assert len(pack.reports) == 1
    assert not any(told in everything for told in (b"Alex", b"900123", b"7700", b"Mill Lane"))
    with core.database.reading() as session:
        [line] = [one for one in session.exec(select(Audit)) if "sample" in one.what]
    assert (line.who, line.what) == (
        "morgan", "Took the inspectors' sample: the latest 7 reports as at 2026-11-23T10:15:00Z",
    )  # fmt: skip


def _read_me(pack: Pack) -> str:
    return pack.files["README.txt"].decode()

"""Scanned post, handed in by a program."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from sqlmodel import select

from channels.web_form.body import take_apart
from gateway.core import Core
from storage.message import Content, Message
from storage.staff import Role
from tests.full_disk import files_no_longer_than
from tests.gateway.office import Office, problem_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
ADDRESS = "/api/v1/letters"


def kept(core: Core) -> list[tuple[Message, dict[str, str]]]:
    with core.database.reading() as session:
        rows = session.exec(select(Message).order_by(Message.ledger_no)).all()  # type: ignore[arg-type]
        sealed = {row.id: session.get_one(Content, row.id).envelope for row in rows}
    return [(row, json.loads(core.seal.open(sealed[row.id], f"envelope:{row.id}"))) for row in rows]


def body_of(core: Core, row: Message) -> bytes:
    with core.database.reading() as session:
        content = session.get_one(Content, row.id)
    if content.body is None:
        return core.blobs.get(row.sha256)
    return core.seal.open(content.body, f"body:{row.id}")


async def test_a_body_is_a_letter_with_what_was_said_of_it(core: Core, office: Office) -> None:
    about = {"name": "monday.pdf", "arrived": "2026-11-20", "split": "codes"}
    answer = await office.program(Role.CALL_TAKER, "post room script").post(ADDRESS, params=about, content=PDF)
    told = answer.json()
    [(row, envelope)] = kept(core)
    assert answer.status_code == 201
    assert (told["reference"], told["message_id"], told["repeated"]) == (row.reference, row.id, False)
    assert (row.channel, row.sha256) == ("letter", hashlib.sha256(PDF).hexdigest())
    assert envelope == {
        "name": "monday.pdf", "split": "codes", "arrived": "2026-11-20", "arrived_basis": "staff_entered",
        "program": "post room script",
    }  # fmt: skip


async def test_the_same_bytes_again_lead_to_the_first(office: Office) -> None:
    program = office.program()
    first = (await program.post(ADDRESS, content=PDF)).json()
    again = (await program.post(ADDRESS, files={"file": ("again.pdf", PDF, "application/pdf")})).json()
    assert (again["repeated"], again["reference"], again["message_id"]) == (
        True, first["reference"], first["message_id"],
    )  # fmt: skip


async def test_each_file_of_a_form_is_a_letter_unless_they_are_one(core: Core, office: Office) -> None:
    files = [("file", (f"{number}.pdf", PDF + str(number).encode(), "application/pdf")) for number in range(3)]
    told = (await office.program().post(ADDRESS, files=files)).json()
    assert [each["name"] for each in told["files"]] == ["0.pdf", "1.pdf", "2.pdf"]
    assert len({each["reference"] for each in told["files"]}) == 3
    one = (await office.program().post(ADDRESS, params={"together": "true"}, files=files)).json()
    row = next(row for row, _ in kept(core) if row.id == one["message_id"])
    taken = take_apart(body_of(core, row), row.media_type)
    assert [(each.name, each.content) for each in taken.files] == [
        (f"{number}.pdf", PDF + str(number).encode()) for number in range(3)
    ]
    assert taken.whole and len(kept(core)) == 4


async def test_a_large_body_goes_to_its_sealed_file_in_pieces(core: Core, office: Office) -> None:
    content = b"%PDF-1.4\n" + bytes(range(256)) * 8192 + b"%%EOF"
    answer = await office.program().post(ADDRESS, content=content)
    [(row, _)] = kept(core)
    assert answer.status_code == 201
    assert (row.size, row.media_type) == (len(content), "application/pdf")
    assert body_of(core, row) == content


async def test_what_cannot_be_taken_is_refused_in_words_and_leaves_nothing(core: Core, office: Office) -> None:
    program = office.program()
    core.settings.scan_largest_mb = 1
    too_large = problem_of(await program.post(ADDRESS, content=bytes(1_000_001)))
    assert too_large["status"] == 413 and "FRONTDOOR_SCAN_LARGEST_MB" in too_large["detail"]
    assert problem_of(await program.post(ADDRESS, content=b""))["status"] == 422
    cut = {"content-type": "multipart/form-data; boundary=x"}
    assert problem_of(await program.post(ADDRESS, content=b"--x\r\n", headers=cut))["field"] == "body"
    for arrived in ("2026-11-24", "2025-11-20", "Monday"):
        wrong = problem_of(await program.post(ADDRESS, params={"arrived": arrived}, content=PDF))
        assert (wrong["status"], wrong["field"]) == (422, "arrived")
    assert problem_of(await office.program(Role.READONLY).post(ADDRESS, content=PDF))["status"] == 403
    assert kept(core) == []


async def test_one_file_too_large_does_not_keep_the_others_out(core: Core, office: Office) -> None:
    core.settings.scan_largest_mb = 1
    files = [("file", ("large.pdf", bytes(1_000_001))), ("file", ("small.pdf", PDF))]
    answer = await office.program().post(ADDRESS, files=files)
    large, small = answer.json()["files"]
    assert answer.status_code == 201
    assert "larger" in large["why"] and small["reference"] == answer.json()["reference"]
    assert len(kept(core)) == 1


async def test_a_form_that_breaks_off_keeps_what_was_whole(core: Core, office: Office) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n%b\r\n'
    body = part % (b"one.pdf", PDF) + (part % (b"two.pdf", PDF + b"2"))[:-5]
    answer = await office.program().post(
        ADDRESS, content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    one, two = answer.json()["files"]
    assert one["reference"] and "broke off" in two["why"]
    assert len(kept(core)) == 1


async def test_a_disk_that_runs_full_is_said_and_nothing_is_left_lying(
    core: Core, office: Office, tmp_path: Path
) -> None:
    program = office.program()
    with files_no_longer_than(1_500_000):
        answer = await program.post(ADDRESS, content=bytes(3_000_000))
    assert problem_of(answer)["status"] == 503
    core.shelving.close()
    assert kept(core) == [] and list(tmp_path.rglob("*.part")) == []


async def test_nothing_at_all_is_refused_as_empty(core: Core, office: Office) -> None:
    answer = await office.program().post(ADDRESS, params={"name": ""}, content=b"")
    assert (answer.status_code, kept(core)) == (422, [])
    assert "empty" in answer.json()["detail"]

"""The bytes behind a referral, as programs get them."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from gateway.core import Core
from storage import message
from storage.attachment import Attachment
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_message, a_referral
from tests.gateway.office import Office, problem_of

SOUND = bytes(range(256)) * 4


def a_part(core: Core, row: Referral, content: bytes | None = SOUND, media_type: str = "audio/wav") -> str:
    """A file of a referral; its id."""
    sha256 = core.blobs.put(content) if content is not None else None

    def write(session: Session) -> str:
        [about] = message.of_referrals(session, [row.id or 0])
        part = Attachment(
            message_id=about.id, referral_id=row.id or 0, position=1000, channel=row.channel, name='a "name".wav',
            media_type=media_type, size=len(content or b""), sha256=sha256,
        )  # fmt: skip
        session.add(part)
        return part.id

    with core.database.transaction() as session:
        return write(session)


async def test_a_message_comes_back_byte_for_byte_and_only_to_be_saved(core: Core, office: Office) -> None:
    body = b"\x00<script>alert(1)</script>\r\n\xff"
    await core.intake.accept(a_message(body, media_type="text/html"))
    program = office.program(Role.SOCIAL_WORKER, "case system")
    [seen] = (await program.get("/api/v1/referrals")).json()
    answer = await program.get(f"/api/v1/messages/{seen['messages'][0]['id']}/raw")
    assert answer.content == body
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-media-type"] == "text/html"
    assert ("case system", "Opened the original of number 1") in office.private_history()


async def test_a_large_message_comes_back_whole(core: Core, office: Office) -> None:
    body = bytes(200_000)
    await core.intake.accept(a_message(body))
    program = office.program()
    [seen] = (await program.get("/api/v1/referrals")).json()
    assert (await program.get(f"/api/v1/messages/{seen['messages'][0]['id']}/raw")).content == body


async def test_originals_name_who_told_us_and_are_for_social_workers(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = a_part(core, row)
    for role in (Role.READONLY, Role.CALL_TAKER):
        program = office.program(role)
        [seen] = (await program.get("/api/v1/referrals")).json()
        for address in (f"/api/v1/messages/{seen['messages'][0]['id']}/raw", f"/api/v1/parts/{part}"):
            assert problem_of(await program.get(address))["status"] == 403
    assert office.private_history() == []


async def test_a_player_can_ask_for_a_place_in_a_recording(core: Core, office: Office) -> None:
    part, program = a_part(core, await a_referral(core)), office.program(Role.SOCIAL_WORKER, "player")
    address = f"/api/v1/parts/{part}"
    whole = await program.get(address)
    assert (whole.status_code, whole.content, whole.headers["accept-ranges"]) == (200, SOUND, "bytes")
    for asked, content, said in (
        ("bytes=10-19", SOUND[10:20], "bytes 10-19/1024"),
        ("bytes=1000-", SOUND[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", SOUND[-24:], "bytes 1000-1023/1024"),
        ("bytes=1000-99999", SOUND[1000:], "bytes 1000-1023/1024"),
    ):
        answer = await program.get(address, headers={"Range": asked})
        assert (answer.status_code, answer.content, answer.headers["content-range"]) == (206, content, said)
    assert (await program.get(address, headers={"Range": "bytes=1024-"})).status_code == 416
    assert ("player", "Opened part 1 of number 1") in office.private_history()


@pytest.mark.parametrize(
    ("media_type", "served", "how"),
    [
        ("audio/wav", "audio/wav", "inline"),
        ("image/png", "image/png", "inline"),
        ("application/pdf", "application/pdf", "inline"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("audio/x\r\nSet-Cookie: a=b", "application/octet-stream", "attachment"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_only_harmless_kinds_are_shown_and_none_may_run(
    core: Core, office: Office, media_type: str, served: str, how: str
) -> None:
    part = a_part(core, await a_referral(core), media_type=media_type)
    answer = await office.program().get(f"/api/v1/parts/{part}")
    assert answer.headers["content-type"] == served
    assert answer.headers["content-disposition"].startswith(f"{how}; filename=\"a _name_.wav\"; filename*=UTF-8''a%20")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ("sandbox" in answer.headers["content-security-policy"]) == (media_type != "application/pdf")
    assert "set-cookie" not in answer.headers


async def test_a_part_that_has_not_been_fetched_and_one_that_is_not_there_are_not_found(
    core: Core, office: Office
) -> None:
    part = a_part(core, await a_referral(core), content=None)
    for id in (part, "nothing"):
        assert problem_of(await office.program().get(f"/api/v1/parts/{id}"))["status"] == 404
    assert problem_of(await office.program().get("/api/v1/messages/nothing/raw"))["status"] == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_kept_file_that_was_changed_is_not_given_out(core: Core, office: Office) -> None:
    part = a_part(core, await a_referral(core))
    [file] = [path for path in (core.settings.data_dir / "sealed").rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert problem_of(await office.program().get(f"/api/v1/parts/{part}"))["status"] == 500

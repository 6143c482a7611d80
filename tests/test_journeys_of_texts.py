"""Texts as people write them, from the wire to the page and back: any script, pictures, the sounds phones make."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from gateway.gsm7 import is_one_segment
from tests.gateway.office import Office, words_of
from tests.house import House, a_house
from tests.sounds import written_as

SAMPLES = Path(__file__).parent / "samples"
SPOKEN = SAMPLES / "voicemails" / "vm00.wav"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Aunt\r\nADR:;;2 Mill Lane;Northtown;;;\r\nEND:VCARD\r\n"

SCRIPTS = {
    "emoji": "He hit her again 😢👩‍👧‍👦🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 👍🏽",
    "urdu": "بچہ رات کو روتا ہے\u200f، مدد کریں",
    "polish": "Dziecko płacze całą noc, proszę o pomoc",
    "welsh": "Mae'r plentyn yn crio bob nos – tŷ rhif 12",
    "tamil and chinese": "குழந்தை அழுகிறது 孩子在哭",
    "decomposed": "cafe\u0301 – Zoe\u0308",
    "marks": 'line one\r\nline two\t<b>not bold</b> & "quoted" {{ 7*7 }} %20 +',
}


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with a_house(tmp_path, database_url) as opened:
        yield opened


def a_picture() -> bytes:
    """A photo of a page with one word."""
    drawn, out = Image.new("RGB", (400, 120), "white"), io.BytesIO()
    ImageDraw.Draw(drawn).text((20, 30), "HELP", fill="black", font_size=48)
    drawn.save(out, "PNG")
    return out.getvalue()


def delivered(count: int = 1) -> Any:
    return lambda rs: (
        len(rs) == count
        and all(any(n["kind"] == "receipt" and n["state"] == "delivered" for n in r["notices"]) for r in rs)
    )


async def test_every_script_is_kept_to_the_last_sign_and_answered_in_one_plain_text(house: House) -> None:
    for number, said in enumerate(SCRIPTS.values()):
        await house.sim.sms("/twilio/sms", said, frm=f"+4477009001{number:02d}")
    referrals = await house.settled(delivered(len(SCRIPTS)))
    assert {r["messages"][0]["text"] for r in referrals} == set(SCRIPTS.values())
    assert all(r["text"] == r["messages"][0]["text"].strip() for r in referrals)
    browser = await Office(house.core).browser()
    for referral in referrals:
        page = await browser.see(f"/referrals/{referral['reference']}")
        (shown,) = [node.text() for node in page.css(".talk__text--in .staff-text")]
        assert shown.splitlines() == referral["messages"][0]["text"].splitlines()
        assert "49" not in shown
    sent = [text.body for text in house.sim.messages.values() if text.direction.startswith("outbound")]
    assert len(sent) == len(SCRIPTS) and all(is_one_segment(body) for body in sent)


async def test_pictures_sounds_and_cards_come_with_their_text_and_each_can_be_seen_or_heard(house: House) -> None:
    spoken = SPOKEN.read_bytes()
    media = [(kind, written_as(kind, spoken)) for kind in ("audio/amr", "audio/3gpp", "audio/ogg", "audio/mp4")]
    media += [("image/png", a_picture()), ("text/x-vcard", CARD.encode())]
    media += [("video/3gpp", written_as("audio/3gpp", spoken))]
    await house.sim.sms("/twilio/sms", "", frm="+447700900123", media=media)

    (referral,) = await house.settled(
        lambda rs: bool(rs) and [p["text_state"] for p in rs[0]["parts"]] == ["done"] * len(media), 60
    )
    assert referral["messages"][0]["text"] == "" and referral["state"] == "received"
    kinds = ["text/vcard" if kind == "text/x-vcard" else kind for kind, _ in media]  # the registered name (RFC 6350)
    assert [p["media_type"] for p in referral["parts"]] == kinds
    assert [p["name"].rpartition(".")[2] for p in referral["parts"][:4]] == ["amr", "3gp", "ogg", "m4a"]
    assert [p["size"] for p in referral["parts"]] == [len(content) for _, content in media]
    assert "Mill Lane" in referral["parts"][5]["text"]
    browser = await Office(house.core).browser()
    page = await browser.see(f"/referrals/{referral['reference']}")
    sources = [str(node.attributes["src"]) for node in page.css("audio source, video source")]
    for part in [*referral["parts"][:4], referral["parts"][6]]:
        assert f"/parts/{part['id']}/sound" in sources
        heard = await browser.client.get(f"/parts/{part['id']}/sound")
        assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/mpeg") and len(heard.content) > 5000
    assert (await browser.client.get(f"/parts/{referral['parts'][4]['id']}/sound")).status_code == 404


async def test_a_text_of_nothing_at_all_still_counts(house: House) -> None:
    await house.sim.sms("/twilio/sms", "", frm="+447700900123")
    (referral,) = await house.settled(delivered())
    assert (referral["text"], referral["parts"], referral["state"]) == ("", [], "received")
    page = words_of(await (await Office(house.core).browser()).see(f"/referrals/{referral['reference']}"))
    assert "No words." in page

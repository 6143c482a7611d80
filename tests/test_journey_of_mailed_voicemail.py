"""From a telephone system's mail to the queue, the words and the caller's phone, through the real doors."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import aiosmtplib

from tests.house import a_house

VOICEMAILS = Path(__file__).parent / "samples" / "voicemails"
MAILBOX = "voicemail@northshire.example"
SYSTEM = "asterisk@pbx.example.org"


def a_voicemail(number: str, sound: bytes) -> EmailMessage:
    """As the commonest open system writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Asterisk PBX <{SYSTEM}>", MAILBOX
    mail["Subject"], mail["Message-ID"] = "[PBX]: New message 1 in mailbox 100", "<1@pbx.example.org>"
    mail["X-Asterisk-CallerID"] = number
    mail.set_content(
        f'You were just left a 0:04 long message (number 1)\nin mailbox 100 from "Ann Example" <{number}>.'
    )
    mail.add_attachment(sound, maintype="audio", subtype="x-wav", filename="msg0000.WAV")
    return mail


async def test_what_was_left_on_it_is_heard_read_and_acknowledged_to_the_caller(
    tmp_path: Path, database_url: str
) -> None:
    sound, words = (VOICEMAILS / "vm00.wav").read_bytes(), (VOICEMAILS / "vm00.txt").read_text().strip()
    given = {"voicemail_mailbox": MAILBOX, "voicemail_from": SYSTEM}
    async with a_house(tmp_path, database_url, **given) as house:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=house.smtp_port) as system:
            _, answer = await system.sendmail(SYSTEM, [MAILBOX], a_voicemail("07700900123", sound).as_bytes())
        (referral,) = await house.settled(
            lambda rs: (
                [p["text_state"] for r in rs for p in r["parts"]] == ["done"]
                and any(n["state"] == "delivered" for n in rs[0]["notices"])
            ),
            60,
        )
        assert referral["reference"] in answer
        assert referral["channel"] == "voicemail"
        assert referral["sender"] == {"class": "mobile", "address": "+447700900123"}
        assert words in referral["text"] and referral["summary"].startswith(words[:40])
        (receipt,) = referral["notices"]
        assert (receipt["kind"], receipt["channel"]) == ("receipt", "sms") and house.relayed == []
        raw = await house.web.get(
            f"/api/v1/parts/{referral['parts'][0]['id']}", headers={"Authorization": "Bearer administrator-for-tests"}
        )
        assert raw.content == sound

"""Every door while the database is away: each sender is told what it would be told otherwise, and nothing is lost."""

import asyncio
import re
import shutil
from email.message import EmailMessage
from pathlib import Path

from gateway.demo.twilio_sim import Silent, Speak, read_wav
from tests.house import TOKEN, House, a_house
from tests.outages import Outage, outage, own_cluster

__all__ = ["outage", "own_cluster"]

SAMPLES = Path(__file__).parent / "samples"
REFERENCE = re.compile(r"[A-Z]{3}-\d{4}-[A-Z]{2}")


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "a@example.org", "referrals@northshire.example", "<m1@example.org>"
    mail["Subject"] = "Worried"
    mail.set_content("I am worried about the boy at the blue door.")
    return mail


async def scanned(house: House) -> None:
    """A letter laid into the scan folder leaves it once it is kept."""
    scan = next((SAMPLES / "letters").glob("*.pdf"))
    shutil.copy(scan, house.scans / scan.name)
    async with asyncio.timeout(20):
        while (house.scans / scan.name).exists():
            await asyncio.sleep(0.1)


async def test_by_every_channel_people_are_told_a_reference_and_all_of_it_is_in_the_queue(
    tmp_path: Path,
    outage: Outage,
) -> None:
    async with a_house(tmp_path, outage.url) as house:
        await house.core.intake.draining._providing.look_after()
        await asyncio.to_thread(outage.begin)
        told = REFERENCE.findall(await house.mail(a_mail()))
        form = await house.web.post("/report", data={"what": "The baby cries"})
        page = await house.web.get(form.headers["location"])
        told += REFERENCE.findall(page.text)[:1]
        await house.sim.sms("/twilio/sms", "It is number 12", frm="+447700900123")
        speech = Speak(read_wav(SAMPLES / "voicemails" / "vm00.wav"))
        call = await house.sim.call("/twilio/voice", [speech, Silent(30)], frm="+447700900124")
        await scanned(house)
        note = await house.web.post(
            "/api/v1/notes", json={"text": "A neighbour rang"}, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        assert note.status_code == 202
        told.append(note.json()["reference"])
        ready = (await house.web.get("/health/ready")).json()["parts"]["spool"]
        assert ready.startswith("holding")
        assert "application error" not in " ".join(call.heard)
        await asyncio.to_thread(outage.end)
        channels = {"email", "web_form", "sms", "voicemail", "letter", "note"}
        found = await house.settled(lambda rows: {row["channel"] for row in rows} == channels, 60)
        assert set(told) <= {row["reference"] for row in found}
        assert len(found) == len(channels)
        spoken = next(row["reference"] for row in found if row["channel"] == "voicemail")
        assert all(sign in " ".join(call.heard) for sign in spoken.partition("-")[0])
        await house.settled(lambda rows: all(row["notices"] for row in rows), 60)
